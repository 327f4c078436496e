import { z } from 'zod'
import { parseJson } from '../../source/parse-json.ts'
import type { Exchange } from '../http-result.ts'
import type { HttpChannelDeps } from '../types.ts'
import { slackAnswerOf } from './answer.ts'

interface Thread {
  readonly channel: string
  readonly ts: string
}

interface SlackFile {
  readonly name: string
  readonly title: string
  readonly bytes: Buffer
}

/** Slack takes this many characters for those who see no pictures. */
const longestAlt = 1_000

const place = z.object({ upload_url: z.url({ protocol: /^https?$/ }), file_id: z.string() })

/** Puts a file into a thread, which needs the scope `files:write`. Gives Slack's no; null where it took it. */
export async function uploadFile(
  { name, title, bytes }: SlackFile,
  { channel, ts }: Thread,
  {
    apiUrl,
    botToken,
    http
  }: { readonly apiUrl: string; readonly botToken: string } & Pick<HttpChannelDeps, 'http'>
): Promise<string | null> {
  const secrets = [botToken]
  const call = (method: string, fields: Readonly<Record<string, string>>): Promise<Exchange> =>
    http.exchange({
      url: `${apiUrl}/${method}`,
      headers: {
        authorization: `Bearer ${botToken}`,
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8'
      },
      body: new URLSearchParams(fields).toString(),
      secrets
    })
  const noOf = (exchange: Exchange): string | null => {
    const { result, error } = slackAnswerOf(exchange, secrets, 'api')
    if (result.kind === 'sent') return null
    return error === 'missing_scope' ? missingScope : result.answer
  }

  const asked = await call('files.getUploadURLExternal', {
    filename: name,
    length: String(bytes.length),
    alt_txt: title.slice(0, longestAlt)
  })
  const no = noOf(asked)
  if (no !== null) return no
  const target = place.safeParse(asked.kind === 'reply' ? parseJson(asked.text) : null).data
  if (target === undefined) return 'no address to upload to'
  const upload = await http.exchange({
    url: target.upload_url,
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    secrets
  })
  if (upload.kind === 'fault') return upload.answer
  if (upload.status !== 200) return `the upload was answered with ${upload.status}`
  const files = JSON.stringify([{ id: target.file_id, title }])
  return noOf(await call('files.completeUploadExternal', { files, channel_id: channel, thread_ts: ts }))
}

const missingScope = 'missing_scope: add files:write to the app and install it again'
