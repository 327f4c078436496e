import { describe, expect, test } from 'vitest'
import type { SegmentValue, WindowMetrics } from '../../../../src/metrics/types.ts'
import { feed, segmentsOf } from './feed.ts'
import { minuteMs, type SegmentShop, startMs, windowAt } from './segment-shop.ts'

const day = 1_440
const dayMs = day * minuteMs

describe('nothing is told', () => {
  test.each([
    [1, 2],
    [5, 2],
    [20, 8],
    [500, 2]
  ])('of a steady shop of %d orders a minute in %d days', (ordersPerMinute, days) => {
    const windows = feed(segmentsOf(), index => windowAt({ seed: 1, ordersPerMinute }, index), 0, days * day)
    expect(windows.flat()).toEqual([])
  })

  test.each([5, 500])('of %d orders a minute whose countries trade places over the day', ordersPerMinute => {
    const shop: SegmentShop = {
      seed: 1,
      ordersPerMinute,
      rate({ country }, atMs) {
        const wave = (2 / 3) * Math.sin((2 * Math.PI * atMs) / dayMs)
        return country === 'US' ? 1 + wave : 1 - wave
      }
    }
    expect(feed(segmentsOf(), index => windowAt(shop, index), 0, 2 * day).flat()).toEqual([])
  })

  test('of a segment that is closed every night', () => {
    const shop: SegmentShop = {
      seed: 1,
      ordersPerMinute: 50,
      rate: ({ country }, atMs) => (country === 'DE' && atMs % dayMs < 6 * 3_600_000 ? 0 : 1)
    }
    const windows = feed(segmentsOf(), index => windowAt(shop, index), 0, 3 * day)
    expect(windows.slice(2 * day).flat()).toEqual([])
  })

  test('of values that are ever new', () => {
    const known = { seed: 1, ordersPerMinute: 20 }
    const windows = feed(
      segmentsOf({ watch: ['category'] }),
      index => withCategories(windowAt(known, index), at => `item-${index}-${at}`),
      0,
      day
    )
    expect(windows.flat()).toEqual([])
  })

  test('of a value that may only have been counted among the others', () => {
    const shop = { seed: 1, ordersPerMinute: 20 }
    const isCut = (index: number) => index >= 240
    const windows = feed(
      segmentsOf(),
      index => {
        const window = windowAt(shop, index)
        return isCut(index) ? cut(window, 'category=books') : window
      },
      0,
      300
    )
    expect(windows.flat()).toEqual([])
  })

  test('of the end of an outage, nor of it once it has lasted for hours', () => {
    const outage = { fromMs: startMs + 6 * 3_600_000, toMs: startMs + 20 * 3_600_000 }
    const shop: SegmentShop = {
      seed: 1,
      ordersPerMinute: 50,
      rate: ({ method }, atMs) => (method === 'paypal' && atMs >= outage.fromMs && atMs < outage.toMs ? 0 : 1)
    }
    const told = feed(segmentsOf(), index => windowAt(shop, index), 0, 2 * day).flat()
    expect([...new Set(told.map(({ segment }) => segment))]).toEqual(['payment_method=paypal'])
    const last = Math.max(...told.map(({ windowEnd }) => windowEnd))
    expect(last).toBeGreaterThan(outage.fromMs + 6 * 3_600_000)
    expect(last).toBeLessThan(outage.fromMs + 9 * 3_600_000)
  })
})

/** Fifty categories that are never seen again, in place of those of the shop. */
function withCategories(window: WindowMetrics, nameAt: (at: number) => string): WindowMetrics {
  const others = window.segments.filter(({ dimension }) => dimension !== 'category')
  const fresh = Array.from({ length: 50 }, (_, at): SegmentValue => {
    const events = { value: 12, numerator: 12, denominator: 1, sampleSize: 12, squares: 0 }
    return { metric: 'events', dimension: 'category', segment: `category=${nameAt(at)}`, ...events }
  })
  return { ...window, segments: [...others, ...fresh] }
}

/** The window as if this segment had not been among those that are kept. */
function cut(window: WindowMetrics, segment: string): WindowMetrics {
  return {
    ...window,
    segments: window.segments.map(value =>
      value.segment === segment ? { ...value, segment: `${value.dimension}=other` } : value
    )
  }
}
