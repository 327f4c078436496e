import { askStatus } from '../../web/ask-status.ts'
import type { Live } from '../../web/types.ts'

/** An instance that stands by asks the one that works, and that may take a moment. */
const askMs = 5_000

/** What the instance that works says of its receivers; `url` is that of an operations port. Never rejects. */
export async function liveReceivers(url: string | undefined): Promise<Live> {
  if (url === undefined)
    return {
      kind: 'unknown',
      why: 'why is known to the instance that works; http.port is 0, so it was not asked'
    }
  const asked = await askStatus({ url, of: 'group', timeoutMs: askMs })
  if (asked.kind === 'silent')
    return { kind: 'unknown', why: `it goes on when an instance works; ${asked.reason}` }
  const { work } = asked.status
  return work === null
    ? { kind: 'unknown', why: 'it goes on when an instance works, and none does' }
    : { kind: 'known', receivers: work.receivers }
}
