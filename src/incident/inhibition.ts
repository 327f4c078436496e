import { kindOf, saysEventsAreMissing } from '../../detectors/kind-of.ts'
import type { StoredIncident } from './types.ts'

/**
 * Whether open incident A inhibits B: the whole shop inhibits its segments, and a kind what its `inhibits` says. An
 * incident that began before A is never inhibited by it.
 */
export function inhibits(a: StoredIncident, b: StoredIncident): boolean {
  if (a.status !== 'open' || a.id === b.id || b.openedAt < a.openedAt) return false
  const target = kindOf(a.kind)?.inhibits
  if (target && 'symptomsOf' in target) {
    const isSymptom = kindOf(b.kind)?.symptomOf === target.symptomsOf
    return isSymptom && (a.segment === 'all' || a.segment === b.segment)
  }
  if (a.kind === b.kind) return a.segment === 'all' && b.segment !== 'all'
  if (b.kind !== target?.kind || a.segment !== b.segment) return false
  const isInhibited = Object.values(b.suppressedReasons).some(
    reason => reason.type === 'inhibited_by' && reason.kind === a.kind
  )
  return left(b) >= left(a) - (isInhibited ? target.deeperByOnceInhibited : target.deeperBy)
}

/** Such an incident inhibits for every receiver as soon as anybody was notified of it; others only for those notified. */
export const isDataIntegrity = ({ kind }: Pick<StoredIncident, 'kind'>): boolean => saysEventsAreMissing(kind)

/** The part that is left of what was expected. */
function left({ lastAnomaly: { value, expected } }: StoredIncident): number {
  return expected > 0 ? value / expected : Number.NaN
}

/** Sorts incidents before those that they may inhibit. */
export function inhibitorsFirst(a: StoredIncident, b: StoredIncident): number {
  return order(a) - order(b)
}

function order({ kind, segment }: StoredIncident): number {
  if (isDataIntegrity({ kind })) return 0
  return (segment === 'all' ? 1 : 3) + (kindOf(kind)?.inhibits ? 0 : 1)
}
