import type { Anomaly, Detection, Verdict } from '../../detectors/types.ts'
import { anomalyOf } from '../incident/anomaly.ts'
import type { Alerting, Decided } from '../incident/incidents.ts'
import type { NotificationRecord, OperatorAction, StoredIncident } from '../incident/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import { createRecent, type Recent } from './recent-values.ts'

/** Everything that follows from one closed window, before any of it is stored or sent. */
export interface Judgement {
  /** Undefined where something is said that is not of a window, such as a stall of the line. */
  readonly window: WindowMetrics | undefined
  readonly anomalies: readonly Anomaly[]
  readonly incidents: readonly StoredIncident[]
  readonly notifications: readonly NotificationRecord[]
}

export interface JudgeOptions {
  readonly pipeline: string
  readonly configHash: string
  readonly alerting: Alerting
  /** When an anomaly was first detected, by its id, where that was before this run. */
  readonly detectedBefore: ReadonlyMap<string, number>
  /** Of the windows judged before by another judge; none without it. */
  readonly recent?: Recent
}

export interface Judge {
  /** Judges a closed window; `nowMs` is when it closed. No I/O. */
  window(detection: Detection, window: WindowMetrics, nowMs: number): Judgement
  /** Takes over a verdict that is not of a window's metrics. */
  verdict(verdict: Verdict, nowMs: number): Judgement
  /** What was held back in a catch-up is told now. */
  caughtUp(nowMs: number): Judgement
  /** What the wall clock alone makes due. */
  tick(nowMs: number): Judgement
  /** Takes over what people did. */
  act(actions: readonly OperatorAction[], nowMs: number): Judgement
}

export function createJudge(options: JudgeOptions): Judge {
  const { pipeline, configHash, alerting, detectedBefore, recent = createRecent() } = options

  function judged(window: WindowMetrics | undefined, verdict: Verdict, nowMs: number): Judgement {
    const anomalies = verdict.findings.map(finding => {
      const anomaly = anomalyOf(finding, { pipeline, configHash }, nowMs)
      return { ...anomaly, detectedAt: detectedBefore.get(anomaly.id) ?? nowMs }
    })
    if (window) recent.push(window)
    return { window, anomalies, ...alerting.onWindow(verdict, anomalies, nowMs, recent.values) }
  }

  return {
    window: (detection, window, nowMs) => judged(window, detection.judge(window), nowMs),
    verdict: (verdict, nowMs) => judged(undefined, verdict, nowMs),
    caughtUp: nowMs => told(alerting.caughtUp(nowMs, recent.values)),
    tick: nowMs => told(alerting.tick(nowMs, recent.values)),
    act: (actions, nowMs) => told(alerting.onActions(actions, nowMs, recent.values))
  }
}

const told = (decided: Decided): Judgement => ({ window: undefined, anomalies: [], ...decided })
