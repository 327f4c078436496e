import type { Session } from 'chdb'
import { type Refusal, refusal } from './answers.ts'

const everyMs = 60_000
const mib = 2 ** 20

/** Why rows are refused; undefined while they may be inserted. */
export type MayInsert = () => Promise<Refusal | undefined>

/** Refuses rows while a store has more than `maxBytes` on its disk, which is measured once a minute. */
export function createSizeLimit(
  session: Pick<Session, 'queryAsync'>,
  maxBytes: number,
  nowMs: () => number
): MayInsert {
  let measured: { readonly bytes: number; readonly at: number } | undefined

  return async function mayInsert() {
    if (measured === undefined || nowMs() - measured.at >= everyMs) {
      const options = { format: 'TabSeparated' }
      const result = await session.queryAsync('SELECT sum(bytes_on_disk) FROM system.parts', options)
      measured = { bytes: Number(Buffer.from(result.bytes()).toString()), at: nowMs() }
    }
    if (measured.bytes <= maxBytes) return undefined
    const [has, allowed] = [measured.bytes, maxBytes].map(bytes => `${Math.ceil(bytes / mib)} MiB`)
    const message = `The embedded store has ${has}, and store.max_size is ${allowed}: raise it, or shorten store.retention.`
    return refusal(243, 'NOT_ENOUGH_SPACE', message)
  }
}
