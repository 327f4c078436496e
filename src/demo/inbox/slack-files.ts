import { z } from 'zod'
import { type JsonObject, parseJson } from './json.ts'

/** A file that a channel shows, in a thread where it names one. */
export interface SharedFile {
  readonly title: string
  readonly altText: string
  readonly channel: string
  readonly threadTs: string | null
  readonly bytes: Buffer
}

interface Workspace {
  isChannel(id: string): boolean
  isPost(channel: string, ts: string): boolean
}

interface Upload {
  readonly length: number
  readonly altText: string
  bytes?: Buffer
}

const begun = z.object({
  filename: z.string().min(1),
  length: z.coerce.number().int().positive(),
  alt_txt: z.string().max(1_000, 'alt_txt_too_large').default('')
})
const completed = z.object({
  files: z
    .string()
    .transform(parseJson)
    .pipe(z.tuple([z.object({ id: z.string(), title: z.string().default('') })])),
  channel_id: z.string(),
  thread_ts: z.string().optional()
})

const refused = (error: string): JsonObject => ({ ok: false, error })

/** Files come in three steps: an address, their bytes, and where they are to be shown, which can be said once. */
export function createSlackFiles({ isChannel, isPost }: Workspace) {
  const uploads = new Map<string, Upload>()
  const shown: SharedFile[] = []
  let made = 0
  return {
    begin(body: JsonObject, host: string): JsonObject {
      const { data, error } = begun.safeParse(body)
      if (!data) {
        const isTooLong = error.issues.some(({ message }) => message === 'alt_txt_too_large')
        return refused(isTooLong ? 'alt_txt_too_large' : 'invalid_arguments')
      }
      const id = `F0LOCAL${made}`
      made += 1
      uploads.set(id, { length: data.length, altText: data.alt_txt })
      return { ok: true, upload_url: `http://${host}/upload/v1/${id}`, file_id: id }
    },
    /** False where nobody asked for it, or it is of another length. */
    take(id: string, bytes: Buffer): boolean {
      const upload = uploads.get(id)
      if (upload?.length !== bytes.length) return false
      upload.bytes = bytes
      return true
    },
    complete(body: JsonObject): JsonObject {
      const { data } = completed.safeParse(body)
      if (!data) return refused('invalid_arguments')
      const [{ id, title }] = data.files
      const upload = uploads.get(id)
      if (upload?.bytes === undefined) return refused('file_not_found')
      const { channel_id: channel, thread_ts: threadTs = null } = data
      if (!isChannel(channel)) return refused('channel_not_found')
      if (threadTs !== null && !isPost(channel, threadTs)) return refused('thread_not_found')
      uploads.delete(id)
      shown.push({ title, altText: upload.altText, channel, threadTs, bytes: upload.bytes })
      return { ok: true, files: [{ id, title }] }
    },
    shared: (): readonly SharedFile[] => shown
  }
}
