import { expect, test } from 'vitest'
import type { Span } from '../../../../bench/detect/series/labelled.ts'
import { type Profile, profiles, scoreNab } from '../../../../bench/detect/series/nab-score.ts'

const hour = 3_600_000
const anomaly: Span = [100, 109]

function scored(odd: readonly number[], anomalies: readonly Span[] = [anomaly]) {
  const times = Array.from({ length: 200 }, (_, row) => row * hour)
  const scores = new Float64Array(200)
  for (const row of odd) scores[row] = 1
  return { series: { name: 'one', stepMs: hour, times, values: times.map(() => 1), anomalies }, scores }
}
const sigmoid = (x: number) => 2 / (1 + Math.exp(5 * x)) - 1
const score = (odd: readonly number[], profile: Profile = profiles.standard) =>
  scoreNab([scored(odd)], 1, profile)

test('a detector that says nothing has 0, and one that says it in the first row 100', () => {
  expect(score([])).toBe(0)
  expect(score([100])).toBeCloseTo(100, 12)
  expect(score([100], profiles['few missed'])).toBeCloseTo(100, 12)
})

test('the later in the span, the less it counts', () => {
  // Half of the span is left: −(109 − 105 + 1) ÷ 10.
  expect(score([105])).toBeCloseTo(50 + (50 * sigmoid(-0.5)) / sigmoid(-1), 10)
})

test('an alarm before any span costs its weight, one soon after a span less', () => {
  expect(score([50, 100])).toBeCloseTo(100 - 50 * 0.11, 10)
  expect(score([50, 100], profiles['few false alarms'])).toBeCloseTo(100 - 50 * 0.22, 10)
  // Row 119 is ten rows after the end of the span of ten: 10 ÷ 9.
  expect(score([100, 119])).toBeCloseTo(100 + 50 * 0.11 * sigmoid(10 / 9), 10)
  expect(score([100, 190])).toBeCloseTo(100 - 50 * 0.11, 10)
})

test('the first rows do not count, nor any row of an alarm but its first', () => {
  expect(score([29, 100])).toBeCloseTo(100, 12)
  expect(score([30, 100])).toBeCloseTo(100 - 50 * 0.11, 10)
  expect(score([50, 51, 52, 100])).toBeCloseTo(100 - 50 * 0.11, 10)
})

test('series count together', () => {
  expect(scoreNab([scored([100]), scored([])], 1, profiles.standard)).toBeCloseTo(50, 12)
})
