import { expect, test } from 'vitest'
import type { Measured } from '../../../../detectors/rules/measurement.ts'
import { severityOfDrop } from '../../../../detectors/rules/severity.ts'
import { countTail } from '../../../../detectors/stats/significance.ts'
import type { Ladder } from '../../../../detectors/types.ts'

const ladder: Ladder = [{ severity: 'critical', from: 0.5 }]

/** A Poisson count. */
function counted(observed: number, expected: number): Measured {
  const expectation = { mean: expected, dispersion: 1, levelSd: 0 }
  return {
    ...{ observed, expected, exposure: 1, windows: 2, sampleSize: observed, baseline: 'rolling' },
    ...{ spread: 0, dispersion: 1, standardError: 0 },
    zScore: () => 0,
    probability: (direction, value = observed) => countTail(direction, value, expectation)
  }
}

test.each([
  ['what is gone is critical at once', 0, 20, 'critical'],
  ['a drop of 55 % of few is not yet', 9, 20, 'high'],
  ['the same of many is', 900, 2_000, 'critical'],
  ['a drop of 49 % never is', 1_020, 2_000, 'high']
] as const)('%s', (_, observed, expected, severity) => {
  expect(severityOfDrop('high', ladder, counted(observed, expected))).toBe(severity)
})

test('a rung at a whole drop is reached where nothing is left', () => {
  const whole: Ladder = [{ severity: 'critical', from: 1 }]
  expect(severityOfDrop('high', whole, counted(0, 20))).toBe('critical')
  expect(severityOfDrop('high', whole, counted(1, 20))).toBe('high')
})
