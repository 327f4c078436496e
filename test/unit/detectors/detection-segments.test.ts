import { describe, expect, test } from 'vitest'
import { createDetection } from '../../../detectors/detection.ts'
import type { Detection, Finding } from '../../../detectors/types.ts'
import { detectorsSchema } from '../../../src/config/detectors.ts'
import { type Cell, minuteMs, type SegmentShop, startMs, windowAt } from './segments/segment-shop.ts'

const newDetection = () =>
  createDetection({
    detectors: detectorsSchema.parse({}),
    windowMs: minuteMs,
    timezone: 'UTC',
    currency: 'USD',
    segments: { watch: ['payment_method', 'country', 'category'], top: 50 }
  })

const from = 600

/** Ten hours of a usual shop of 50 orders a minute, then what is done to it for a quarter of an hour. */
function told(rate: (cell: Cell, minute: number) => number, minutes = 15): readonly Finding[] {
  return judged(shopOf(rate), newDetection(), 0, from + minutes)
}

const shopOf = (rate: (cell: Cell, minute: number) => number): SegmentShop => ({
  seed: 1,
  ordersPerMinute: 50,
  rate: (cell, atMs) => {
    const minute = Math.round((atMs - startMs) / minuteMs) - from
    return minute >= 0 ? rate(cell, minute) : 1
  }
})

function judged(shop: SegmentShop, detection: Detection, first: number, end: number): readonly Finding[] {
  return Array.from(
    { length: end - first },
    (_, i) => detection.judge(windowAt(shop, first + i)).findings
  ).flat()
}

const subjects = (findings: readonly Finding[]) => [
  ...new Set(findings.map(({ kind, segment }) => `${kind} ${segment}`))
]

describe('one cause is one finding', () => {
  test('what the whole shop shows is told of it, with the segments that explain it', () => {
    const findings = told(({ method }) => (method === 'card' || method === 'paypal' ? 0 : 1))
    expect(subjects(findings)).toEqual(['revenue_drop all'])
    const last = findings.at(-1)
    expect(last?.explainedBy.map(({ segment }) => segment)).toEqual([
      'payment_method=card',
      'payment_method=paypal'
    ])
    expect(last?.explainedBy[0]?.share).toBeCloseTo(0.62, 1)
    expect(last?.explainedBy[0]?.value).toBe(0)
    expect(last?.details).toMatch(/ [56]\d% of it is payment_method=card\.$/)
  })

  test('where all fall alike, no segment is named', () => {
    const findings = told(({ of }) => (of === 'orders' ? 0.1 : 1))
    expect(subjects(findings)).toEqual(['revenue_drop all'])
    expect(findings.flatMap(({ explainedBy }) => explainedBy)).toEqual([])
  })

  test('where one falls a little more than all others, it is not the one', () => {
    const shop = shopOf(({ of, country }) => (of === 'events' ? 1 : country === 'US' ? 0.3 : 0.45))
    const findings = judged({ ...shop, ordersPerMinute: 500 }, newDetection(), 0, from + 15)
    expect(subjects(findings)).toEqual(['revenue_drop all'])
    expect(findings.flatMap(({ explainedBy }) => explainedBy)).toEqual([])
  })

  test('a method and a country that fell together are one finding that names both', () => {
    const findings = told(({ of, country, method }) =>
      of === 'orders' && (country === 'DE' || method === 'klarna') ? 0 : 1
    )
    expect(findings.length).toBeGreaterThan(0)
    expect(new Set(findings.map(({ segment }) => segment)).size).toBe(1)
  })

  test('a segment that falls an hour later is a cause of its own', () => {
    const findings = told(
      ({ of, country, method }, minute) =>
        of === 'orders' && ((minute < 90 && country === 'GB') || (minute >= 60 && method === 'klarna'))
          ? 0
          : 1,
      90
    )
    expect(subjects(findings)).toEqual(['revenue_drop country=GB', 'revenue_drop payment_method=klarna'])
  })

  test('a flood from one country names it', () => {
    const findings = told(({ of, country }) => (of === 'events' && country === 'NL' ? 12 : 1))
    const spikes = findings.filter(({ kind }) => kind === 'traffic_spike')
    expect(spikes.at(-1)?.explainedBy.map(({ segment }) => segment)).toEqual(['country=NL'])
    expect(findings.filter(({ kind }) => kind === 'traffic_drop')).toEqual([])
  })
})

test('segments are learned anew from the stored past: a run cut in two tells the same', () => {
  const shop = shopOf(({ method }, minute) => (method === 'paypal' && minute >= 5 ? 0 : 1))
  const whole = newDetection()
  judged(shop, whole, 0, from)
  const again = newDetection()
  for (let index = 0; index < from; index += 1) again.learn(windowAt(shop, index))
  const expected = judged(shop, whole, from, from + 20)
  expect(subjects(expected)).toEqual(['revenue_drop payment_method=paypal'])
  expect(judged(shop, again, from, from + 20)).toEqual(expected)
})
