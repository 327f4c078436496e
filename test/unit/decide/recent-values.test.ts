import { expect, test } from 'vitest'
import type { Band, Bands } from '../../../detectors/types.ts'
import { createRecentValues } from '../../../src/decide/recent-values.ts'
import type { Segment } from '../../../src/window/segment.ts'
import { windowAt } from '../../support/decisions.ts'

const of = (value: number) => ({ value, numerator: value, denominator: 1, sampleSize: 1, squares: 0 })
const row = (metric: string, segment: Segment, value: number) => ({
  metric,
  dimension: 'category',
  segment,
  ...of(value)
})
const added = (metric: string, segment: Segment) => ({ metric, segment, additive: true })

test('the last twenty windows are shown, oldest first, with a gap where none has a value', () => {
  const recent = createRecentValues()
  for (let minute = 0; minute < 25; minute++) {
    const segments = minute === 24 ? [row('orders', 'category=shoes', 7)] : []
    recent.push(windowAt(minute, { values: new Map([['events', of(minute)]]), segments }))
  }
  expect(recent.values(added('events', 'all'))).toEqual(Array.from({ length: 20 }, (_, at) => at + 5))
  expect(recent.values(added('orders', 'category=shoes'))).toEqual([...Array(19).fill(null), 7])
  expect(recent.values(added('revenue', 'category=hats'))).toEqual([])
  recent.clear()
  expect(recent.values(added('events', 'all'))).toEqual([])
})

test('a segment that is dead has nothing where others have something', () => {
  const recent = createRecentValues()
  const rows = (segment: Segment) =>
    ['orders', 'category_share', 'conversion_rate'].map(metric => row(metric, segment, 1))
  recent.push(windowAt(0, { segments: [...rows('category=shoes'), ...rows('category=hats')] }))
  recent.push(windowAt(1, { segments: rows('category=hats') }))
  const shoes = { segment: 'category=shoes', additive: false } as const
  expect(recent.values(added('orders', 'category=shoes'))).toEqual([1, 0])
  expect(recent.values({ metric: 'category_share', ...shoes })).toEqual([1, 0])
  expect(recent.values({ metric: 'conversion_rate', ...shoes })).toEqual([1, null])
})

test('a chart has three hours with what was judged of them, from the first value on', () => {
  const recent = createRecentValues()
  const band = { state: 'judged', expected: 10, lower: 5, upper: 15 } as const
  const bandsOf = (one: Band): Bands =>
    new Map([
      [
        'orders',
        new Map<Segment, Band>([
          ['all', one],
          ['category=shoes', one]
        ])
      ]
    ])
  recent.push(windowAt(0))
  expect(recent.chart(added('orders', 'all'))).toBe(null)
  for (let minute = 1; minute < 200; minute++) {
    const bands = bandsOf(minute < 190 ? band : { ...band, state: 'incomplete' })
    const segments = [row('orders', 'category=shoes', minute)]
    recent.push(windowAt(minute, { values: new Map([['orders', of(minute)]]), segments, bands }))
  }
  for (const segment of ['all', 'category=shoes'] as const) {
    const { windowMs, points = [] } = recent.chart(added('orders', segment)) ?? {}
    expect([windowMs, points.length]).toEqual([60_000, 180])
    expect(points[0]).toEqual({ start: windowAt(20).start, value: 20, expected: 10, lower: 5, upper: 15 })
    expect(points.at(-1)).toEqual({
      start: windowAt(199).start,
      value: 199,
      expected: null,
      lower: null,
      upper: null
    })
  }
})

test('of very many segments no more is kept than a message shows', () => {
  const recent = createRecentValues()
  const names = Array.from({ length: 2_000 }, (_, at): Segment => `category=${at}`)
  for (let minute = 0; minute < 40; minute++)
    recent.push(windowAt(minute, { segments: names.map(name => row('orders', name, minute)) }))
  expect(recent.values(added('orders', 'category=7'))).toEqual(Array.from({ length: 20 }, (_, at) => at + 20))
  expect(recent.chart(added('orders', 'category=7'))?.points).toHaveLength(20)
})
