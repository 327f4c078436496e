import { isJsonObject, type Json, textAt } from './json.ts'
import { createPages, maxBodyBytes, type Page, type PageEffect, pagerDutyFaults } from './pagerduty-rules.ts'
import { createSlackApi, type Post } from './slack-api.ts'
import type { SharedFile } from './slack-files.ts'
import { slackFault } from './slack-rules.ts'
import { teamsFault } from './teams-rules.ts'
import type { InboxType } from './types.ts'

/** What came, as far as a receiver looks at it. */
interface Received {
  readonly body: Json | undefined
  readonly bytes: number
  readonly raw: Buffer
  /** Of Slack's Web API; blank for others. */
  readonly method: string
  /** Of an upload; blank for others. */
  readonly file: string
  /** Where this came, as the sender names it. */
  readonly host: string
  readonly authorization: string | undefined
}

export interface Reply {
  readonly status: number
  readonly text: string
  /** The message was taken: a status of 200 alone does not say so. */
  readonly accepted: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly effect?: PageEffect
}

type Answers = Readonly<Record<InboxType, (received: Received) => Reply>> & {
  pages(): readonly Page[]
  posts(): readonly Post[]
  files(): readonly SharedFile[]
  removePost(ts: string): void
}

/** The bytes of a file, to the address that Slack gave for them. */
export const uploadMethod = 'upload'

const json = { 'content-type': 'application/json' }
const taken = (status: number, text: string): Reply => ({ status, text, accepted: true })
const refused = (status: number, text: string): Reply => ({ status, text, accepted: false })

/** What each receiver answers to what it is sent, and what it then shows. */
export function answersOf({
  slackBotToken,
  pagerdutyKey,
  slackScopes = ['chat:write', 'files:write']
}: Readonly<Record<'slackBotToken' | 'pagerdutyKey', string>> & {
  readonly slackScopes?: readonly string[]
}): Answers {
  const pages = createPages()
  const keys = new Set([pagerdutyKey])
  const api = createSlackApi(slackBotToken, ['#alerts', '#leads'], slackScopes)
  let made = 0
  return {
    slack({ body }) {
      const fault = body === undefined ? 'invalid_payload' : slackFault(body)
      return fault ? refused(400, fault) : taken(200, 'ok')
    },
    slack_bot({ body, raw, method, file, authorization, host }) {
      if (method === uploadMethod)
        return api.upload(file, raw) ? taken(200, `OK - ${raw.length}`) : refused(400, 'no such upload')
      const answer = api.call(method, authorization, body, host)
      const headers = { ...json, 'x-oauth-scopes': slackScopes.join(',') }
      return { status: 200, text: JSON.stringify(answer), accepted: answer['ok'] === true, headers }
    },
    pagerduty({ body, bytes }) {
      if (bytes > maxBodyBytes) return refused(413, 'Payload Too Large')
      const errors = pagerDutyFaults(body, keys)
      if (errors.length > 0 || !isJsonObject(body)) {
        return refused(
          400,
          JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors })
        )
      }
      made += 1
      const dedupKey = textAt(body, 'dedup_key') || `inbox-${made}`
      const effect = pages.apply(textAt(body, 'routing_key'), textAt(body, 'event_action'), dedupKey)
      const text = JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: dedupKey })
      return { ...taken(202, text), headers: json, effect }
    },
    teams({ body, bytes }) {
      const fault = teamsFault(body, bytes)
      return fault ? refused(fault.status, fault.reason) : taken(202, '')
    },
    webhook: ({ body }) => (isJsonObject(body) ? taken(200, '') : refused(400, 'not a JSON object')),
    pages: pages.all,
    posts: api.posts,
    files: api.files,
    removePost: api.remove
  }
}
