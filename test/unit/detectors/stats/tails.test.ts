import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countLowerTail,
  countUpperTail,
  normalUpperTail,
  regularizedBeta,
  regularizedGamma,
  shareLowerTail
} from '../../../../detectors/stats/tails.ts'

describe('tails of distributions', () => {
  test('the normal tail is right far out', () => {
    expect(normalUpperTail(0)).toBeCloseTo(0.5, 7)
    expect(normalUpperTail(3) / 1.3498980316300946e-3).toBeCloseTo(1, 5)
    expect(normalUpperTail(5) / 2.8665157187919333e-7).toBeCloseTo(1, 5)
  })

  test('the incomplete functions agree with their closed forms', () => {
    expect(regularizedGamma(1, 2)).toBeCloseTo(1 - Math.exp(-2), 12)
    expect(regularizedBeta(0.3, 1, 4)).toBeCloseTo(1 - 0.7 ** 4, 12)
    expect(regularizedBeta(0.3, 5, 1)).toBeCloseTo(0.3 ** 5, 12)
  })

  test('the incomplete functions are sums of their distributions, below the middle and above it', () => {
    expect(regularizedGamma(3, 2)).toBeCloseTo(1 - 5 * Math.exp(-2), 12)
    expect(regularizedGamma(3, 10)).toBeCloseTo(1 - 61 * Math.exp(-10), 12)
    expect(regularizedGamma(3, 0)).toBe(0)
    // P(Y ≥ 5) of ten trials
    const atLeastFive = (rate: number) =>
      [252, 210, 120, 45, 10, 1].reduce(
        (sum, ways, more) => sum + ways * rate ** (5 + more) * (1 - rate) ** (5 - more),
        0
      )
    for (const rate of [0.05, 0.4, 0.6, 0.95])
      expect(regularizedBeta(rate, 5, 6) / atLeastFive(rate)).toBeCloseTo(1, 9)
    expect([regularizedBeta(0, 5, 6), regularizedBeta(1, 5, 6)]).toEqual([0, 1])
  })

  test('what cannot be less is certain, and what cannot be has no probability', () => {
    expect([countLowerTail(-1, 5, 1), countLowerTail(3, 0, 1)]).toEqual([0, 1])
    expect([countUpperTail(0, 5, 1), countUpperTail(3, 0, 1)]).toEqual([1, 0])
    expect([shareLowerTail(-1, 5, 3, 0.4), shareLowerTail(6, 5, 3, 0.4)]).toEqual([0, 1])
  })

  test('without overdispersion a count is Poisson', () => {
    expect(countLowerTail(0, 10, 1)).toBeCloseTo(Math.exp(-10), 12)
    expect(countLowerTail(3, 5, 1)).toBeCloseTo(0.2650259152973616, 10)
    expect(countUpperTail(10, 5, 1)).toBeCloseTo(0.0318280573062, 3)
  })

  test('silence is as probable as no bunch at all', () => {
    expect(countLowerTail(0, 40, 4)).toBeCloseTo(Math.exp(-10), 12)
  })

  test('a negative binomial of two failures in a row', () => {
    // mean 2, variance 4: size 2, so P(Y ≥ 1) = 1 − (1/2)²
    expect(countUpperTail(1, 2, 2)).toBeCloseTo(0.75, 10)
  })

  test('a share with the variance of its own kind is binomial', () => {
    // 13 checkouts of which three quarters become orders: none, and at most one
    expect(shareLowerTail(0, 13, 9.75, 0.25) / 0.25 ** 13).toBeCloseTo(1, 9)
    expect(shareLowerTail(1, 13, 9.75, 0.25) / (0.25 ** 13 + 13 * 0.75 * 0.25 ** 12)).toBeCloseTo(1, 9)
    expect(shareLowerTail(13, 13, 9.75, 0.25)).toBe(1)
  })

  test('a share with twice the variance is one of half the trials', () => {
    expect(shareLowerTail(0, 12, 9, 0.5) / 0.25 ** 6).toBeCloseTo(1, 9)
  })

  test('a tail is a probability, and falls as the count goes further out', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 400, noNaN: true }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (mean, dispersion, share, more) => {
          const near = countUpperTail(mean * share, mean, dispersion)
          const far = countUpperTail(mean * (share + more), mean, dispersion)
          expect(near).toBeLessThanOrEqual(1 + 1e-9)
          expect(far).toBeGreaterThanOrEqual(-1e-9)
          expect(far).toBeLessThanOrEqual(near + 1e-9)
          const low = countLowerTail(mean * share, mean, dispersion)
          expect(low).toBeGreaterThanOrEqual(-1e-9)
          expect(low).toBeLessThanOrEqual(countLowerTail(mean * (share + more), mean, dispersion) + 1e-9)
        }
      )
    )
  })
})
