import { describe, expect, test } from 'vitest'
import {
  countTail,
  countZScore,
  meanLogTail,
  meanValueTail
} from '../../../../detectors/stats/significance.ts'
import { countUpperTail, normalUpperTail } from '../../../../detectors/stats/tails.ts'

describe('improbability', () => {
  test('an uncertain level makes the same count less improbable', () => {
    const certain = countTail('drop', 10, { mean: 40, dispersion: 1.5, levelSd: 0 })
    const uncertain = countTail('drop', 10, { mean: 40, dispersion: 1.5, levelSd: 0.3 })
    expect(certain).toBeLessThan(1e-4)
    expect(uncertain).toBeGreaterThan(100 * certain)
  })

  test('two minutes without one of forty orders are improbable enough to be told', () => {
    expect(countTail('drop', 0, { mean: 40, dispersion: 1.5, levelSd: 0.15 })).toBeLessThan(1e-7)
  })

  test('few of many trials are as improbable as the binomial says, where the share varies no more', () => {
    const level = { mean: 26.6, levelSd: 0 }
    const count = countTail('drop', 8, { ...level, dispersion: 1 })
    const share = countTail('drop', 8, { ...level, dispersion: 0.24, trials: 35 })
    expect(count).toBeGreaterThan(1e-5)
    // Σ C(35, k) 0.76ᵏ 0.24³⁵⁻ᵏ over k ≤ 8
    let exact = 0
    for (let k = 0, ways = 1; k <= 8; ways = (ways * (35 - k)) / (k + 1), k += 1) {
      exact += ways * 0.76 ** k * 0.24 ** (35 - k)
    }
    expect(share / exact).toBeCloseTo(1, 6)
  })

  test('a share that varies more than a count is taken as one', () => {
    const seen = { mean: 26.6, levelSd: 0.1, dispersion: 1.5 }
    expect(countTail('drop', 8, { ...seen, trials: 35 })).toBe(countTail('drop', 8, seen))
  })

  test('of many counts only the level matters', () => {
    const tail = countTail('rise', 150_000, { mean: 100_000, dispersion: 1, levelSd: 0.1 })
    expect(tail).toBeGreaterThan(1e-5)
    expect(tail).toBeLessThan(1e-4)
  })

  test('the closed form for many counts continues the sum for fewer', () => {
    const below = countTail('drop', 260, { mean: 399, dispersion: 1, levelSd: 0.1 })
    const above = countTail('drop', 261.3, { mean: 401, dispersion: 1, levelSd: 0.1 })
    expect(Math.abs(Math.log(below / above))).toBeLessThan(1)
  })

  test('of many counts it is the normal tail of how far the logarithm lies, up and down', () => {
    const expectation = { mean: 100_000, dispersion: 4, levelSd: 0.1 }
    const spread = Math.sqrt(0.01 + 4 / 100_000)
    expect(countTail('drop', 70_000, expectation)).toBeCloseTo(normalUpperTail(-Math.log(0.7) / spread), 12)
    expect(countTail('rise', 130_000, expectation)).toBeCloseTo(normalUpperTail(Math.log(1.3) / spread), 12)
  })

  test('a rise of few counts is a negative binomial one, of a share too', () => {
    const known = { mean: 26, dispersion: 0.5, levelSd: 0 }
    expect(countTail('rise', 34, known)).toBe(countUpperTail(34, 26, 1))
    expect(countTail('rise', 34, { ...known, trials: 35 })).toBe(countUpperTail(34, 26, 1))
    expect(countTail('rise', 34, { ...known, levelSd: 0.2 })).toBeGreaterThan(countUpperTail(34, 26, 1))
  })

  test('a mean of amounts is log-normal up and gamma down', () => {
    const variance = Math.log(1.25)
    expect(meanValueTail('rise', 100, 50, 4, 1, 0.3)).toBe(
      normalUpperTail((Math.log(2) + variance / 2) / Math.sqrt(variance + 0.09))
    )
    expect(meanValueTail('drop', 25, 50, 4, 1, 0.3)).toBe(
      normalUpperTail(-(Math.cbrt(0.5) - 1 + 1 / 36) / Math.sqrt(1 / 36 + 0.01))
    )
    expect([meanValueTail('rise', 0, 50, 4, 1, 0.3), meanValueTail('rise', 5, 0, 4, 1, 0.3)]).toEqual([1, 1])
  })

  test('a mean of logarithms has the bound of an exponential tail, and none where it lies within', () => {
    expect(meanLogTail(0.5, 10, 0.02, 0.01)).toBeCloseTo(Math.exp(-0.125 / (0.03 + 0.035)), 12)
    expect([
      meanLogTail(0, 10, 0, 0),
      meanLogTail(-1, 10, 0.02, 0.01),
      meanLogTail(1, 0, 0.02, 0.01)
    ]).toEqual([1, 1, 1])
  })

  test('one cheap order is nothing, a hundred of them are', () => {
    expect(meanValueTail('drop', 5, 50, 1, 1, 0.05)).toBeGreaterThan(0.01)
    expect(meanValueTail('drop', 5, 50, 100, 1, 0.05)).toBeLessThan(1e-9)
  })

  test('a mean without terms says nothing', () => {
    expect(meanValueTail('drop', 0, 50, 0, 1, 0.05)).toBe(1)
  })

  test('a z-score takes the spread from the counts and from the level', () => {
    const sure = countZScore(130, { mean: 100, dispersion: 1, levelSd: 0 })
    expect(sure).toBeCloseTo(2 * (Math.sqrt(130.375) - Math.sqrt(100.375)), 12)
    expect(countZScore(130, { mean: 100, dispersion: 3, levelSd: 0.1 })).toBeCloseTo(sure / 2, 12)
  })
})
