import { expect, test } from 'vitest'
import { readingOf } from '../../../detectors/shop.ts'
import { minuteMs, startMs } from '../detect/shop-windows.ts'

function minuteOf(visits: number, complete = true) {
  const value = { value: visits, numerator: visits, denominator: 1, sampleSize: visits, squares: 0 }
  const values = new Map([['visits', value]])
  return { start: startMs, end: startMs + minuteMs, complete, records: visits, segments: [], values }
}

test('one visit in a window is not counted among the further ones', () => {
  expect([0, 1, 9].map(visits => readingOf(minuteOf(visits), 'furtherVisits'))).toEqual([
    { count: 0, exposure: 1 },
    { count: 0, exposure: 1 },
    { count: 8, exposure: 1 }
  ])
})

test('an incomplete window and a metric that is not there say nothing', () => {
  expect(readingOf(minuteOf(9, false), 'furtherVisits')).toBeUndefined()
  expect(readingOf(minuteOf(9), 'events')).toBeUndefined()
})
