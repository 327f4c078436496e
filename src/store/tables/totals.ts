import { z } from 'zod'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { SpanTotal, Store } from '../types.ts'

const spanLine = z.tuple([z.number(), z.string(), z.number(), z.number(), z.number()])
const segmentLine = z.tuple([z.string(), z.number()])

type TotalCalls = Pick<Store, 'totals' | 'segmentTotals'>

/** Sums over windows. Of windows that lack a part, what is there counts. */
export const totalCalls = ({ database, select }: Requests): TotalCalls => ({
  totals(pipeline, boundsMs, metrics) {
    const [from = 0] = boundsMs
    const to = boundsMs.at(-1) ?? from
    // The number of the span that a window begins in, from 1.
    const span = `arrayLastIndex(bound -> toInt64(bound) <= toUnixTimestamp64Milli(window_start), {bounds:Array(String)})`
    const sql = `SELECT ${span} AS span, metric, sum(numerator), sum(denominator),
        sum(toUnixTimestamp64Milli(window_end) - toUnixTimestamp64Milli(window_start))
      FROM ${database}.window_metrics FINAL
      WHERE pipeline = {pipeline:String} AND segment = 'all' AND metric IN {metrics:Array(String)}
        AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
        AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      GROUP BY span, metric ORDER BY span, metric`
    const params = {
      pipeline,
      metrics,
      bounds: boundsMs.map(String),
      from: timeParam(from),
      to: timeParam(to)
    }
    return select(sql, params, (line): SpanTotal => {
      const [number, metric, numerator, denominator, coveredMs] = spanLine.parse(JSON.parse(line))
      return { span: number - 1, metric, numerator, denominator, coveredMs }
    })
  },

  segmentTotals(pipeline, { metric, dimension, fromMs, toMs, limit }) {
    const sql = `SELECT segment, sum(numerator) AS total FROM ${database}.window_metrics FINAL
      WHERE pipeline = {pipeline:String} AND metric = {metric:String} AND dimension = {dimension:String}
        AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
        AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      GROUP BY segment HAVING total > 0 ORDER BY total DESC, segment LIMIT {limit:UInt64}`
    const params = { pipeline, metric, dimension, from: timeParam(fromMs), to: timeParam(toMs), limit }
    return select(sql, params, line => {
      const [segment, total] = segmentLine.parse(JSON.parse(line))
      return { segment, total }
    })
  }
})
