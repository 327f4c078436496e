import { describe, expect, test } from 'vitest'
import { gamma, poisson, uniformOf, weighted } from '../../../producer/random.ts'
import { binomial } from '../../generators/binomial.ts'

const draws = 40_000
function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: draws }, draw)
  const mean = values.reduce((sum, value) => sum + value, 0) / draws
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws }
}

describe('uniformOf', () => {
  test('one seed and purpose give one sequence', () => {
    const first = uniformOf(7, 'level')
    const second = uniformOf(7, 'level')
    expect(Array.from({ length: 5 }, first)).toEqual(Array.from({ length: 5 }, second))
  })

  test('another seed, a seed beyond 32 bits and another purpose each give another sequence', () => {
    const starts = [
      uniformOf(7, 'level')(),
      uniformOf(8, 'level')(),
      uniformOf(7 + 2 ** 32, 'level')(),
      uniformOf(7, 'lever')()
    ]
    expect(new Set(starts).size).toBe(4)
  })

  test('its numbers are uniform', () => {
    const { mean, variance } = moments(uniformOf(1, 'test'))
    expect(mean).toBeCloseTo(0.5, 2)
    expect(variance).toBeCloseTo(1 / 12, 2)
  })
})

describe('counts', () => {
  test.each([0.4, 12, 400])('a Poisson of mean %d has this mean and variance', mean => {
    const uniform = uniformOf(2, 'test')
    const drawn = moments(() => poisson(uniform, mean))
    expect(drawn.mean / mean).toBeCloseTo(1, 1)
    expect(drawn.variance / mean).toBeCloseTo(1, 1)
  })

  test.each([
    [12, 0.3],
    [200, 0.02],
    [500, 0.9]
  ])('a binomial of %d trials at %d has the mean and variance of one', (trials, share) => {
    const uniform = uniformOf(3, 'test')
    const drawn = moments(() => binomial(uniform, trials, share))
    expect(drawn.mean / (trials * share)).toBeCloseTo(1, 1)
    expect(drawn.variance / (trials * share * (1 - share))).toBeCloseTo(1, 1)
  })

  test('a binomial of share 0 is none, of share 1 all, and never more than its trials', () => {
    const uniform = uniformOf(4, 'test')
    expect(binomial(uniform, 50, 0)).toBe(0)
    expect(binomial(uniform, 50, 1)).toBe(50)
    expect(
      Math.max(...Array.from({ length: 1_000 }, () => binomial(uniform, 100, 0.99)))
    ).toBeLessThanOrEqual(100)
  })
})

test.each([0.3, 1, 9])('a gamma of shape %d has its mean and the variance of that shape', shape => {
  const uniform = uniformOf(5, 'test')
  const drawn = moments(() => gamma(uniform, shape, 2))
  expect(drawn.mean).toBeCloseTo(2, 1)
  expect((drawn.variance * shape) / 4).toBeCloseTo(1, 1)
})

test('weights are drawn by their share', () => {
  const uniform = uniformOf(6, 'test')
  const index = weighted([1, 0, 3])
  const counts = [0, 0, 0]
  for (let i = 0; i < draws; i += 1) {
    const drawn = index(uniform)
    counts[drawn] = (counts[drawn] as number) + 1
  }
  expect((counts[0] as number) / draws).toBeCloseTo(0.25, 2)
  expect(counts[1]).toBe(0)
})
