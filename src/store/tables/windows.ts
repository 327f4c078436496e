import { z } from 'zod'
import type { WindowMetrics } from '../../metrics/types.ts'
import { dayMs } from '../../time/units.ts'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import { orderColumns, ordersOfLine, ordersOfWindows, orderTable } from './counted-orders.ts'
import { cellsOfWindows, windowColumns, windowOfLine, windowTable } from './window-rows.ts'
import { versionColumns, versionOfLine } from './window-versions.ts'

/** Windows read in one request: a week of minutes, some 10 MB. */
const readSpanMs = 7 * dayMs

const spanLine = z.tuple([z.number(), z.number(), z.number()])

type WindowCalls = Pick<Store, 'insertWindows' | 'windows' | 'orders' | 'storedWindows'>

export function windowCalls({ database, insert, select }: Requests): WindowCalls {
  /** The narrowest [from, to) that holds every window of the wanted one; empty where there is none. */
  async function spanOf(pipeline: string, fromMs: number, toMs: number) {
    const sql = `SELECT toUnixTimestamp64Milli(min(window_start)), toUnixTimestamp64Milli(max(window_start)), count()
      FROM ${database}.window_metrics
      WHERE pipeline = {pipeline:String} AND segment = 'all'
        AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
        AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`
    const params = { pipeline, from: timeParam(fromMs), to: timeParam(toMs) }
    const [found] = await select(sql, params, line => spanLine.parse(JSON.parse(line)))
    return found === undefined || found[2] === 0 ? { from: 0, to: 0 } : { from: found[0], to: found[1] + 1 }
  }

  return {
    async insertWindows(pipeline, windows) {
      await insert(windowTable, cellsOfWindows(pipeline, windows))
      await insert(orderTable, ordersOfWindows(pipeline, windows))
    },

    async windows(pipeline, fromMs, toMs, segmentMetrics, which = 'complete', dimensions) {
      const windows: WindowMetrics[] = []
      const span = await spanOf(pipeline, fromMs, toMs)
      for (let from = span.from; from < span.to; from += readSpanMs) {
        const sql = `SELECT ${windowColumns} FROM ${database}.window_metrics FINAL
          WHERE pipeline = {pipeline:String} AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
            AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC') ${segmentCondition(segmentMetrics)}
            ${dimensions === undefined ? '' : 'AND dimension IN {dimensions:Array(String)}'}
          GROUP BY start_ms, end_ms ${which === 'complete' ? 'HAVING argMax(complete, records) = 1' : ''} ORDER BY start_ms, end_ms`
        const params = {
          pipeline,
          from,
          to: Math.min(span.to, from + readSpanMs),
          ...(segmentMetrics && { segmentMetrics }),
          ...(dimensions && { dimensions: ['all', ...dimensions] })
        }
        for (const window of await select(sql, params, windowOfLine)) windows.push(window)
      }
      return windows
    },

    orders(pipeline, fromMs, toMs) {
      const sql = `SELECT ${orderColumns} FROM ${database}.counted_orders FINAL
        WHERE pipeline = {pipeline:String} AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
          AND window_end <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
        ORDER BY window_start`
      const params = { pipeline, from: timeParam(fromMs), to: timeParam(toMs) }
      return select(sql, params, ordersOfLine)
    },

    async storedWindows(pipeline, fromMs, toMs) {
      const sql = `SELECT ${versionColumns} FROM ${database}.window_metrics FINAL
        WHERE pipeline = {pipeline:String} AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
          AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
        GROUP BY start_ms ORDER BY start_ms`
      const params = { pipeline, from: timeParam(fromMs), to: timeParam(toMs) }
      return new Map(await select(sql, params, versionOfLine))
    }
  }
}

/** The order of the table is by metric and segment, so that rows left out so are hardly touched. */
function segmentCondition(metrics: readonly string[] | undefined): string {
  if (metrics === undefined) return ''
  if (metrics.length === 0) return "AND segment = 'all'"
  return "AND (segment = 'all' OR metric IN {segmentMetrics:Array(String)})"
}
