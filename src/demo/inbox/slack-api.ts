import { isJsonObject, type Json, type JsonObject, textAt } from './json.ts'
import { createSlackFiles } from './slack-files.ts'
import { slackFault } from './slack-rules.ts'

/** A message of a channel as it stands now; replies name the message whose thread they are in. */
export interface Post {
  readonly channel: string
  readonly ts: string
  readonly threadTs: string | null
  readonly isBroadcast: boolean
  readonly edits: number
  readonly body: JsonObject
}

const refused = (error: string, more: JsonObject = {}): JsonObject => ({ ok: false, error, ...more })

/**
 * Slack's Web API, as far as a bot that posts needs it. The workspace has one bot, which is in the channels named,
 * such as `#alerts`.
 */
export function createSlackApi(token: string, channels: readonly string[], scopes: readonly string[]) {
  const idOf = new Map(channels.map((name, at) => [name, `C0LOCAL${at}`]))
  const posts = new Map<string, Post>()
  const files = createSlackFiles({
    isChannel: id => [...idOf.values()].includes(id),
    isPost: (channel, ts) => posts.get(ts)?.channel === channel
  })
  let made = 0

  function post(body: JsonObject): JsonObject {
    const named = textAt(body, 'channel')
    const channel = idOf.get(named) ?? [...idOf.values()].find(id => id === named)
    if (channel === undefined) return refused('channel_not_found')
    const fault = faultOf(body)
    if (fault) return fault
    const { thread_ts: thread, reply_broadcast: broadcast, text = '' } = body
    const threadTs = thread === undefined ? null : textAt(body, 'thread_ts')
    if (threadTs !== null && !posts.has(threadTs)) return refused('thread_not_found')
    made += 1
    const ts = `1700000000.${String(made).padStart(6, '0')}`
    posts.set(ts, { channel, ts, threadTs, isBroadcast: broadcast === true, edits: 0, body })
    return { ok: true, channel, ts, message: { type: 'message', ts, text } }
  }

  /** By the channel's id: its name will not do here. */
  function update(body: JsonObject): JsonObject {
    const ts = textAt(body, 'ts')
    const channel = textAt(body, 'channel')
    const before = posts.get(ts)
    if (![...idOf.values()].includes(channel)) return refused('channel_not_found')
    if (before?.channel !== channel) return refused('message_not_found')
    const fault = faultOf(body)
    if (fault) return fault
    posts.set(ts, { ...before, edits: before.edits + 1, body })
    const { text = '' } = body
    return { ok: true, channel, ts, text }
  }

  return {
    /** What a method answers; 200 in every case. */
    call(
      method: string,
      authorization: string | undefined,
      body: Json | undefined,
      host: string
    ): JsonObject {
      if (authorization === undefined) return refused('not_authed')
      if (authorization !== `Bearer ${token}`) return refused('invalid_auth')
      if (method === 'auth.test') return { ok: true, team: 'local', user: 'cartwatch' }
      if (!isJsonObject(body)) return refused('invalid_json')
      if (method.startsWith('files.') && !scopes.includes('files:write'))
        return refused('missing_scope', { needed: 'files:write', provided: scopes.join(',') })
      if (method === 'files.getUploadURLExternal') return files.begin(body, host)
      if (method === 'files.completeUploadExternal') return files.complete(body)
      if (method === 'chat.postMessage') return post(body)
      return method === 'chat.update' ? update(body) : refused('unknown_method')
    },
    upload: files.take,
    files: files.shared,
    posts: () => [...posts.values()],
    /** As if somebody had deleted it. */
    remove: (ts: string) => void posts.delete(ts)
  }
}

function faultOf(body: JsonObject): JsonObject | null {
  const fault = slackFault(body)
  if (fault === null) return null
  const isLayout = fault === 'invalid_blocks' || fault === 'invalid_attachments'
  return refused(
    fault,
    isLayout ? { response_metadata: { messages: ['[ERROR] a block is not as it must be'] } } : {}
  )
}
