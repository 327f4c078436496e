import { mutedForOf } from './last-notified.ts'
import { type Notice, noticeOf } from './notification.ts'
import type { StoredIncident } from './types.ts'

/** What keeps an incident from being told. */
export interface Mutes {
  /** The silence in force, by its id; undefined where there is none. */
  readonly silencedBy: string | undefined
  /** The kind of an incident that this receiver was told of and that explains this one. */
  readonly explainedBy: (receiver: string) => string | undefined
}

/** Why a receiver is not told, as a notification's reason; undefined where nothing keeps it. */
export function muteOf(receiver: string, { silencedBy, explainedBy }: Mutes): string | undefined {
  if (silencedBy !== undefined) return `silenced:${silencedBy}`
  const cause = explainedBy(receiver)
  return cause === undefined ? undefined : `explained_by:${cause}`
}

/** What is not sent is recorded once for each reason. */
export function mutedOnce(
  incident: StoredIncident,
  receiver: string,
  reason: string
): { state: StoredIncident; notices: Notice[] } {
  if (mutedForOf(incident, receiver) === reason) return { state: incident, notices: [] }
  const state = { ...incident, mutedFor: { ...incident.mutedFor, [receiver]: reason } }
  return { state, notices: [noticeOf(state, { action: 'trigger', reason, dedupKey: null, receiver })] }
}
