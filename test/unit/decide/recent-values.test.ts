import { expect, test } from 'vitest'
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
