import { rank } from '../../../detectors/rules/severity.ts'
import type { Severity } from '../../../detectors/types.ts'
import type { Alert } from '../../incident/alert.ts'
import type { StoredIncident } from '../../incident/types.ts'
import type { Outcome } from '../backtest/outcome.ts'
import type { Expectation, LeastUnexpected } from './expectation.ts'

/** What was found of an expectation: the incident that comes nearest to it. */
export interface Found {
  readonly incident: string
  readonly kind: string
  readonly segment: string
  readonly severity: Severity
  readonly openedAt: number
  /** From the expectation's beginning; null where that is not known. */
  readonly delayMs: number | null
  readonly receivers: readonly string[]
}

/** What about it is not as expected. */
export type Fault = 'late' | 'severity' | 'receivers'

export interface Checked {
  readonly expectation: Expectation
  /** Undefined where nothing of this kind and segment opened from then on. */
  readonly found: Found | undefined
  /** Empty where it is as expected, or was not found. */
  readonly faults: readonly Fault[]
}

export interface ScenarioResult {
  readonly isAsExpected: boolean
  readonly checked: readonly Checked[]
  /** Incidents that fulfil no expectation, severe enough to fail the scenario. */
  readonly unexpected: readonly Found[]
}

/**
 * Compares what a scenario led to with what it should. One incident may fulfil several expectations, as that of several of
 * its alerts; what fulfils none is unexpected.
 */
export function checkScenario(
  { incidents, messages }: Pick<Outcome, 'incidents' | 'messages'>,
  expectations: readonly Expectation[],
  least: LeastUnexpected
): ScenarioResult {
  const receiversOf = (id: string): readonly string[] =>
    [...new Set(messages.filter(one => one.incidentId === id).map(({ receiver }) => receiver))].toSorted()
  const found = (incident: StoredIncident, alert: Alert, fromMs: number | null): Found => ({
    incident: incident.id,
    kind: alert.kind,
    segment: alert.segment,
    severity: incident.severity,
    openedAt: alert.openedAt,
    delayMs: fromMs === null ? null : alert.openedAt - fromMs,
    receivers: receiversOf(incident.id)
  })
  const all = [...incidents.values()].toSorted((a, b) => a.openedAt - b.openedAt)

  const fulfilling = new Set<string>()
  const checked = expectations.map((expectation): Checked => {
    const tried = all.flatMap(incident =>
      incident.alerts
        .filter(alert => isMeant(alert, expectation))
        .map(alert => {
          const one = found(incident, alert, expectation.fromMs)
          return { found: one, faults: faultsOf(one, expectation) }
        })
    )
    for (const one of tried) if (one.faults.length === 0) fulfilling.add(one.found.incident)
    const [nearest] = tried.toSorted((a, b) => a.faults.length - b.faults.length)
    return { expectation, found: nearest?.found, faults: nearest?.faults ?? [] }
  })
  const nearest = new Set(checked.map(one => one.found?.incident))
  const unexpected = all
    .filter(({ id, severity }) => !fulfilling.has(id) && !nearest.has(id) && fails(severity, least))
    .map(incident => found(incident, leadOf(incident), null))
  return {
    isAsExpected: unexpected.length === 0 && checked.every(one => one.found && one.faults.length === 0),
    checked,
    unexpected
  }
}

const isMeant = (alert: Alert, { kinds, segment, fromMs }: Expectation): boolean =>
  kinds.includes(alert.kind) &&
  (fromMs === null || alert.openedAt > fromMs) &&
  (segment === null ||
    alert.segment === segment ||
    alert.explainedBy.some(named => named.segment === segment))

function faultsOf(found: Found, { severities, withinMs, to }: Expectation): readonly Fault[] {
  const isLate = withinMs !== null && found.delayMs !== null && found.delayMs > withinMs
  const isOther = severities !== null && !severities.includes(found.severity)
  const isElsewhere = to !== null && to.toSorted().join() !== found.receivers.join()
  return [...of(isLate, 'late'), ...of(isOther, 'severity'), ...of(isElsewhere, 'receivers')]
}

const of = (is: boolean, fault: Fault): readonly Fault[] => (is ? [fault] : [])

const fails = (severity: Severity, least: LeastUnexpected): boolean =>
  least !== null && rank(severity) >= rank(least)

const leadOf = ({ alerts, kind, segment }: StoredIncident): Alert =>
  alerts.find(alert => alert.kind === kind && alert.segment === segment) ?? (alerts[0] as Alert)
