import type { Anomaly, Detection, JudgedWindow, Verdict } from '../../detectors/types.ts'
import { anomalyOf } from '../incident/anomaly.ts'
import type { Chart } from '../incident/chart.ts'
import type { IncidentRecords, Incidents } from '../incident/incidents.ts'
import type { ReasonType } from '../incident/reason.ts'
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
    const judged = window && verdict.bands ? { ...window, bands: verdict.bands } : window
    if (judged) recent.push(judged)
    const records = incidents.onWindow(verdict, anomalies, nowMs, recent.values)
    return { window: judged, anomalies, ...withCharts(records, recent) }
  }

  const between = (records: IncidentRecords): Decision => ({
    window: undefined,
    anomalies: [],
    ...withCharts(records, recent)
  })

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
    ofCatchUp: (nowMs: number): Decision => between(incidents.endCatchUp(nowMs, recent.values)),
    /** Of the wall clock alone. */
    ofTick: (nowMs: number): Decision => between(incidents.tick(nowMs, recent.values)),
    /** Of what people did. */
    ofActions: (actions: readonly OperatorAction[], nowMs: number): Decision =>
      between(incidents.onActions(actions, nowMs, recent.values))
  }
}

/** That something began, is worse, or is told now. */
const withPicture: ReadonlySet<ReasonType> = new Set([
  'opened',
  'still_open',
  'severity_rose',
  'came_back',
  'escalated',
  'silence_ended',
  'inhibition_ended'
])

/** What is sent to several receivers has one chart. */
function withCharts(records: IncidentRecords, recent: RecentValues): IncidentRecords {
  const charts = new Map<string, Chart | null>()
  const chartOf = (anomaly: Anomaly): Chart | null => {
    const chart = charts.get(anomaly.id) ?? recent.chart(anomaly)
    charts.set(anomaly.id, chart)
    return chart
  }
  const notifications = records.notifications.map(one => {
    const last = one.anomalies.at(-1)
    const isShown = one.outcome === 'pending' && one.action === 'trigger' && withPicture.has(one.reason.type)
    const chart = last && isShown ? chartOf(last) : null
    return chart ? { ...one, chart } : one
  })
  return { ...records, notifications }
}

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
