import { describe, expect, test } from 'vitest'
import type { BaselineComparison } from '../../../../detectors/baseline/series.ts'
import { counted } from '../../../../detectors/rules/measurement.ts'
import type { Direction } from '../../../../detectors/stats/significance.ts'

const improbable = 1e-5

/** How probable a count is where `expected` was, of late, and `usual` is at this time of day. */
function probabilityOf(
  direction: Direction,
  observed: number,
  { expected, usual, usualSd = 0.1 }: { expected: number; usual?: number; usualSd?: number }
): number {
  const comparison: BaselineComparison = {
    observed,
    exposure: 1,
    windows: 5,
    rate: expected,
    squares: 0,
    unit: 1,
    filterVariance: 0,
    expectation: { mean: expected, dispersion: 1, levelSd: 0.05 },
    usual: usual === undefined ? undefined : { mean: usual, dispersion: 1, levelSd: usualSd },
    baseline: 'time_of_day'
  }
  return counted(comparison).probability(direction)
}

describe('a level that has left the usual one of its time of day', () => {
  test('may come back to it at once', () => {
    expect(probabilityOf('drop', 100, { expected: 200 })).toBeLessThan(improbable)
    expect(probabilityOf('drop', 100, { expected: 200, usual: 100 })).toBeGreaterThan(0.3)
    expect(probabilityOf('rise', 200, { expected: 100 })).toBeLessThan(improbable)
    expect(probabilityOf('rise', 200, { expected: 100, usual: 200 })).toBeGreaterThan(0.3)
  })

  test('may not go beyond it', () => {
    expect(probabilityOf('drop', 30, { expected: 200, usual: 100 })).toBeLessThan(improbable)
    expect(probabilityOf('rise', 500, { expected: 100, usual: 200 })).toBeLessThan(improbable)
  })

  test('may not go further away from it', () => {
    expect(probabilityOf('rise', 400, { expected: 200, usual: 100 })).toBeLessThan(improbable)
    expect(probabilityOf('drop', 30, { expected: 100, usual: 200 })).toBeLessThan(improbable)
  })

  test('comes back to anywhere near it only if it has gone far', () => {
    const usual = { usual: 200, usualSd: 0.3 }
    expect(probabilityOf('drop', 120, { expected: 400, ...usual })).toBeGreaterThan(0.01)
    expect(probabilityOf('drop', 120, { expected: 210, ...usual })).toBeLessThan(improbable)
  })
})
