import { isAbove, moreSevere, rank } from '../../detectors/rules/severity.ts'
import { type Alert, isOpen, isSameCondition } from './alert.ts'
import { type Diagnosis, diagnose } from './diagnosis.ts'
import { carriedOver } from './last-notified.ts'
import type { LifecycleRules } from './lifecycle.ts'
import type { StoredIncident } from './types.ts'

/** What an incident is without its alerts, and what messages have done so far. */
type Own = Pick<
  StoredIncident,
  | 'id'
  | 'pipeline'
  | 'openedAt'
  | 'lastClearAt'
  | 'lastNotified'
  | 'suppressedReasons'
  | 'silencedBy'
  | 'pages'
  | 'dedupKey'
  | 'dedupReceivers'
  | 'acknowledged'
  | 'escalation'
>

/**
 * The incident that an alert opens. Where the one before it was notified within the repeat interval at this severity, it
 * takes over those notifications.
 */
export function openIncident(
  alert: Alert,
  before: StoredIncident | undefined,
  { repeatAfterMs, flapping: rule }: LifecycleRules,
  windowMs: number
): StoredIncident {
  const { id, openedAt, flapping, severity } = alert
  const silentMs = flapping ? Math.max(repeatAfterMs, (rule?.withinWindows ?? 0) * windowMs) : repeatAfterMs
  const lastNotified = before ? carriedOver(before.lastNotified, severity, openedAt - silentMs, flapping) : {}
  const own: Own = {
    id,
    pipeline: alert.lastAnomaly.pipeline,
    openedAt,
    lastClearAt: Object.keys(lastNotified).length > 0 ? (before?.lastClearAt ?? null) : null,
    lastNotified,
    suppressedReasons: {},
    silencedBy: null,
    pages: 1,
    dedupKey: null,
    dedupReceivers: [],
    acknowledged: null
  }
  return summedUp(own, undefined, [alert])
}

/** The incident with its alerts as they are now; `isNew` in the window in which it opened. */
export const withAlerts = (before: StoredIncident, alerts: readonly Alert[], isNew = false): StoredIncident =>
  summedUp(before, isNew ? undefined : before, alerts)

function summedUp(own: Own, before: StoredIncident | undefined, alerts: readonly Alert[]): StoredIncident {
  const diagnosis = diagnose(alerts, before?.cause)
  const severity = moreSevere(gravest(alerts, diagnosis), before?.severity ?? 'low')
  const lead = leadOf(alerts, diagnosis, severity, before)
  const open = alerts.filter(isOpen)
  const clearWindows = Math.min(...(open.length > 0 ? open : alerts).map(alert => alert.clearWindows))
  const { acknowledged } = own
  const { cause } = diagnosis
  const { id, pipeline, openedAt, lastNotified, suppressedReasons } = own
  const { kind, segment, lastAnomaly, anomalies, peak, firstAtSeverity, flapping } = lead
  const { conditionFrom, conditionTo, newLevel } = lead
  return {
    ...{ id, pipeline, kind, segment, severity, openedAt, lastAnomaly, anomalies, peak, flapping },
    ...(conditionFrom !== undefined && { conditionFrom }),
    ...(conditionTo !== undefined && { conditionTo }),
    ...(firstAtSeverity !== undefined && { firstAtSeverity }),
    ...(newLevel !== undefined && { newLevel }),
    ...(cause !== undefined && { cause }),
    ...(diagnosis.isLoss ? lossOf(lead, alerts) : { loss: null }),
    status: open.length > 0 ? 'open' : 'resolved',
    resolvedAt: open.length > 0 ? null : latest(alerts, ({ resolvedAt }) => resolvedAt),
    lastAnomalyAt: latest(alerts, ({ lastAnomalyAt }) => lastAnomalyAt) ?? openedAt,
    lastWindowEnd: latest(alerts, ({ lastWindowEnd }) => lastWindowEnd) ?? openedAt,
    clearWindows,
    lastClearAt: clearWindows > 0 ? latest(alerts, ({ lastClearAt }) => lastClearAt) : own.lastClearAt,
    explainedBy: lead.explainedBy.length > 0 ? lead.explainedBy : (alerts.find(explained)?.explainedBy ?? []),
    acknowledged: acknowledged && isAbove(severity, acknowledged.severity) ? null : acknowledged,
    ...{ lastNotified, suppressedReasons, silencedBy: own.silencedBy, pages: own.pages },
    ...{ dedupKey: own.dedupKey, dedupReceivers: own.dedupReceivers },
    ...(own.escalation !== undefined && { escalation: own.escalation }),
    alerts
  }
}

const explained = ({ explainedBy }: Alert): boolean => explainedBy.length > 0

function latest(alerts: readonly Alert[], timeOf: (alert: Alert) => number | null): number | null {
  const times = alerts.map(timeOf).filter(time => time !== null)
  return times.length > 0 ? Math.max(...times) : null
}

const gravest = (alerts: readonly Alert[], { severityOf }: Diagnosis) =>
  alerts.map(severityOf).reduce(moreSevere)

/** Once an alert leads, it does until the severity rises: what an incident is routed by does not change without news. */
function leadOf(
  alerts: readonly Alert[],
  { severityOf, leading }: Diagnosis,
  severity: StoredIncident['severity'],
  before: StoredIncident | undefined
): Alert {
  const isLead = (alert: Alert) => before !== undefined && isSameCondition(alert, before)
  const stays = before?.severity === severity ? alerts.find(isLead) : undefined
  const [first] = leading(alerts.filter(alert => rank(severityOf(alert)) >= rank(severity)))
  return stays ?? first ?? alerts.find(isLead) ?? (alerts[0] as Alert)
}

/** Money where revenue is lost, counted once: that of the whole shop, or of the segment that lost the most. */
function lossOf(lead: Alert, alerts: readonly Alert[]): Pick<StoredIncident, 'loss' | 'lossUnit'> {
  const ofRevenue = alerts.filter(
    ({ loss, lastAnomaly: { metric, unit } }) => loss !== null && metric === 'revenue' && unit === 'money'
  )
  const whole = ofRevenue.find(({ segment }) => segment === 'all')
  const worst = whole ?? ofRevenue.toSorted((a, b) => (b.loss ?? 0) - (a.loss ?? 0))[0] ?? lead
  const { unit } = worst.lastAnomaly
  return { loss: worst.loss, ...(unit !== lead.lastAnomaly.unit && { lossUnit: unit }) }
}
