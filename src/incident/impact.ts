import { rank } from '../../detectors/rules/severity.ts'
import type { Amount, Anomaly } from '../../detectors/types.ts'
import type { Alert, Peak } from './alert.ts'

/** How far a value is from what was expected, in parts of it. */
const deviation = ({ value, expected }: Amount): number =>
  Math.abs(value - expected) / Math.max(Math.abs(expected), Number.EPSILON)

export const peakOf = ({ severity, value, expected, windowEnd }: Anomaly): Peak => ({
  value,
  expected,
  severity,
  windowEnd
})

/** The worse of the two; the same object where that is the peak so far. */
export function worsePeak(peak: Peak, anomaly: Anomaly): Peak {
  const found = peakOf(anomaly)
  const rise = rank(found.severity) - rank(peak.severity)
  return rise > 0 || (rise === 0 && deviation(found) > deviation(peak)) ? found : peak
}

type Condition = Required<Pick<Alert, 'conditionFrom' | 'conditionTo'>>

/** From when to when windows show it; of what earlier versions opened, from when to when it was noticed. */
export const conditionOf = ({
  conditionFrom,
  conditionTo,
  openedAt,
  lastAnomalyAt
}: Pick<Alert, keyof Condition | 'openedAt' | 'lastAnomalyAt'>): Condition => ({
  conditionFrom: conditionFrom ?? openedAt,
  conditionTo: conditionTo ?? lastAnomalyAt
})

/** From when to when the windows of a first finding show it by themselves; all of them where they are not known alone. */
export function firstCondition(anomaly: Anomaly, windowMs: number): Condition {
  const { amounts, windowStart, windowEnd, since } = anomaly
  const whole = { conditionFrom: since ?? windowStart, conditionTo: windowEnd }
  if (!amounts) return whole
  const windows = amounts.slice(0, Math.round((windowEnd - windowStart) / windowMs))
  const oldest = windows.findLastIndex(window => shows(window, anomaly))
  if (oldest < 0) return whole
  return {
    conditionFrom: windowEnd - (oldest + 1) * windowMs,
    conditionTo: lastShown(anomaly, windowMs) ?? windowEnd
  }
}

/** The same with one more finding of an open alert. */
export function conditionWith(alert: Alert, anomaly: Anomaly, windowMs: number): Condition {
  const { conditionFrom, conditionTo: before } = conditionOf(alert)
  const to = anomaly.amounts ? (lastShown(anomaly, windowMs) ?? before) : anomaly.windowEnd
  return { conditionFrom, conditionTo: Math.max(before, to) }
}

/** The end of the newest window of a finding that shows it by itself. */
function lastShown(anomaly: Anomaly, windowMs: number): number | undefined {
  const newest = (anomaly.amounts ?? []).findIndex(window => shows(window, anomaly))
  return newest < 0 ? undefined : anomaly.windowEnd - newest * windowMs
}

type Loss = Pick<Alert, 'loss' | 'lossLagMs'>

/** What an alert that opens has lost: what the windows of its first finding lack. */
export function firstLoss(anomaly: Anomaly, windowMs: number): Loss {
  const { additive, value, expected, amounts, windowStart, windowEnd } = anomaly
  if (!additive || !Number.isFinite(expected - value)) return { loss: null }
  return amounts ? grown(0, anomaly, windowEnd - windowStart, windowMs) : { loss: expected - value }
}

/** What an open alert has lost, with one more finding. */
export function lossWith(
  { loss, lossLagMs = 0, lastAnomaly, lastAnomalyAt }: Alert,
  anomaly: Anomaly,
  windowMs: number
): Loss {
  if (loss === null || anomaly.metric !== lastAnomaly.metric) return { loss: null }
  return grown(loss, anomaly, anomaly.windowEnd - lastAnomalyAt + lossLagMs, windowMs)
}

/**
 * Adds expected minus actual of each window in the last `sinceMs`, up to the newest that shows the condition by itself.
 * The windows after that one may be those of the recovery, which trailing sums see later: they count once a later window
 * shows it again.
 */
function grown(before: number, anomaly: Anomaly, sinceMs: number, windowMs: number): Loss {
  if (!anomaly.amounts) return { loss: before }
  const windows = anomaly.amounts.slice(0, Math.round(sinceMs / windowMs))
  const newest = windows.findIndex(window => shows(window, anomaly))
  if (newest < 0) return { loss: before, lossLagMs: sinceMs }
  const loss = windows.slice(newest).reduce((sum, { value, expected }) => sum + expected - value, before)
  return newest === 0 ? { loss } : { loss, lossLagMs: newest * windowMs }
}

/** A window with less than this part of the finding's change does not show it. */
const leastOfChange = 0.5

function shows(window: Amount, finding: Amount): boolean {
  const change = finding.expected - finding.value
  const own = (window.expected - window.value) * finding.expected
  return Math.sign(change) * own > leastOfChange * Math.abs(change) * window.expected
}
