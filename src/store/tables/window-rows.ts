import { z } from 'zod'
import type { Band, JudgedWindow } from '../../../detectors/types.ts'
import type { MetricValue, SegmentValue, WindowMetrics } from '../../metrics/types.ts'
import type { Segment } from '../../window/segment.ts'
import { dateTime, type Table } from './table.ts'

/** One metric of one window and segment. */
interface WindowCell {
  readonly window: {
    readonly pipeline: string
    readonly start: string
    readonly end: string
    readonly complete: 0 | 1
    readonly records: number
  }
  readonly metric: string
  readonly dimension: string
  readonly segment: Segment
  readonly of: MetricValue
  readonly band: Band | undefined
}

export const windowTable: Table<WindowCell> = {
  name: 'window_metrics',
  columns: {
    pipeline: ({ window }) => window.pipeline,
    metric: ({ metric }) => metric,
    dimension: ({ dimension }) => dimension,
    segment: ({ segment }) => segment,
    window_start: ({ window }) => window.start,
    window_end: ({ window }) => window.end,
    value: ({ of }) => of.value,
    numerator: ({ of }) => of.numerator,
    denominator: ({ of }) => of.denominator,
    sample_size: ({ of }) => of.sampleSize,
    squares: ({ of }) => of.squares,
    expected: ({ band }) => band?.expected ?? null,
    lower: ({ band }) => band?.lower ?? null,
    upper: ({ band }) => band?.upper ?? null,
    band: ({ band }) => band?.state ?? '',
    complete: ({ window }) => window.complete,
    records: ({ window }) => window.records
  }
}

export function* cellsOfWindows(pipeline: string, windows: readonly JudgedWindow[]): Generator<WindowCell> {
  for (const { start, end, complete, records, values, segments, bands } of windows) {
    const times = { start: dateTime(start), end: dateTime(end) }
    const window = { pipeline, ...times, complete: complete ? 1 : 0, records } as const
    for (const [metric, of] of values)
      yield {
        window,
        metric,
        dimension: 'all',
        segment: 'all',
        of,
        band: bands?.get(metric)?.get('all')
      }
    for (const of of segments)
      yield {
        window,
        metric: of.metric,
        dimension: of.dimension,
        segment: of.segment,
        of,
        band: bands?.get(of.metric)?.get(of.segment)
      }
  }
}

const ms = (column: string) => `toUnixTimestamp64Milli(${column})`

/** One line a window, its rows in an array; only rows of its fullest version are wanted, the reader picks them. */
export const windowColumns = [
  `${ms('window_start')} AS start_ms`,
  `${ms('window_end')} AS end_ms`,
  'max(records) AS most_records',
  'argMax(complete, records)',
  'groupArray((metric, dimension, segment, value, numerator, denominator, sample_size, squares, records))'
].join(', ')

type Measured = readonly [
  metric: string,
  dimension: string,
  segment: Segment,
  value: number | null,
  numerator: number,
  denominator: number,
  sampleSize: number,
  squares: number,
  records: number
]

/** The types of the rows are those of the columns: checking each of millions would double the time of a read. */
const windowLine = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.custom<readonly Measured[]>(Array.isArray)
])

export function windowOfLine(line: string): WindowMetrics {
  const [start, end, records, complete, measured] = windowLine.parse(JSON.parse(line))
  const sorted = measured.toSorted((a, b) => order(a[0], b[0]) || order(a[2], b[2]))
  const values = new Map<string, MetricValue>()
  const segments: SegmentValue[] = []
  for (const row of sorted) {
    const [metric, dimension, segment, value, numerator, denominator, sampleSize, squares, version] = row
    // A row of a thinner version that the fuller one does not have: it says nothing of this window.
    if (version !== records) continue
    const of = { value, numerator, denominator, sampleSize, squares }
    if (segment === 'all') values.set(metric, of)
    else segments.push({ metric, dimension, segment, ...of })
  }
  return { start, end, complete: complete === 1, records, values, segments }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
