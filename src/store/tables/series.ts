import { z } from 'zod'
import type { Band } from '../../../detectors/types.ts'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'

export interface SeriesKey {
  readonly metric: string
  readonly segment: string
}

/** One step of a series: its windows together. */
export interface SeriesStep extends SeriesKey {
  /** Where it begins, a multiple of its length since the epoch. */
  readonly start: number
  readonly numerator: number
  readonly denominator: number
  /** Of its windows' values; null where none has one. */
  readonly least: number | null
  readonly greatest: number | null
  readonly mean: number | null
  /** Every window was seen whole. */
  readonly complete: boolean
  /** Of a step of one window, where that was asked for; null where nothing watches it. */
  readonly band: Band | null
}

interface SeriesAsked {
  readonly keys: readonly SeriesKey[]
  readonly fromMs: number
  readonly toMs: number
  readonly stepMs: number
  /** A step is one window, and its band is wanted. */
  readonly isWindow: boolean
}

export interface SeriesReads {
  /** Windows that begin in [fromMs, toMs), added up by steps; in order of metrics, segments and times. Steps without windows are left out. */
  series(pipeline: string, asked: SeriesAsked): Promise<readonly SeriesStep[]>
  /** Where the first stored window begins and the last one ends; undefined where there is none. */
  windowSpan(pipeline: string): Promise<{ readonly fromMs: number; readonly toMs: number } | undefined>
}

const number = z.number().nullable()
const stepLine = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  number,
  number,
  number,
  number,
  number,
  z.number(),
  number,
  number,
  number,
  z.enum(['judged', 'warming_up', 'incomplete', ''])
])
const spanLine = z.tuple([z.number(), z.number(), z.number()])

export const seriesCalls = ({ database, select }: Requests): SeriesReads => ({
  async series(pipeline, { keys, fromMs, toMs, stepMs, isWindow }) {
    if (keys.length === 0) return []
    const sql = `SELECT metric, segment,
        intDiv(toUnixTimestamp64Milli(window_start), {step:Int64}) * {step:Int64} AS start,
        sum(numerator), sum(denominator), min(value), max(value), avg(value), min(complete),
        ${isWindow ? 'any(expected), any(lower), any(upper), any(band)' : "NULL, NULL, NULL, ''"}
      FROM ${database}.window_metrics FINAL
      WHERE pipeline = {pipeline:String}
        AND metric IN {metrics:Array(String)} AND segment IN {segments:Array(String)}
        ${isProduct(keys) ? '' : 'AND has(arrayZip({metrics:Array(String)}, {segments:Array(String)}), (metric, segment))'}
        AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
        AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      GROUP BY metric, segment, start ORDER BY metric, segment, start`
    const params = {
      pipeline,
      metrics: keys.map(({ metric }) => metric),
      segments: keys.map(({ segment }) => segment),
      step: stepMs,
      from: timeParam(fromMs),
      to: timeParam(toMs)
    }
    return select(sql, params, line => {
      const [metric, segment, start, numerator, denominator, least, greatest, mean, complete, ...edges] =
        stepLine.parse(JSON.parse(line))
      const [expected, lower, upper, state] = edges
      const band = state === '' ? null : { expected, lower, upper, state }
      const sums = { numerator: numerator ?? 0, denominator: denominator ?? 0 }
      return { metric, segment, start, ...sums, least, greatest, mean, complete: complete === 1, band }
    })
  },

  async windowSpan(pipeline) {
    // A metric that every window has.
    const sql = `SELECT toUnixTimestamp64Milli(min(window_start)), toUnixTimestamp64Milli(max(window_end)), count()
      FROM ${database}.window_metrics
      WHERE pipeline = {pipeline:String} AND metric = 'events' AND segment = 'all'`
    const [found] = await select(sql, { pipeline }, line => spanLine.parse(JSON.parse(line)))
    return found === undefined || found[2] === 0 ? undefined : { fromMs: found[0], toMs: found[1] }
  }
})

/** Every metric is asked for with every segment: then conditions on single columns, which the table is in the order of, do. */
function isProduct(keys: readonly SeriesKey[]): boolean {
  const metrics = new Set(keys.map(({ metric }) => metric))
  const segments = new Set(keys.map(({ segment }) => segment))
  return metrics.size * segments.size === keys.length
}
