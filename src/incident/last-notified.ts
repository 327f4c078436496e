import type { Severity } from '../../detectors/types.ts'
import { noReceiver } from './notification.ts'
import { rank } from './severity.ts'
import type { StoredIncident, Told } from './types.ts'

type ToldByReceiver = StoredIncident['told']

/**
 * What holds of an incident's messages for one that opens after it: a channel that was told since `sinceMs`, of nothing
 * milder, stays silent. Its severity is that of the new one, so that a rise within it passes.
 */
export function takenOver(
  told: ToldByReceiver,
  severity: Severity,
  sinceMs: number,
  flapping: boolean
): ToldByReceiver {
  const kept = Object.entries(told).filter(
    ([, one]) =>
      one.windowEnd > sinceMs && rank(severity) <= rank(one.severity) && (one.flapping || !flapping)
  )
  return Object.fromEntries(kept.map(([receiver, one]) => [receiver, { ...one, severity }]))
}

export const withTold = (incident: StoredIncident, receiver: string, told: Told): StoredIncident => {
  const { [receiver]: _, ...mutedFor } = incident.mutedFor
  return { ...incident, told: { ...incident.told, [receiver]: told }, mutedFor }
}

/** Receivers that heard of this very incident, not only of the one before it. */
export const toldOfIt = ({ told, openedAt }: StoredIncident): string[] =>
  Object.entries(told).flatMap(([receiver, { windowEnd }]) => (windowEnd >= openedAt ? [receiver] : []))

/** An incident that nobody was told of at its present severity, whether it lasts or not. */
export const untold = ({ told, severity }: Pick<StoredIncident, 'told' | 'severity'>): boolean =>
  Object.values(told).every(one => rank(severity) > rank(one.severity))

/** Whether a receiver heard of an incident, as a message or as a page; without one, whether anybody did. */
export function isTold({ told, dedupReceivers }: StoredIncident, receiver: string | null): boolean {
  const heard = [...Object.keys(told), ...dedupReceivers]
  return receiver === null ? heard.some(name => name !== noReceiver) : heard.includes(receiver)
}

/** Receivers have names of people's choosing, such as `constructor`. */
export const toldTo = ({ told }: StoredIncident, receiver: string): Told | undefined =>
  Object.hasOwn(told, receiver) ? told[receiver] : undefined

export const mutedForOf = ({ mutedFor }: StoredIncident, receiver: string): string | undefined =>
  Object.hasOwn(mutedFor, receiver) ? mutedFor[receiver] : undefined
