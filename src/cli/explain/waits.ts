import type { NotificationRecord } from '../../incident/types.ts'
import type { Live } from '../../web/types.ts'
import { shownTime } from '../times.ts'

/** For what each message that waits does so, a line a receiver. */
export function waitsOf(records: readonly NotificationRecord[], live: Live): readonly string[] {
  const pending = new Set(
    records.filter(({ outcome }) => outcome === 'pending').map(({ receiver }) => receiver)
  )
  return [...pending].map(
    receiver => `${receiver} has not taken what waits for it: ${waitOf(receiver, live)}`
  )
}

function waitOf(receiver: string, live: Live): string {
  if (live.kind === 'unknown') return live.why
  const state = live.receivers.find(({ name }) => name === receiver)
  if (state === undefined) return 'the configuration of the instance that works does not name it'
  const { breaker, next_at: nextAt, waiting } = state
  const next = nextAt === null ? '' : ` at ${shownTime(Date.parse(nextAt))}`
  switch (breaker) {
    case 'open':
      return `it failed so often that it is spared, and tried again${next === '' ? ' later' : next}`
    case 'half_open':
      return 'it failed so often that one message is tried before the others'
    default:
      return waiting === 0
        ? 'it is under way'
        : `${waiting === 1 ? 'one message waits' : `${waiting} messages wait`}, the next goes${next === '' ? ' now' : next}`
  }
}
