import type { Anomaly, Detection, JudgedWindow, Verdict } from '../../detectors/types.ts'
import { anomalyOf } from '../incident/anomaly.ts'
import type { IncidentRecords, Incidents } from '../incident/incidents.ts'
import { anomalyOfServiceAlert, type ServiceAlert } from '../incident/service-alert.ts'
import type { NotificationRecord, OperatorAction, StoredIncident } from '../incident/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import type { Store } from '../store/types.ts'
import { createRecentValues, type RecentValues } from './recent-values.ts'

/** Everything that follows from one closed window, before any of it is stored or sent. */
export interface Decision {
  /** Undefined where the decision is not about a window, such as a stall of the pipeline. */
  readonly window: JudgedWindow | undefined
  readonly anomalies: readonly Anomaly[]
  readonly incidents: readonly StoredIncident[]
  readonly notifications: readonly NotificationRecord[]
}

export interface DecisionsOptions {
  readonly pipeline: string
  readonly configHash: string
  readonly incidents: Incidents
  /** When an anomaly was first detected, by its id, where that was before this run. */
  readonly detectedBefore: ReadonlyMap<string, number>
  /** Values of the windows before these; none without it. */
  readonly recent?: RecentValues
}

export type Decisions = ReturnType<typeof createDecisions>

/** What follows from each thing that can happen. Synchronous: no I/O. */
export function createDecisions(options: DecisionsOptions) {
  const { pipeline, configHash, incidents, detectedBefore, recent = createRecentValues() } = options

  function decide(window: WindowMetrics | undefined, verdict: Verdict, nowMs: number): Decision {
    const anomalies = verdict.findings.map(finding => {
      const anomaly = anomalyOf(finding, { pipeline, configHash }, nowMs)
      return { ...anomaly, detectedAt: detectedBefore.get(anomaly.id) ?? nowMs }
    })
    if (window) recent.push(window)
    const judged = window && verdict.bands ? { ...window, bands: verdict.bands } : window
    return { window: judged, anomalies, ...incidents.onWindow(verdict, anomalies, nowMs, recent.values) }
  }

  return {
    /** `nowMs` is when the window closed. */
    ofWindow: (detection: Detection, window: WindowMetrics, nowMs: number): Decision =>
      decide(window, { ...detection.judge(window), isGap: !window.complete }, nowMs),
    /** Of a verdict that is not about a window's metrics. */
    ofVerdict: (verdict: Verdict, nowMs: number): Decision => decide(undefined, verdict, nowMs),
    /** Of what other services raised; one that changes nothing has no anomaly here. */
    ofServiceAlerts(alerts: readonly ServiceAlert[], nowMs: number): Decision {
      const raised = alerts.map(alert => ({ alert, anomaly: anomalyOfServiceAlert(alert, configHash) }))
      const records = incidents.onServiceAlerts(raised, nowMs)
      const changed = new Set(records.incidents.flatMap(one => one.alerts.map(alert => alert.lastAnomaly.id)))
      const anomalies = raised
        .filter(({ alert, anomaly }) => alert.status === 'firing' && changed.has(anomaly.id))
        .map(({ anomaly }) => anomaly)
      return { window: undefined, anomalies, ...records }
    },
    /** Of the end of a catch-up: what was held back is notified now. */
    ofCatchUp: (nowMs: number): Decision => betweenWindows(incidents.endCatchUp(nowMs, recent.values)),
    /** Of the wall clock alone. */
    ofTick: (nowMs: number): Decision => betweenWindows(incidents.tick(nowMs, recent.values)),
    /** Of what people did. */
    ofActions: (actions: readonly OperatorAction[], nowMs: number): Decision =>
      betweenWindows(incidents.onActions(actions, nowMs, recent.values))
  }
}

const betweenWindows = (records: IncidentRecords): Decision => ({
  window: undefined,
  anomalies: [],
  ...records
})

/** What the store needs so that decisions can be inserted. */
export type DecisionStore = Pick<
  Store,
  'insertWindows' | 'insertAnomalies' | 'insertNotifications' | 'insertIncidents'
>

/** Rows of windows first, then their anomalies, then notifications: what is stored always has its reason stored. */
export async function insertDecisions(
  store: DecisionStore,
  pipeline: string,
  decisions: readonly Decision[]
): Promise<void> {
  const windows = decisions.flatMap(({ window }) => window ?? [])
  const anomalies = decisions.flatMap(one => one.anomalies)
  const notifications = decisions.flatMap(one => one.notifications)
  const incidents = decisions.flatMap(one => one.incidents)
  if (windows.length > 0) await store.insertWindows(pipeline, windows)
  if (anomalies.length > 0) await store.insertAnomalies(anomalies)
  if (notifications.length > 0) await store.insertNotifications(notifications)
  if (incidents.length > 0) await store.insertIncidents(incidents)
}
