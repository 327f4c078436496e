import { expect, test } from 'vitest'
import { createDispersion } from '../../../../detectors/stats/dispersion.ts'
import { createSpread } from '../../../../detectors/stats/spread.ts'

const options = { prior: 0.1, priorSpans: 8, least: 0.04, memoryWindows: 4_320 }

test('a level is believed to stray by the prior, and by less once that is seen', () => {
  const spread = createSpread([5], options)
  expect(spread.variance(5)).toBeCloseTo(0.01, 12)
  for (let i = 0; i < 5_000; i += 1) spread.learn(5, 100_000, 100_000, 1, 0)
  expect(spread.variance(5)).toBeCloseTo(0.0016, 5)
})

test('a level that strays further is believed to', () => {
  const spread = createSpread([5], options)
  for (let i = 0; i < 5_000; i += 1) spread.learn(5, i % 2 === 0 ? 120_000 : 80_000, 100_000, 1, 0)
  expect(Math.sqrt(spread.variance(5))).toBeCloseTo(0.2, 1)
})

test('dispersion is learned from neighbours, whatever their level', () => {
  const dispersion = createDispersion({
    prior: 2,
    priorWindows: 60,
    memoryWindows: 4_320,
    least: 1,
    greatest: 50
  })
  expect(dispersion.value()).toBe(2)
  for (let i = 0; i < 2_000; i += 1) {
    const level = 10 + (i % 7) * 30
    const step = Math.sqrt(4 * level) / Math.SQRT2
    dispersion.learn({ count: level + step, exposure: 1, countBefore: level - step, exposureBefore: 1 })
  }
  expect(dispersion.value()).toBeCloseTo(4, 0)
})
