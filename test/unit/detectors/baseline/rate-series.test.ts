import { describe, expect, test } from 'vitest'
import { shareSeries } from '../../../../detectors/baseline/rate-series.ts'
import { uniformOf } from '../../../../producer/random.ts'
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
