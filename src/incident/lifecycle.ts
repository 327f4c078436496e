import { isAbove, moreSevere } from '../../detectors/rules/severity.ts'
import type { Anomaly } from '../../detectors/types.ts'
import { hourMs, minuteMs } from '../time/units.ts'
import type { Alert } from './alert.ts'
import { alertIdOf } from './ids.ts'
import { conditionWith, firstCondition, firstLoss, lossWith, peakOf, worsePeak } from './impact.ts'
import type { OperatorAction, StoredIncident } from './types.ts'

/** What a window says of one kind and segment. */
export interface Observation {
  readonly windowStart: number
  readonly windowEnd: number
  /** The kind had what it needs to judge this window. */
  readonly judged: boolean
  readonly anomaly: Anomaly | undefined
  /** The condition is known to be over, not only absent. */
  readonly isOver: boolean
  /** There is milder evidence that the condition lasts, or too few events to tell. */
  readonly lasts?: boolean
  /** The level of this finding is what is expected from now on. */
  readonly isBelieved?: boolean
  /** That level is left: what was expected before it is back. */
  readonly isBack?: boolean
  /** The window lacks data. */
  readonly isGap?: boolean
  /** Other alerts of its incident are open: one that ended lately goes on, and no new one opens. */
  readonly mayResume?: boolean
}

export interface LifecycleRules {
  readonly repeatAfterMs: number
  /** Judged windows in a row without the condition that end an incident. */
  readonly resolveAfter: number
  /** So many openings within so many windows, the first and the last included, are flapping; null where nothing flaps. */
  readonly flapping: { readonly openings: number; readonly withinWindows: number } | null
}

/** Incomplete windows in a row for so long end an alert: what comes after them is another one. */
const gapMs = 5 * minuteMs

/** An alert that its kind cannot judge for so long ends: a field or a currency may be gone for good. */
const unjudgedMs = 2 * hourMs

/** One that flaps needs so many times as many clear windows to end. */
const flappingResolve = 3

/**
 * The state of an alert after a window; the same object where the window changes nothing. A window at or
 * before `lastWindowEnd` changes nothing.
 */
export function observe(
  previous: Alert | undefined,
  observation: Observation,
  rules: LifecycleRules
): Alert | undefined {
  const { windowEnd, judged, anomaly } = observation
  if (previous && windowEnd <= previous.lastWindowEnd) return previous
  if (anomaly) {
    if (previous?.status === 'open') return continued(previous, anomaly, observation)
    return previous && resumes(previous, observation, rules)
      ? resumed(previous, anomaly, observation)
      : opened(previous, anomaly, observation, rules)
  }
  if (previous?.status !== 'open') return previous
  if (observation.lasts) return { ...previous, clearWindows: 0, lastWindowEnd: windowEnd }
  if (!judged) return observation.isGap ? interrupted(previous, observation) : unjudged(previous, observation)
  return cleared(previous, observation, rules)
}

/** Judged windows in a row without the condition that end an alert. */
export const clearsNeeded = (
  { flapping }: Pick<Alert, 'flapping'>,
  { resolveAfter }: Pick<LifecycleRules, 'resolveAfter'>
): number => (flapping ? resolveAfter * flappingResolve : resolveAfter)

function continued(alert: Alert, anomaly: Anomaly, observation: Observation): Alert {
  const { windowEnd } = observation
  const { lossLagMs: _, gapWindows: __, unjudgedWindows: ___, ...rest } = alert
  const severity = moreSevere(alert.severity, anomaly.severity)
  const peak = worsePeak(alert.peak, anomaly)
  return {
    ...rest,
    severity,
    lastAnomalyAt: windowEnd,
    lastAnomaly: withoutAmounts(anomaly),
    lastWindowEnd: windowEnd,
    clearWindows: 0,
    anomalies: alert.anomalies + 1,
    peak,
    explainedBy: peak === alert.peak ? alert.explainedBy : anomaly.explainedBy,
    ...lossWith(alert, anomaly, lengthOf(observation)),
    ...conditionWith(alert, anomaly, lengthOf(observation)),
    ...(severity !== alert.severity && { firstAtSeverity: peakOf(anomaly) }),
    ...(observation.isBelieved && anomaly.expected > 0 && { newLevel: anomaly.value / anomaly.expected })
  }
}

const resumes = (
  { resolvedAt }: Alert,
  { windowEnd, mayResume }: Observation,
  { repeatAfterMs }: LifecycleRules
): boolean => mayResume === true && resolvedAt !== null && windowEnd - resolvedAt <= repeatAfterMs

function resumed(alert: Alert, anomaly: Anomaly, observation: Observation): Alert {
  return { ...continued(alert, anomaly, observation), status: 'open', resolvedAt: null }
}

function cleared(alert: Alert, { windowEnd, isOver, isBack }: Observation, rules: LifecycleRules): Alert {
  const { gapWindows: _, unjudgedWindows: __, newLevel, ...rest } = alert
  const clearWindows = alert.clearWindows + 1
  const over = isOver || clearWindows >= clearsNeeded(alert, rules)
  return {
    ...rest,
    ...(newLevel !== undefined && !(over && isBack) && { newLevel }),
    status: over ? 'resolved' : 'open',
    resolvedAt: over ? windowEnd : null,
    lastWindowEnd: windowEnd,
    lastClearAt: windowEnd,
    clearWindows
  }
}

/** Nobody knows how it goes on in a window that lacks data. A few of them, as of a broker that restarts, change nothing. */
function interrupted(alert: Alert, observation: Observation): Alert {
  const { windowEnd } = observation
  const gaps = (alert.gapWindows ?? 0) + 1
  if (gaps * lengthOf(observation) < gapMs) return { ...alert, gapWindows: gaps, lastWindowEnd: windowEnd }
  const { gapWindows: _, ...rest } = alert
  return { ...rest, status: 'resolved', resolvedAt: windowEnd, lastWindowEnd: windowEnd }
}

function unjudged(alert: Alert, observation: Observation): Alert {
  const { windowEnd } = observation
  const unjudgedWindows = (alert.unjudgedWindows ?? 0) + 1
  if (unjudgedWindows * lengthOf(observation) < unjudgedMs)
    return { ...alert, unjudgedWindows, lastWindowEnd: windowEnd }
  const { unjudgedWindows: _, ...rest } = alert
  return { ...rest, status: 'resolved', resolvedAt: windowEnd, lastWindowEnd: windowEnd }
}

function opened(
  previous: Alert | undefined,
  anomaly: Anomaly,
  observation: Observation,
  { flapping: rule }: LifecycleRules
): Alert {
  const { windowStart, windowEnd } = observation
  const { pipeline, kind, segment, severity } = anomaly
  const withinMs = (rule?.withinWindows ?? 0) * (windowEnd - windowStart)
  const openings = [...(previous?.openings ?? []).filter(at => windowEnd - at < withinMs), windowEnd]
  return {
    id: alertIdOf(pipeline, kind, segment, windowEnd),
    kind,
    segment,
    status: 'open',
    severity,
    openedAt: windowEnd,
    lastAnomalyAt: windowEnd,
    lastAnomaly: withoutAmounts(anomaly),
    resolvedAt: null,
    lastWindowEnd: windowEnd,
    clearWindows: 0,
    lastClearAt: previous?.lastClearAt ?? null,
    anomalies: 1,
    peak: peakOf(anomaly),
    firstAtSeverity: peakOf(anomaly),
    ...firstLoss(anomaly, lengthOf(observation)),
    ...firstCondition(anomaly, lengthOf(observation)),
    explainedBy: anomaly.explainedBy,
    flapping: rule !== null && openings.length >= rule.openings,
    openings
  }
}

/**
 * The open incident that an action means, once it has acknowledged it. Undefined if there is none, if it is acknowledged and not taken over, or if the severity has risen above what the person saw.
 */
export function acknowledge(
  incident: StoredIncident | undefined,
  { action, severity, by, via, at }: OperatorAction
): StoredIncident | undefined {
  if (action !== 'acknowledge' || !incident) return undefined
  if (incident.acknowledged && !takesOver(incident.acknowledged, { by, via, at })) return undefined
  const seen = severity ?? incident.severity
  if (isAbove(incident.severity, seen)) return undefined
  return { ...incident, acknowledged: { by, via, at, severity: seen } }
}

/**
 * Whether somebody else who acknowledges an acknowledged incident means to take it over: those who see it by the command
 * line or the API do, a second click on a message does not.
 */
export const takesOver = (
  before: Pick<OperatorAction, 'by' | 'at'>,
  { by, via, at }: Pick<OperatorAction, 'by' | 'via' | 'at'>
): boolean => at > before.at && by !== before.by && (via === 'cli' || via === 'api')

const lengthOf = ({ windowStart, windowEnd }: Observation): number => windowEnd - windowStart

/** They are only needed once. */
function withoutAmounts({ amounts: _, since: __, ...anomaly }: Anomaly): Anomaly {
  return anomaly
}
