import { kinds } from '../../detectors/catalogue.ts'
import { kindOf, saysEventsAreMissing } from '../../detectors/kind-of.ts'
import { type Alert, isOpen } from './alert.ts'
import type { IncidentTable } from './incident-table.ts'
import type { StoredIncident } from './types.ts'

/** What decides whether one inhibits another; an incident of one alert is one, too. */
type Inhibitable = Pick<Alert, 'id' | 'status' | 'kind' | 'segment' | 'openedAt' | 'lastAnomaly'>

/**
 * Whether open alert A inhibits B: the whole shop inhibits its segments, and a kind what its `inhibits` says. An alert
 * that began before A is never inhibited by it.
 */
export function inhibits(
  a: Inhibitable,
  b: Inhibitable & Pick<StoredIncident, 'suppressedReasons'>
): boolean {
  if (!isOpen(a) || a.id === b.id || b.openedAt < a.openedAt) return false
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
  const at = (names: readonly string[], segment: Alert['segment']) =>
    names.map(kind => openOf(kind, segment)).filter(found => found !== undefined)

  /** The open alerts of other incidents that inhibit an alert of this one. */
  function inhibitorsOf(alert: Alert, { id, suppressedReasons }: StoredIncident) {
    const { kind, segment } = alert
    const names = inhibitorKindsOf(kind)
    const near = [...at(names, 'all'), ...(segment === 'all' ? [] : at(names, segment))]
    return near.filter(
      other => other.incident.id !== id && inhibits(other.alert, { ...alert, suppressedReasons })
    )
  }

  return {
    /** The alert that inhibits this incident: each of its open alerts is inhibited by one whose incident `counts`. */
    inhibitorOf(incident: StoredIncident, counts: (other: StoredIncident) => boolean): Alert | undefined {
      const own = incident.alerts.filter(isOpen)
      const found = own.map(alert => inhibitorsOf(alert, incident).find(other => counts(other.incident)))
      return found.every(other => other !== undefined) ? found[0]?.alert : undefined
    },
    /** Those that this incident inhibits. */
    inhibitedBy(incident: StoredIncident): readonly StoredIncident[] {
      const own = incident.alerts.filter(isOpen)
      // Only the whole shop inhibits what is in other segments.
      const near = own.some(({ segment }) => segment === 'all')
        ? open()
        : own.flatMap(({ kind, segment }) => at(inhibitedKindsOf(kind), segment).map(found => found.incident))
      return [...new Set(near)].filter(
        other =>
          other.id !== incident.id &&
          other.alerts
            .filter(isOpen)
            .every(alert =>
              own.some(one => inhibits(one, { ...alert, suppressedReasons: other.suppressedReasons }))
            )
      )
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
export const isDataIntegrity = ({ kind }: Pick<Alert, 'kind'>): boolean => saysEventsAreMissing(kind)

/** The part that is left of what was expected. */
function left({ lastAnomaly: { value, expected } }: Pick<Alert, 'lastAnomaly'>): number {
  return expected > 0 ? value / expected : Number.NaN
}

/** Those before others that they may inhibit; else in the order given. */
export function inhibitorsFirst<One extends Pick<Alert, 'kind' | 'segment'>>(all: readonly One[]): One[] {
  const byOrder = Map.groupBy(all, order)
  return [...byOrder.keys()].sort((a, b) => a - b).flatMap(key => byOrder.get(key) ?? [])
}

function order({ kind, segment }: Pick<Alert, 'kind' | 'segment'>): number {
  if (isDataIntegrity({ kind })) return 0
  return (segment === 'all' ? 1 : 3) + (kindOf(kind)?.inhibits ? 0 : 1)
}
