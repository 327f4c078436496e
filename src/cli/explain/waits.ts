import type { NotificationRecord } from '../../incident/types.ts'
import { shownTime } from '../../time/shown-time.ts'
import type { LiveReceivers } from '../../web/types.ts'

/** What the messages of each receiver wait for, a line each. */
export function waitsOf(records: readonly NotificationRecord[], live: LiveReceivers): readonly string[] {
  const pending = new Set(
    records.filter(({ outcome }) => outcome === 'pending').map(({ receiver }) => receiver)
  )
  return [...pending].map(receiver => `${receiver} has not taken its messages yet: ${waitOf(receiver, live)}`)
}

function waitOf(receiver: string, live: LiveReceivers): string {
  if (live.kind === 'unknown') return live.why
  const state = live.receivers.find(({ name }) => name === receiver)
  if (state === undefined) return 'the active instance has no such receiver'
  const { breaker, next_at: nextAt, waiting } = state
  const next = nextAt === null ? '' : ` at ${shownTime(Date.parse(nextAt))}`
  switch (breaker) {
    case 'open':
      return `it failed too often and is tried again${next === '' ? ' later' : next}`
    case 'half_open':
      return 'it failed too often: one message is tried before the others'
    default:
      return waiting === 0
        ? 'the message is being sent'
        : `${waiting === 1 ? 'one message waits' : `${waiting} messages wait`}, the next goes${next === '' ? ' now' : next}`
  }
}
