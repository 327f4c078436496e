import { expect, test } from 'vitest'
import { createRobustSpread } from '../../../../detectors/general/robust-spread.ts'

test('a spread is the root of the mean square of what it learnt', () => {
  const spread = createRobustSpread(100, 3)
  for (const distance of [3, -1, 3, -1]) spread.learn(distance, 10)
  expect(spread.value()).toBeCloseTo(Math.sqrt(5), 12)
  expect(spread.learnt()).toBe(4)
})

test('a wild number counts as no more than the clip, of the greater of the spread and the least one', () => {
  const spread = createRobustSpread(100, 3)
  spread.believe(2, 4)
  spread.learn(1_000, 1)
  expect(spread.value()).toBeCloseTo(Math.sqrt((4 * 4 + 36) / 5), 12)
  const still = createRobustSpread(100, 3)
  still.learn(1_000, 1)
  expect(still.value()).toBe(3)
})

test('what is older than its memory fades', () => {
  const spread = createRobustSpread(2, 100)
  for (const distance of [4, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2]) spread.learn(distance, 1)
  expect(spread.value()).toBeCloseTo(2, 1)
})
