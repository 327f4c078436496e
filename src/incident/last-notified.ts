import { isAbove } from '../../detectors/rules/severity.ts'
import type { Severity } from '../../detectors/types.ts'
import { noReceiver } from './notification.ts'
import type { LastNotified, StoredIncident } from './types.ts'

type LastNotifiedByReceiver = StoredIncident['lastNotified']

/**
 * What a new incident takes over from the one before it: a receiver that was notified after `sinceMs`, at the same or a
 * higher severity, is not notified again. It counts as notified at the new severity, so that a later rise is sent.
 */
export function carriedOver(
  lastNotified: LastNotifiedByReceiver,
  severity: Severity,
  sinceMs: number,
  flapping: boolean
): LastNotifiedByReceiver {
  const kept = Object.entries(lastNotified).filter(
    ([, last]) =>
      last.windowEnd > sinceMs && !isAbove(severity, last.severity) && (last.flapping || !flapping)
  )
  return Object.fromEntries(kept.map(([receiver, last]) => [receiver, { ...last, severity }]))
}

export const withNotified = (
  incident: StoredIncident,
  receiver: string,
  notified: LastNotified
): StoredIncident => {
  const { [receiver]: _, ...suppressedReasons } = incident.suppressedReasons
  return { ...incident, lastNotified: { ...incident.lastNotified, [receiver]: notified }, suppressedReasons }
}

/** What a receiver that is notified now knows of an incident. */
export const sizeOf = ({ severity, flapping, alerts }: StoredIncident) => ({
  severity,
  flapping,
  alerts: alerts.length
})

/** Receivers that were notified of this very incident, not only of the one before it. */
export const receiversNotified = ({ lastNotified, openedAt }: StoredIncident): string[] =>
  Object.entries(lastNotified).flatMap(([receiver, { windowEnd }]) =>
    windowEnd >= openedAt ? [receiver] : []
  )

/** Nobody was notified of the incident at its present severity, whether it is still open or not. */
export const isUnnotified = ({
  lastNotified,
  severity
}: Pick<StoredIncident, 'lastNotified' | 'severity'>): boolean =>
  Object.values(lastNotified).every(last => isAbove(severity, last.severity))

/** Whether a receiver was notified of an incident, by a message or a page; for null, whether anybody was. */
export function wasNotified(
  { lastNotified, dedupReceivers }: StoredIncident,
  receiver: string | null
): boolean {
  const notified = [...Object.keys(lastNotified), ...dedupReceivers]
  return receiver === null ? notified.some(name => name !== noReceiver) : notified.includes(receiver)
}

/** By `hasOwn`, because a receiver may have any name, such as `constructor`. */
export const ofReceiver = <Value>(
  values: Readonly<Record<string, Value>>,
  receiver: string
): Value | undefined => (Object.hasOwn(values, receiver) ? values[receiver] : undefined)
