import { expect, test } from 'vitest'
import type { Mark, SeriesAnswer } from '../../../src/web/api/series.ts'
import { rangeOf, runsOf } from '../../../web/chart/points.ts'
import { pointsOf, spanOf } from '../../../web/chart/series.ts'

const minute = 60_000
const start = Date.UTC(2026, 10, 28, 12)
const iso = (ms: number) => new Date(ms).toISOString()

const series: SeriesAnswer = {
  metric: 'revenue',
  segment: 'all',
  unit: 'money',
  currency: 'USD',
  additive: true,
  window_ms: minute,
  step_ms: minute,
  from: iso(start),
  to: iso(start + 4 * minute),
  at: [0, 1, 2, 3].map(index => start + index * minute),
  value: [null, 10, 4, 12],
  min: null,
  max: null,
  expected: [null, 11, 11, 11],
  lower: [null, 5, 5, 5],
  upper: [null, null, null, null],
  band: [null, 'judged', 'judged', 'judged'],
  complete: [null, true, true, true]
}

const mark = (end: number, more: Partial<Mark> = {}): Mark => ({
  id: `${end}`,
  kind: 'revenue_drop',
  severity: 'high',
  metric: 'revenue',
  segment: 'all',
  window_start: iso(end - 5 * minute),
  window_end: iso(end),
  value: 4,
  expected: 11,
  details: '',
  ...more
})

test('an anomaly is marked at the window that it ends with, and only in its own series', () => {
  const marks = [mark(start + 3 * minute), mark(start + 4 * minute, { segment: 'country=DE' })]
  const points = pointsOf(series, marks)
  expect(points.map(({ anomaly }) => anomaly)).toEqual([null, null, 'drop', null])
  expect(points[2]).toMatchObject({ at: start + 2.5 * minute, value: 4, expected: 11, lower: 5, upper: null })
})

test('in steps of several windows it is marked at the step it falls into', () => {
  const wide = { ...series, step_ms: 10 * minute, at: [0, 1, 2, 3].map(index => start + index * 10 * minute) }
  const rise = { value: 20 }
  const points = pointsOf(wide, [mark(start + 13 * minute, rise), mark(start + 20 * minute, rise)])
  expect(points.map(({ anomaly }) => anomaly)).toEqual([null, 'rise', null, null])
})

test('a time axis begins with the first value of any of its series', () => {
  const later = { ...series, value: [null, null, 1, 1] }
  expect(spanOf(series, [later, series])).toEqual([start + minute, start + 4 * minute])
  expect(spanOf(series, [{ ...series, value: [null, null, null, null] }])).toEqual([
    start,
    start + 4 * minute
  ])
})

test('what lies next to each other is one run', () => {
  const points = pointsOf({ ...series, value: [1, null, 1, 1] })
  expect(runsOf(points, ({ value }) => value !== null)).toEqual([
    [0, 0],
    [2, 3]
  ])
})

test('a scale has room for the value, the band and the envelope, and begins at nought where that means something', () => {
  const [from, to] = rangeOf(pointsOf({ ...series, min: [null, 1, 1, 1], max: [null, 30, 30, 30] }), true)
  expect(from).toBe(0)
  expect(to).toBeGreaterThan(30)
  expect(rangeOf(pointsOf(series), false)[0]).toBeLessThan(4)
  expect(rangeOf([], true)).toEqual([0, 1])
  expect(rangeOf(pointsOf({ ...series, value: [-5, 1, 1, 1] }), true)[0]).toBeLessThan(-5)
})
