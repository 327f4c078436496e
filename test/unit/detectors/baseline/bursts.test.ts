import { expect, test } from 'vitest'
import { createBurstReads, createBursts } from '../../../../detectors/baseline/bursts.ts'
import { createRowIndex } from '../../../../detectors/baseline/row-index.ts'
import type { WindowMetrics } from '../../../../src/metrics/types.ts'
import { count, ratio } from '../feed.ts'

const burstsOf = createBurstReads(createRowIndex())

function window(counts: Readonly<Record<string, number>>, purchases: number): WindowMetrics {
  return {
    start: 0,
    end: 60_000,
    complete: true,
    records: 1,
    values: new Map(Object.entries(counts).map(([metric, number]) => [metric, count(number)])),
    segments: [
      {
        metric: 'missing_price_rate',
        dimension: 'event_type',
        segment: 'event_type=purchase',
        ...ratio(0, purchases)
      }
    ]
  }
}

test('lines of an order and of a cart come together, whatever else comes one by one', () => {
  const busy = window(
    { events: 1_000, cart_adds: 300, carting_sessions: 20, orders: 10, purchasing_sessions: 10 },
    200
  )
  expect(burstsOf.cart_adds(busy)).toBe(2 * 15 - 1)
  expect(burstsOf.events(busy)).toBeCloseTo((300 * 29 + 200 * 39 + 500) / 1_000, 10)
})

test('purchases without an order id are of the sessions that bought', () => {
  const numberless = window({ events: 200, orders: 200, purchasing_sessions: 10 }, 200)
  expect(burstsOf.events(numberless)).toBe(2 * 20 - 1)
  expect(burstsOf.events(window({ events: 200, orders: 200 }, 200))).toBe(1)
})

test('events without lines, and no events, vary as if they came one by one', () => {
  expect(burstsOf.events(window({ events: 40 }, 0))).toBe(1)
  expect(burstsOf.events(window({}, 0))).toBe(1)
})

test('the burst of a count is that of its last hours, each window by its counts', () => {
  const bursts = createBursts()
  expect(bursts.value()).toBe(1)
  bursts.learn(10, 1)
  bursts.learn(30, 21)
  expect(bursts.value()).toBeCloseTo(16, 0)
})
