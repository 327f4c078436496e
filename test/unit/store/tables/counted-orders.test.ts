import { expect, test } from 'vitest'
import type { WindowMetrics } from '../../../../src/metrics/types.ts'
import { ordersOfLine, ordersOfWindows, orderTable } from '../../../../src/store/tables/counted-orders.ts'

const start = Date.UTC(2026, 10, 21, 10)
const windowWith = (keys: Float64Array | undefined): WindowMetrics => ({
  start,
  end: start + 60_000,
  complete: true,
  records: 3,
  values: new Map(),
  segments: [],
  ...(keys && { orders: { keys, repeated: undefined } })
})

test('the fingerprints of a window are read as they were stored', () => {
  // Within a larger buffer: only its own part is stored.
  const keys = new Float64Array([1, 2 ** 52 + 1, 7_123_456_789, 5]).subarray(1, 3)
  const [row, ...more] = ordersOfWindows('shop', [windowWith(keys)])
  if (row === undefined) throw new Error('a window with orders has a row')
  const stored = Object.fromEntries(
    Object.entries(orderTable.columns).map(([name, read]) => [name, read(row)])
  )
  expect(more).toEqual([])
  expect(stored).toMatchObject({ pipeline: 'shop', purchases: 2, records: 3 })
  expect(ordersOfLine(JSON.stringify([start, stored['fingerprints']]))).toEqual({
    start,
    keys: Float64Array.of(2 ** 52 + 1, 7_123_456_789)
  })
})

test('a window without orders has no row', () => {
  expect(ordersOfWindows('shop', [windowWith(undefined), windowWith(new Float64Array(0))])).toEqual([])
})
