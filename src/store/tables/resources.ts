import { z } from 'zod'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'

/** What a resource did in a span of days. Times in milliseconds since the epoch. */
export interface ResourceUse {
  /** A value of the dimension. */
  readonly resource: string
  readonly utilization: number
  /** Of the whole span. */
  readonly cost: number
  /** Those with a measure of it. */
  readonly days: number
  /** The end of the last window with it, within the span or later. */
  readonly lastSeen: number
  /** The same of any resource. */
  readonly anyLastSeen: number
}

export interface ResourceMetrics {
  /** A sum of money by resource. */
  readonly cost: string
  /** A ratio by resource: the share of its time that it worked. */
  readonly utilization: string
  readonly dimension: string
}

const figure = z.number()
const useLine = z.tuple([z.string(), figure, figure, figure, figure, figure, figure])
const dayLine = z.tuple([z.string(), z.number(), z.number()])
const labelLine = z.tuple([z.string(), z.string(), z.string()])

type ResourceCalls = Pick<Store, 'idleResources' | 'resourceDays' | 'resourceLabels'>

/** The rows of one resource are beside each other, so that only those of the dimension, and of the time, are read. */
const ofDimension = `segment >= {prefix:String} AND segment < {behind:String}`
const prefixOf = (dimension: string) => `${dimension}=`
const boundsOf = (dimension: string) => ({ prefix: prefixOf(dimension), behind: `${dimension}>` })
const at = (name: string) => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`
/** Where the day begins that a window begins in. */
const day = `roundDown(toUnixTimestamp64Milli(window_start), arrayMap(bound -> toInt64(bound), {bounds:Array(String)}))`

/** What single resources did, added up by the store: a row for each resource, or for each of its days. */
export const resourceCalls = ({ database, select }: Requests): ResourceCalls => ({
  idleResources(pipeline, { cost, utilization, dimension }, { boundsMs, below }) {
    const [from = 0, to = 0] = [boundsMs[0], boundsMs.at(-1)]
    const rows = `${database}.window_metrics FINAL
        WHERE pipeline = {pipeline:String} AND dimension = {dimension:String} AND ${ofDimension}
          AND metric IN ({cost:String}, {utilization:String}) AND segment != {rest:String}`
    const isMeasured = `metric = {utilization:String} AND window_start < ${at('to')}`
    const sql = `SELECT segment, sumIf(numerator, ${isMeasured}) AS used, sumIf(denominator, ${isMeasured}) AS measured,
        sumIf(numerator, metric = {cost:String} AND window_start < ${at('to')}),
        uniqExactIf(${day}, ${isMeasured}), toUnixTimestamp64Milli(max(window_end)),
        (SELECT toUnixTimestamp64Milli(max(window_end)) FROM ${rows} AND window_start >= ${at('last')})
      FROM ${rows} AND window_start >= ${at('from')}
      GROUP BY segment HAVING measured > 0 AND used < {below:Float64} * measured ORDER BY segment`
    const params = {
      ...{ pipeline, cost, utilization, dimension, below, rest: `${dimension}=other` },
      ...boundsOf(dimension),
      bounds: boundsMs.map(String),
      ...{ from: timeParam(from), to: timeParam(to), last: timeParam(boundsMs.at(-2) ?? from) }
    }
    return select(sql, params, line => {
      const [segment, used, measured, spent, days, lastSeen, anyLastSeen] = useLine.parse(JSON.parse(line))
      const resource = segment.slice(prefixOf(dimension).length)
      return { resource, utilization: used / measured, cost: spent, days, lastSeen, anyLastSeen }
    })
  },

  resourceDays(pipeline, { utilization, dimension }, { boundsMs, resources }) {
    const sql = `SELECT segment, ${day} AS day, sum(numerator) / sum(denominator)
      FROM ${database}.window_metrics FINAL
      WHERE pipeline = {pipeline:String} AND metric = {utilization:String} AND segment IN {segments:Array(String)}
        AND window_start >= ${at('from')} AND window_start < ${at('to')}
      GROUP BY segment, day HAVING sum(denominator) > 0 ORDER BY segment, day`
    const params = {
      ...{ pipeline, utilization, bounds: boundsMs.map(String) },
      segments: resources.map(resource => `${prefixOf(dimension)}${resource}`),
      ...{ from: timeParam(boundsMs[0] ?? 0), to: timeParam(boundsMs.at(-1) ?? 0) }
    }
    return select(sql, params, line => {
      const [segment, begin, share] = dayLine.parse(JSON.parse(line))
      return {
        resource: segment.slice(prefixOf(dimension).length),
        day: boundsMs.indexOf(begin),
        utilization: share
      }
    })
  },

  resourceLabels(pipeline, { cost, dimension }, { labels, fromMs, toMs, resources }) {
    // Of a resource that moved, where it was last. A combination's name holds both: `resource_id=gpu-17 × gpu=H100`.
    const sql = `SELECT dimension, splitByString(' × ', segment)[1] AS resource,
        argMax(splitByString(' × ', segment)[2], window_start)
      FROM ${database}.window_metrics FINAL
      WHERE pipeline = {pipeline:String} AND metric = {cost:String} AND dimension IN {dimensions:Array(String)}
        AND ${ofDimension} AND resource IN {segments:Array(String)}
        AND window_start >= ${at('from')} AND window_start < ${at('to')}
      GROUP BY dimension, resource`
    const combined = new Map(labels.map(label => [`${dimension} × ${label}`, label]))
    const params = {
      ...{ pipeline, cost, dimensions: [...combined.keys()], ...boundsOf(dimension) },
      segments: resources.map(resource => `${prefixOf(dimension)}${resource}`),
      ...{ from: timeParam(fromMs), to: timeParam(toMs) }
    }
    return select(sql, params, line => {
      const [combination, segment, value] = labelLine.parse(JSON.parse(line))
      const label = combined.get(combination) ?? combination
      const resource = segment.slice(prefixOf(dimension).length)
      return { resource, label, value: value.slice(prefixOf(label).length) }
    })
  }
})
