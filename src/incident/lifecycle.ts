import { isAbove, moreSevere } from '../../detectors/rules/severity.ts'
import type { Anomaly } from '../../detectors/types.ts'
import { minuteMs } from '../time/units.ts'
import { incidentIdOf } from './ids.ts'
import { conditionWith, firstCondition, firstLoss, lossWith, peakOf, worsePeak } from './impact.ts'
import { carriedOver } from './last-notified.ts'
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
  /** The window lacks data. */
  readonly isGap?: boolean
}

export interface LifecycleRules {
  readonly repeatAfterMs: number
  /** Judged windows in a row without the condition that end an incident. */
  readonly resolveAfter: number
  /** So many openings within so many windows, the first and the last included, are flapping; null where nothing flaps. */
  readonly flapping: { readonly openings: number; readonly withinWindows: number } | null
}

/** Incomplete windows in a row for so long end an incident: what comes after them is another one. */
const gapMs = 5 * minuteMs

/** An incident that flaps needs so many times as many clear windows to end. */
const flappingResolve = 3

/**
 * The state of a kind and segment after a window; the same object where the window changes nothing. A window at or
 * before `lastWindowEnd` changes nothing.
 */
export function observe(
  previous: StoredIncident | undefined,
  observation: Observation,
  rules: LifecycleRules
): StoredIncident | undefined {
  const { windowEnd, judged, anomaly } = observation
  if (previous && windowEnd <= previous.lastWindowEnd) return previous
  if (anomaly) {
    return previous?.status === 'open'
      ? continued(previous, anomaly, observation)
      : opened(previous, anomaly, observation, rules)
  }
  if (previous?.status !== 'open') return previous
  if (!judged) return observation.isGap ? interrupted(previous, observation) : previous
  return cleared(previous, observation, rules)
}

/** Judged windows in a row without the condition that end the incident. */
export const clearsNeeded = (
  { flapping }: Pick<StoredIncident, 'flapping'>,
  { resolveAfter }: Pick<LifecycleRules, 'resolveAfter'>
): number => (flapping ? resolveAfter * flappingResolve : resolveAfter)

function continued(incident: StoredIncident, anomaly: Anomaly, observation: Observation): StoredIncident {
  const { windowEnd } = observation
  const { lossLagMs: _, gapWindows: __, ...rest } = incident
  const severity = moreSevere(incident.severity, anomaly.severity)
  const peak = worsePeak(incident.peak, anomaly)
  const { acknowledged } = incident
  const isBeyond = acknowledged !== null && isAbove(severity, acknowledged.severity)
  return {
    ...rest,
    severity,
    lastAnomalyAt: windowEnd,
    lastAnomaly: withoutAmounts(anomaly),
    lastWindowEnd: windowEnd,
    clearWindows: 0,
    anomalies: incident.anomalies + 1,
    peak,
    explainedBy: peak === incident.peak ? incident.explainedBy : anomaly.explainedBy,
    ...lossWith(incident, anomaly, lengthOf(observation)),
    ...conditionWith(incident, anomaly, lengthOf(observation)),
    ...(severity !== incident.severity && { firstAtSeverity: peakOf(anomaly) }),
    acknowledged: isBeyond ? null : acknowledged
  }
}

function cleared(
  incident: StoredIncident,
  { windowEnd, isOver }: Observation,
  rules: LifecycleRules
): StoredIncident {
  const { gapWindows: _, ...rest } = incident
  const clearWindows = incident.clearWindows + 1
  const over = isOver || clearWindows >= clearsNeeded(incident, rules)
  return {
    ...rest,
    status: over ? 'resolved' : 'open',
    resolvedAt: over ? windowEnd : null,
    lastWindowEnd: windowEnd,
    lastClearAt: windowEnd,
    clearWindows
  }
}

/** Nobody knows how it goes on in a window that lacks data. A few of them, as of a broker that restarts, change nothing. */
function interrupted(incident: StoredIncident, observation: Observation): StoredIncident {
  const { windowEnd } = observation
  const gaps = (incident.gapWindows ?? 0) + 1
  if (gaps * lengthOf(observation) < gapMs) return { ...incident, gapWindows: gaps, lastWindowEnd: windowEnd }
  const { gapWindows: _, ...rest } = incident
  return { ...rest, status: 'resolved', resolvedAt: windowEnd, lastWindowEnd: windowEnd }
}

function opened(
  previous: StoredIncident | undefined,
  anomaly: Anomaly,
  observation: Observation,
  rules: LifecycleRules
): StoredIncident {
  const { windowStart, windowEnd } = observation
  const { pipeline, kind, segment, severity } = anomaly
  const flapsWithinMs = (rules.flapping?.withinWindows ?? 0) * (windowEnd - windowStart)
  const lately = (previous?.openings ?? []).filter(at => windowEnd - at < flapsWithinMs)
  const openings = [...lately, windowEnd]
  const flapping = rules.flapping !== null && openings.length >= rules.flapping.openings
  const silentMs = flapping ? Math.max(rules.repeatAfterMs, flapsWithinMs) : rules.repeatAfterMs
  const sinceMs = windowEnd - silentMs
  const lastNotified = previous ? carriedOver(previous.lastNotified, severity, sinceMs, flapping) : {}
  return {
    id: incidentIdOf(pipeline, kind, segment, windowEnd),
    pipeline,
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
    lastClearAt: Object.keys(lastNotified).length > 0 ? (previous?.lastClearAt ?? null) : null,
    lastNotified,
    suppressedReasons: {},
    silencedBy: null,
    pages: 1,
    dedupKey: null,
    dedupReceivers: [],
    anomalies: 1,
    peak: peakOf(anomaly),
    firstAtSeverity: peakOf(anomaly),
    ...firstLoss(anomaly, lengthOf(observation)),
    ...firstCondition(anomaly, lengthOf(observation)),
    explainedBy: anomaly.explainedBy,
    acknowledged: null,
    flapping,
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
