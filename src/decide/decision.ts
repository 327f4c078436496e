import type { Anomaly, Detection, Verdict } from '../../detectors/types.ts'
import { anomalyOf } from '../incident/anomaly.ts'
import type { IncidentRecords, Incidents } from '../incident/incidents.ts'
import type { NotificationRecord, OperatorAction, StoredIncident } from '../incident/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import { createRecentValues, type RecentValues } from './recent-values.ts'

/** Everything that follows from one closed window, before any of it is stored or sent. */
export interface Decision {
  /** Undefined where something is said that is not of a window, such as a stall of the line. */
  readonly window: WindowMetrics | undefined
  readonly anomalies: readonly Anomaly[]
  readonly incidents: readonly StoredIncident[]
  readonly notifications: readonly NotificationRecord[]
}

export interface DecisionsOptions {
  readonly pipeline: string
  readonly configHash: string
  readonly alerting: Incidents
  /** When an anomaly was first detected, by its id, where that was before this run. */
  readonly detectedBefore: ReadonlyMap<string, number>
  /** Of the windows judged before by another judge; none without it. */
  readonly recent?: RecentValues
}

export interface Decisions {
  /** Judges a closed window; `nowMs` is when it closed. No I/O. */
  ofWindow(detection: Detection, ofWindow: WindowMetrics, nowMs: number): Decision
  /** Takes over a verdict that is not of a window's metrics. */
  ofVerdict(ofVerdict: Verdict, nowMs: number): Decision
  /** What was held back in a catch-up is told now. */
  ofCatchUp(nowMs: number): Decision
  /** What the wall clock alone makes due. */
  ofTick(nowMs: number): Decision
  /** Takes over what people did. */
  ofActions(actions: readonly OperatorAction[], nowMs: number): Decision
}

export function createDecisions(options: DecisionsOptions): Decisions {
  const { pipeline, configHash, alerting, detectedBefore, recent = createRecentValues() } = options

  function judged(window: WindowMetrics | undefined, verdict: Verdict, nowMs: number): Decision {
    const anomalies = verdict.findings.map(finding => {
      const anomaly = anomalyOf(finding, { pipeline, configHash }, nowMs)
      return { ...anomaly, detectedAt: detectedBefore.get(anomaly.id) ?? nowMs }
    })
    if (window) recent.push(window)
    return { window, anomalies, ...alerting.onWindow(verdict, anomalies, nowMs, recent.values) }
  }

  return {
    ofWindow: (detection, window, nowMs) => judged(window, detection.judge(window), nowMs),
    ofVerdict: (verdict, nowMs) => judged(undefined, verdict, nowMs),
    ofCatchUp: nowMs => told(alerting.endCatchUp(nowMs, recent.values)),
    ofTick: nowMs => told(alerting.tick(nowMs, recent.values)),
    ofActions: (actions, nowMs) => told(alerting.onActions(actions, nowMs, recent.values))
  }
}

const told = (records: IncidentRecords): Decision => ({ window: undefined, anomalies: [], ...records })
