import { z } from 'zod'
import type { WindowMetrics } from '../../metrics/types.ts'
import type { CountedOrders } from '../../window/orders/memory.ts'
import { dateTime, type Table } from './table.ts'

interface OrdersRow {
  readonly pipeline: string
  readonly window: WindowMetrics
  readonly keys: Float64Array
}

export const orderTable: Table<OrdersRow> = {
  name: 'counted_orders',
  columns: {
    pipeline: ({ pipeline }) => pipeline,
    window_start: ({ window }) => dateTime(window.start),
    window_end: ({ window }) => dateTime(window.end),
    purchases: ({ keys }) => keys.length,
    fingerprints: ({ keys }) => Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength).toString('base64'),
    records: ({ window }) => window.records
  }
}

export const ordersOfWindows = (pipeline: string, windows: readonly WindowMetrics[]): readonly OrdersRow[] =>
  windows.flatMap(window => {
    const keys = window.orders?.keys
    return keys === undefined || keys.length === 0 ? [] : { pipeline, window, keys }
  })

export const orderColumns = 'toUnixTimestamp64Milli(window_start), fingerprints'

const orderLine = z.tuple([z.number(), z.base64()])

export function ordersOfLine(line: string): CountedOrders {
  const [start, text] = orderLine.parse(JSON.parse(line))
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  return { start, keys: new Float64Array(bytes.buffer) }
}
