import { expect, test } from 'vitest'
import { alarmsOf, scoreEvents } from '../../../../bench/detect/series/episodes.ts'
import type { Span } from '../../../../bench/detect/series/labelled.ts'

const hour = 3_600_000

/** An hourly series of so many rows, odd in some of them. */
function scored(rows: number, odd: readonly number[], anomalies: readonly Span[]) {
  const times = Array.from({ length: rows }, (_, row) => row * hour)
  const scores = new Float64Array(rows)
  for (const row of odd) scores[row] = 3
  return { series: { name: 'one', stepMs: hour, times, values: times.map(() => 1), anomalies }, scores }
}

test('an alarm goes on over two quiet rows and ends after three', () => {
  expect(alarmsOf(scored(20, [2, 5, 9], []), 3)).toEqual([
    [2, 5],
    [9, 9]
  ])
  expect(alarmsOf(scored(20, [2], []), 3.1)).toEqual([])
})

test('an anomaly is found if a row of it is odd, and an alarm is false if it touches none', () => {
  // Rows 10 to 14 are found in the third row; 50 to 52 are missed; 80 is false.
  const one = scored(
    168,
    [12, 13, 80],
    [
      [10, 14],
      [50, 52]
    ]
  )
  expect(scoreEvents([one], 3)).toEqual({
    anomalies: 2,
    found: 1,
    falseAlarms: 1,
    precision: 0.5,
    recall: 0.5,
    f1: 0.5,
    delay: 120,
    falseAlarmsAWeek: 1
  })
})

test('a detector that says nothing has found nothing', () => {
  expect(scoreEvents([scored(168, [], [[10, 14]])], 3)).toMatchObject({
    f1: 0,
    precision: 0,
    delay: undefined
  })
})
