import { askStatus } from '../../web/ask-status.ts'
import type { LiveReceivers } from '../../web/types.ts'

/** A standby asks the instance that works, which may take a moment. */
const askMs = 5_000

/** The receivers of the instance that works, asked through the operations port at `url`. Never rejects. */
export async function liveReceivers(url: string | undefined): Promise<LiveReceivers> {
  if (url === undefined)
    return {
      kind: 'unknown',
      why: 'why is known to the instance that works; http.port is 0, so it was not asked'
    }
  const asked = await askStatus({ url, of: 'group', timeoutMs: askMs })
  if (asked.kind === 'silent')
    return { kind: 'unknown', why: `it continues when an instance works; ${asked.reason}` }
  const { work } = asked.status
  return work === null
    ? { kind: 'unknown', why: 'it continues when an instance works, and none does' }
    : { kind: 'known', receivers: work.receivers }
}
