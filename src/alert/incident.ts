import type { Anomaly } from '../detect/types.ts'
import { incidentIdOf } from './identity.ts'
import { graver, rank } from './severity.ts'
import type { StoredIncident } from './types.ts'

/** What a window says of one kind and segment. */
export interface Observation {
  readonly windowEnd: number
  /** The kind had what it needs to judge this window. */
  readonly judged: boolean
  readonly anomaly: Anomaly | undefined
}

export interface LifeRules {
  readonly repeatAfterMs: number
  /** Judged windows in a row without the condition that end an incident. */
  readonly resolveAfter: number
}

/**
 * The state of a kind and segment after a window; the same object where the window changes nothing, as one at or
 * before `lastWindowEnd` does.
 */
export function observe(
  previous: StoredIncident | undefined,
  { windowEnd, judged, anomaly }: Observation,
  rules: LifeRules
): StoredIncident | undefined {
  if (previous && windowEnd <= previous.lastWindowEnd) return previous
  if (anomaly) {
    return previous?.status === 'open'
      ? continued(previous, anomaly, windowEnd)
      : opened(previous, anomaly, windowEnd, rules)
  }
  if (!judged || previous?.status !== 'open') return previous
  return cleared(previous, windowEnd, rules)
}

function continued(incident: StoredIncident, anomaly: Anomaly, windowEnd: number): StoredIncident {
  return {
    ...incident,
    severity: graver(incident.severity, anomaly.severity),
    lastAnomalyAt: windowEnd,
    lastAnomaly: anomaly,
    lastWindowEnd: windowEnd,
    clearWindows: 0,
    anomalies: incident.anomalies + 1
  }
}

function cleared(incident: StoredIncident, windowEnd: number, { resolveAfter }: LifeRules): StoredIncident {
  const clearWindows = incident.clearWindows + 1
  const over = clearWindows >= resolveAfter
  return {
    ...incident,
    status: over ? 'resolved' : 'open',
    resolvedAt: over ? windowEnd : null,
    lastWindowEnd: windowEnd,
    lastClearAt: windowEnd,
    clearWindows
  }
}

function opened(
  previous: StoredIncident | undefined,
  anomaly: Anomaly,
  windowEnd: number,
  { repeatAfterMs }: LifeRules
): StoredIncident {
  const { pipeline, kind, segment, severity } = anomaly
  const silenced =
    previous !== undefined &&
    previous.notifiedAt !== null &&
    previous.notifiedSeverity !== null &&
    windowEnd - previous.notifiedAt < repeatAfterMs &&
    rank(severity) <= rank(previous.notifiedSeverity)
  return {
    id: incidentIdOf(pipeline, kind, segment, windowEnd),
    pipeline,
    kind,
    segment,
    status: 'open',
    severity,
    openedAt: windowEnd,
    lastAnomalyAt: windowEnd,
    lastAnomaly: anomaly,
    resolvedAt: null,
    lastWindowEnd: windowEnd,
    clearWindows: 0,
    lastClearAt: silenced ? previous.lastClearAt : null,
    notifiedAt: silenced ? previous.notifiedAt : null,
    // Its own severity, not the one that was told: a rise within this incident must pass.
    notifiedSeverity: silenced ? severity : null,
    dedupKey: null,
    dedupReceivers: [],
    anomalies: 1,
    peak: { value: anomaly.value, expected: anomaly.expected, severity, windowEnd },
    loss: null,
    explainedBy: anomaly.explainedBy,
    acknowledged: null,
    flapping: false,
    openings: [windowEnd]
  }
}
