import type { z } from 'zod'
import type { Anomaly, JudgedWindow } from '../../detectors/types.ts'
import type { AuditHead, AuditRow } from '../audit/row.ts'
import type { ServiceAlert } from '../incident/service-alert.ts'
import type {
  NotificationAction,
  NotificationOutcome,
  NotificationRecord,
  StoredIncident
} from '../incident/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import type { CountedOrders } from '../window/orders/memory.ts'
import type { Anonymised, AnonymiseOptions } from './anonymise/types.ts'
import type { OperatorRows } from './operator-rows.ts'
import type { anomalyRow } from './tables/anomaly-json.ts'
import type { Recommendation } from './tables/recommendations.ts'
import type { ResourceMetrics, ResourceUse } from './tables/resources.ts'
import type { SeriesReads } from './tables/series.ts'

/** Patterns as in a route's match, of which one must match, and none that begins with `!` with its rest. */
export interface Patterns {
  readonly kind?: readonly string[] | undefined
  readonly severity?: readonly string[] | undefined
  readonly segment?: readonly string[] | undefined
}

/** Which anomalies are asked for. Times in milliseconds since the epoch. */
export interface AnomalyFilter {
  /** Detected since then. */
  readonly sinceMs?: number | undefined
  readonly pipeline?: string | undefined
  readonly kind?: string | undefined
  readonly metric?: string | undefined
  readonly segment?: string | undefined
  readonly like?: Patterns | undefined
  /** The judged span ends within these, both included. */
  readonly endsFromMs?: number | undefined
  readonly endsToMs?: number | undefined
  readonly limit?: number | undefined
}

/** Which incidents are asked for. */
export interface IncidentFilter {
  /** Its last anomaly is not older than that. */
  readonly sinceMs?: number | undefined
  readonly pipeline?: string | undefined
  readonly kind?: string | undefined
  readonly like?: Patterns | undefined
  readonly status?: 'open' | 'resolved' | undefined
  readonly idPrefix?: string | undefined
  /** Open, or a window has touched it since then. */
  readonly touchedSinceMs?: number | undefined
  /** Those behind this one in the order of the answer. */
  readonly behind?: { readonly openedAt: number; readonly id: string } | undefined
  readonly limit?: number | undefined
}

/** Which notifications are asked for. */
export interface NotificationFilter {
  /** Decided since then. */
  readonly sinceMs?: number | undefined
  readonly pipeline?: string | undefined
  readonly incidentId?: string | undefined
  readonly receiver?: string | undefined
  readonly outcome?: NotificationOutcome | undefined
  readonly action?: NotificationAction | undefined
  /** Those behind this one in the order of the answer. */
  readonly behind?: { readonly decidedAt: number; readonly id: string } | undefined
  readonly limit?: number | undefined
}

export type AnomalyRow = z.infer<typeof anomalyRow>

/** Days that rows are kept after they were inserted. `windows` is the whole shop's metrics, `segments` all others. */
export type Retention = Readonly<
  Record<'windows' | 'segments' | 'anomalies' | 'incidents' | 'notifications' | 'audit', number>
>

/** One metric of the whole shop, summed over the windows that begin in a span. */
export interface SpanTotal {
  /** Its number among the spans, from 0. */
  readonly span: number
  readonly metric: string
  readonly numerator: number
  readonly denominator: number
  /** The length of these windows together. */
  readonly coveredMs: number
}

export interface SegmentTotal {
  readonly segment: string
  readonly total: number
}

interface SegmentTotalsOf {
  readonly metric: string
  readonly dimension: string
  readonly fromMs: number
  readonly toMs: number
  readonly limit: number
}

/** How full the rows of a window are: the fullest version counts. */
export interface StoredWindow {
  readonly records: number
  readonly complete: boolean
  /** The metrics that it has rows of, each with a dimension: `orders by country`. */
  readonly measured: ReadonlySet<string>
}

/** What the first purchases said of the shop's currency, with a sentence for people. */
export interface LearnedCurrency {
  readonly code: string
  readonly details: string
  readonly at: number
}

interface Condition {
  readonly kind: string
  readonly segment: string
}

export interface KnownServiceAlerts {
  /** The incident of each alert that was accepted before, by the alert's id. */
  readonly incidentOf: ReadonlyMap<string, string>
  /** Conditions that are open, with their incident and when they were last reported. */
  readonly open: readonly (Condition & { readonly incidentId: string; readonly at: number })[]
}

/** A store that keeps windows, anomalies, incidents and notifications. Every write is idempotent. */
export interface Store extends SeriesReads, OperatorRows {
  /** Applies the migrations that are missing; returns the names of those it applied. Refuses a newer schema. */
  migrate(): Promise<readonly string[]>
  /** Resolves where the store answers, rejects with a StoreError where it does not. */
  ping(): Promise<void>
  /** Where they were judged, with their bands. */
  insertWindows(pipeline: string, windows: readonly JudgedWindow[]): Promise<void>
  insertAnomalies(anomalies: readonly Anomaly[]): Promise<void>
  insertIncidents(incidents: readonly StoredIncident[]): Promise<void>
  insertNotifications(notifications: readonly NotificationRecord[]): Promise<void>
  /**
   * Windows of [fromMs, toMs) in order of their start, the fullest version of each: the complete ones, or all. Of segments,
   * only these metrics and dimensions are read where they are given: rows of segments are many.
   */
  windows(
    pipeline: string,
    fromMs: number,
    toMs: number,
    segmentMetrics?: readonly string[],
    which?: 'complete' | 'all',
    dimensions?: readonly string[]
  ): Promise<readonly WindowMetrics[]>
  /** The orders counted in windows within [fromMs, toMs), in order of their start. They are written with their windows. */
  orders(pipeline: string, fromMs: number, toMs: number): Promise<readonly CountedOrders[]>
  /** What is stored of the windows of [fromMs, toMs), complete or not, by their start. */
  storedWindows(pipeline: string, fromMs: number, toMs: number): Promise<ReadonlyMap<number, StoredWindow>>
  /** The sums of metrics between each bound and the next one, in order; a span without windows has none. */
  totals(
    pipeline: string,
    boundsMs: readonly number[],
    metrics: readonly string[]
  ): Promise<readonly SpanTotal[]>
  /** The segments of a dimension with the greatest sums over windows that begin in [fromMs, toMs), the greatest first. */
  segmentTotals(pipeline: string, of: SegmentTotalsOf): Promise<readonly SegmentTotal[]>
  /** Resources whose utilization over the days between the bounds is below a share, with what is known of each. */
  idleResources(
    pipeline: string,
    of: ResourceMetrics,
    days: { readonly boundsMs: readonly number[]; readonly below: number }
  ): Promise<readonly ResourceUse[]>
  /** The utilization of resources by day: the day's number among those between the bounds, from 0. */
  resourceDays(
    pipeline: string,
    of: ResourceMetrics,
    days: { readonly boundsMs: readonly number[]; readonly resources: readonly string[] }
  ): Promise<readonly { readonly resource: string; readonly day: number; readonly utilization: number }[]>
  /** The values of other dimensions that resources came with last, as combinations with them have it. */
  resourceLabels(
    pipeline: string,
    of: ResourceMetrics,
    asked: {
      readonly labels: readonly string[]
      readonly fromMs: number
      readonly toMs: number
      readonly resources: readonly string[]
    }
  ): Promise<readonly { readonly resource: string; readonly label: string; readonly value: string }[]>
  insertRecommendations(recommendations: readonly Recommendation[]): Promise<void>
  /** The one with the greatest savings first. */
  openRecommendations(pipeline: string): Promise<readonly Recommendation[]>
  /** `detected_at` by anomaly id, for anomalies whose window ends at or after `sinceMs`. */
  detections(pipeline: string, sinceMs: number): Promise<ReadonlyMap<string, number>>
  /** The latest state of each incident that is open or was touched since `sinceMs`. */
  incidents(pipeline: string, sinceMs: number): Promise<readonly StoredIncident[]>
  /** The latest record of each notification decided since `sinceMs`, whatever its outcome. */
  notifications(pipeline: string, sinceMs: number): Promise<readonly NotificationRecord[]>
  insertServiceAlerts(alerts: readonly ServiceAlert[]): Promise<void>
  /** Alerts of other services that were accepted since `sinceMs` and that no stored incident has seen, in the order of their time. */
  unseenServiceAlerts(pipeline: string, sinceMs: number): Promise<readonly ServiceAlert[]>
  /** What is known of alerts with these ids, and which of these conditions are open. */
  knownServiceAlerts(
    pipeline: string,
    ids: readonly string[],
    conditions: readonly Condition[]
  ): Promise<KnownServiceAlerts>
  /** By kind and model, when alerts of other services were accepted since `sinceMs`. */
  serviceAlertTimes(pipeline: string, sinceMs: number): Promise<readonly (readonly [string, number])[]>
  /** The latest state of each that is asked for, of all pipelines, the one opened last first. */
  findIncidents(filter: IncidentFilter): Promise<readonly StoredIncident[]>
  /** The latest record of each that is asked for, of all pipelines, the one decided last first. */
  findNotifications(filter: NotificationFilter): Promise<readonly NotificationRecord[]>
  anomalies(filter: AnomalyFilter): Promise<readonly AnomalyRow[]>
  /** The one that was learned first; undefined before. */
  learnedCurrency(pipeline: string): Promise<LearnedCurrency | undefined>
  insertLearnedCurrency(pipeline: string, learned: LearnedCurrency): Promise<void>
  /** Rows that were written before are one with these. */
  insertAudit(rows: readonly AuditRow[]): Promise<void>
  /** Last rows of chains that no row names yet, the oldest first. */
  auditTips(limit: number): Promise<readonly AuditHead[]>
  /** The latest first. */
  auditRows(filter: {
    readonly sinceMs?: number | undefined
    readonly limit: number
  }): Promise<readonly AuditRow[]>
  /** All that rows name of other chains. */
  auditReferences(): Promise<readonly string[]>
  /** All rows of the places behind one, in the order of chains and places: at least `limit` while there are as many. */
  auditPage(after: Pick<AuditHead, 'chain' | 'seq'> | undefined, limit: number): Promise<readonly AuditRow[]>
  /** Takes names and texts of people out of old rows that nothing needs any more. Safe to be run twice, or cut short. */
  anonymise(options: AnonymiseOptions): Promise<Anonymised>
  /** Runs a user's SQL; gives the answer's bytes in the wanted ClickHouse format. */
  query(sql: string, format: string, isReadOnly?: boolean): Promise<AsyncIterable<Uint8Array>>
  close(): Promise<void>
}

export type StoreErrorCode =
  | 'UNREACHABLE'
  | 'AUTHENTICATION'
  | 'TIMEOUT'
  | 'QUERY'
  | 'NEWER_SCHEMA'
  | 'EMBEDDED_MISSING'
  | 'FOLDER_LOCKED'
