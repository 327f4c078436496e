import type { NotificationRecord, OperatorAction, StoredIncident } from '../incident/types.ts'
import type { MetricValue, SegmentValue, WindowMetrics } from '../metrics/types.ts'
import { fromStored, incidentKeys, notificationKeys } from './stored-keys.ts'

const ms = (column: string) => `toUnixTimestamp64Milli(${column})`

type Measured = readonly [
  metric: string,
  dimension: string,
  segment: string,
  value: number | null,
  numerator: number,
  denominator: number,
  sampleSize: number,
  squares: number,
  records: number
]
type WindowLine = readonly [start: number, end: number, records: number, measured: readonly Measured[]]

/** One line a window, its rows in an array; only rows of its fullest version are wanted, the reader picks them. */
export const windowColumns = [
  `${ms('window_start')} AS start_ms`,
  `${ms('window_end')} AS end_ms`,
  'max(records) AS most_records',
  'groupArray((metric, dimension, segment, value, numerator, denominator, sample_size, squares, records))'
].join(', ')

export function windowOfLine(line: string): WindowMetrics {
  const [start, end, records, measured] = JSON.parse(line) as WindowLine
  const sorted = measured.toSorted((a, b) => order(a[0], b[0]) || order(a[2], b[2]))
  const values = new Map<string, MetricValue>()
  const segments: SegmentValue[] = []
  for (const [
    metric,
    dimension,
    segment,
    value,
    numerator,
    denominator,
    sampleSize,
    squares,
    version
  ] of sorted) {
    // A row of a thinner version that the fuller one does not have: it says nothing of this window.
    if (version !== records) continue
    const of = { value, numerator, denominator, sampleSize, squares }
    if (segment === 'all') values.set(metric, of)
    else segments.push({ metric, dimension, segment, ...of })
  }
  return { start, end, complete: true, records, values, segments }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A record of which each row carries the whole, as JSON in its column `state`. */
function stateOfLine<T>(line: string): T {
  const [state] = JSON.parse(line) as readonly [string]
  return JSON.parse(state) as T
}

export const actionOfLine = (line: string): OperatorAction => stateOfLine<OperatorAction>(line)

/** What earlier versions did not write is filled in. */
export function incidentOfLine(line: string): StoredIncident {
  const stored = fromStored(stateOfLine<object>(line), incidentKeys) as StoredIncident
  const { severity, lastAnomaly, openedAt } = stored
  const { value, expected, windowEnd, explainedBy } = lastAnomaly
  return {
    ...stored,
    peak: stored.peak ?? { value, expected, severity, windowEnd },
    loss: stored.loss ?? null,
    explainedBy: stored.explainedBy ?? explainedBy ?? [],
    acknowledged: stored.acknowledged ?? null,
    flapping: stored.flapping ?? false,
    openings: stored.openings ?? [openedAt],
    lastNotified: stored.lastNotified ?? {},
    suppressedReasons: stored.suppressedReasons ?? {},
    silencedBy: stored.silencedBy ?? null,
    pages: stored.pages ?? 1
  }
}

export function notificationOfLine(line: string): NotificationRecord {
  const stored = fromStored(stateOfLine<object>(line), notificationKeys) as NotificationRecord
  return {
    ...stored,
    incident: stored.incident ?? null,
    recent: stored.recent ?? [],
    inhibits: stored.inhibits ?? [],
    receipt: stored.receipt ?? null,
    requestId: stored.requestId ?? null,
    latencyMs: stored.latencyMs ?? null
  }
}
