import { describe, expect, test } from 'vitest'
import { shareSeries, valueSeries } from '../../../../detectors/baseline/rate-series.ts'
import { normal, uniformOf } from '../../../../producer/random.ts'
import { detectorDefaults } from '../../../support/detector-defaults.ts'

const options = {
  baseline: detectorDefaults.baseline,
  spans: detectorDefaults.checkout_failure.spans,
  windowMs: 60_000
}

/** One checkout a minute in the mean; three of four become an order, `lateBy` minutes later. */
function learned(minutes: number, lateBy: number) {
  const uniform = uniformOf(1, 'checkouts')
  const series = shareSeries(options)
  const orders = new Map<number, number>()
  for (let window = 0; window < minutes; window += 1) {
    const checkouts = Math.floor(uniform() * 3)
    for (let i = 0; i < checkouts; i += 1) {
      const bought = uniform() < 0.75 ? 1 : 0
      orders.set(window + lateBy, (orders.get(window + lateBy) ?? 0) + bought)
    }
    series.enter(
      { window, localMs: window * 60_000 },
      { count: orders.get(window) ?? 0, exposure: checkouts }
    )
    series.train()
  }
  return {
    rate: series.compare(60)?.rate ?? Number.NaN,
    dispersion: (span: number) => series.compare(span)?.expectation.dispersion ?? Number.NaN
  }
}

describe('a share of what it follows', () => {
  test('varies less, the longer the sum, where it follows after minutes', () => {
    const { dispersion } = learned(6_000, 2)
    expect(dispersion(2)).toBe(dispersion(5))
    expect(dispersion(5)).toBeGreaterThanOrEqual(1)
    expect(dispersion(10)).toBeLessThan(0.8 * dispersion(5))
    expect(dispersion(15)).toBeLessThan(0.6)
    expect(dispersion(30)).toBeLessThan(dispersion(15))
    expect(dispersion(60)).toBe(dispersion(30))
  })

  test('varies never less than a binomial', () => {
    const { dispersion } = learned(6_000, 0)
    expect(dispersion(60)).toBeGreaterThan(0.2)
    expect(dispersion(60)).toBeLessThan(0.35)
  })

  test('is learned in full where orders come in minutes without a checkout', () => {
    const { rate } = learned(6_000, 2)
    expect(rate).toBeGreaterThan(0.68)
    expect(rate).toBeLessThan(0.82)
  })

  test('is judged as a share of its exposure', () => {
    const series = shareSeries(options)
    for (let window = 0; window < 3; window += 1) {
      series.enter({ window, localMs: window * 60_000 }, { count: 6, exposure: 8 })
      series.train()
    }
    expect(series.compare(2)?.expectation).toMatchObject({ trials: 16 })
  })
})

/** Windows of so many amounts each, log-normal around 1 with a squared variation of about 1. */
function learnedAmounts(perWindow: number, cap: number | undefined) {
  const uniform = uniformOf(1, 'amounts')
  const series = valueSeries(options, cap)
  const enter = (window: number, amounts: readonly number[]) =>
    series.enter(
      { window, localMs: window * 60_000 },
      {
        count: amounts.reduce((sum, amount) => sum + amount, 0),
        exposure: amounts.length,
        squares: amounts.reduce((sum, amount) => sum + amount ** 2, 0)
      }
    )
  const drawn = () => Array.from({ length: perWindow }, () => Math.exp(0.83 * normal(uniform) - 0.35))
  for (let window = 0; window < 2_000; window += 1) {
    enter(window, drawn())
    series.train()
  }
  const { rate, expectation } = series.compare(1) ?? { rate: Number.NaN }
  return {
    variation: expectation ? expectation.dispersion / rate : Number.NaN,
    /** The mean of a window with an order of so many usual ones. */
    meanWith(greatest: number) {
      enter(2_000, [...drawn(), greatest])
      const seen = series.compare(1)
      return seen ? seen.observed / seen.exposure : Number.NaN
    }
  }
}

describe('the mean of amounts whose greatest is capped', () => {
  test.each([2, 20, 100, 1_000])('varies nearly as it does without the cap: %i a window', perWindow => {
    const capped = learnedAmounts(perWindow, 5).variation
    const whole = learnedAmounts(perWindow, undefined).variation
    expect(capped).toBeGreaterThan(0.7 * whole)
    expect(capped).toBeLessThanOrEqual(1.01 * whole)
  })

  test.each([20, 100])('is hardly moved by one great order: %i a window', perWindow => {
    expect(learnedAmounts(perWindow, undefined).meanWith(500)).toBeGreaterThan(4)
    expect(learnedAmounts(perWindow, 5).meanWith(500)).toBeLessThan(3.2)
  })
})
