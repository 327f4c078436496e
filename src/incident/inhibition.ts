import { kinds } from '../../detectors/catalogue.ts'
import { kindOf, saysEventsAreMissing } from '../../detectors/kind-of.ts'
import type { IncidentTable } from './incident-table.ts'
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

/** Finds who inhibits whom among open incidents, without comparing each with each. */
export function createInhibition({ open, openOf }: Pick<IncidentTable, 'open' | 'openOf'>) {
  const at = (names: readonly string[], segment: StoredIncident['segment']) =>
    names.map(kind => openOf(kind, segment)).filter(incident => incident !== undefined)

  return {
    /** Those that inhibit this incident. */
    inhibitorsOf(incident: StoredIncident): readonly StoredIncident[] {
      const { kind, segment } = incident
      const names = inhibitorKindsOf(kind)
      const near = [...at(names, 'all'), ...(segment === 'all' ? [] : at(names, segment))]
      return near.filter(other => inhibits(other, incident))
    },
    /** Those that this incident inhibits. */
    inhibitedBy(incident: StoredIncident): readonly StoredIncident[] {
      const { kind, segment } = incident
      // Only the whole shop inhibits what is in other segments.
      const near = segment === 'all' ? open() : at(inhibitedKindsOf(kind), segment)
      return near.filter(other => inhibits(incident, other))
    }
  }
}

const knownInhibitors = new Map<string, readonly string[]>()

/** The kinds that may inhibit a kind: itself for the whole shop, and those that name it or its symptom. */
function inhibitorKindsOf(kind: string): readonly string[] {
  const known = knownInhibitors.get(kind)
  if (known !== undefined) return known
  const names = [kind, ...kinds.map(one => one.kind).filter(one => inhibitedKindsOf(one).includes(kind))]
  knownInhibitors.set(kind, [...new Set(names)])
  return names
}

/** The other kinds that a kind may inhibit. */
function inhibitedKindsOf(kind: string): readonly string[] {
  const target = kindOf(kind)?.inhibits
  if (target === undefined) return []
  if (!('symptomsOf' in target)) return [target.kind]
  return kinds.filter(({ symptomOf }) => symptomOf === target.symptomsOf).map(one => one.kind)
}

/** Such an incident inhibits for every receiver as soon as anybody was notified of it; others only for those notified. */
export const isDataIntegrity = ({ kind }: Pick<StoredIncident, 'kind'>): boolean => saysEventsAreMissing(kind)

/** The part that is left of what was expected. */
function left({ lastAnomaly: { value, expected } }: StoredIncident): number {
  return expected > 0 ? value / expected : Number.NaN
}

/** Incidents before those that they may inhibit; else in the order given. */
export function inhibitorsFirst(incidents: readonly StoredIncident[]): StoredIncident[] {
  const byOrder = Map.groupBy(incidents, order)
  return [...byOrder.keys()].sort((a, b) => a - b).flatMap(key => byOrder.get(key) ?? [])
}

function order({ kind, segment }: StoredIncident): number {
  if (isDataIntegrity({ kind })) return 0
  return (segment === 'all' ? 1 : 3) + (kindOf(kind)?.inhibits ? 0 : 1)
}
