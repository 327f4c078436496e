import { expect, test } from 'vitest'
import { createOwnTail } from '../../../../detectors/general/own-tail.ts'

const hour = 3_600_000

test('nothing is improbable before thirty deviations are known', () => {
  const tail = createOwnTail(hour)
  for (let seen = 0; seen < 29; seen += 1) tail.learn(1)
  expect(tail.probability(100)).toBe(1)
  tail.learn(1)
  expect(tail.probability(100)).toBeLessThan(1e-20)
})

test('half, a tenth and a fiftieth of all deviations are as probable as that, and beyond them it falls on', () => {
  const tail = createOwnTail(hour)
  // A week: all of it is remembered. The prior weighs 200 of 368.
  for (let seen = 0; seen < 168; seen += 1) tail.learn(((seen * 5) % 168) / 100)
  const own = 168 / 368
  const half = own * 0.84 + (1 - own) * 0.9
  const tenth = own * 1.51 + (1 - own) * 2.6
  const fiftieth = own * 1.64 + (1 - own) * 3.2
  expect(tail.probability(0)).toBe(0.5)
  expect(tail.probability(half)).toBe(0.5)
  expect(tail.probability(tenth)).toBeCloseTo(0.1, 12)
  // Less than what the tail falls by at least.
  expect((fiftieth - tenth) / Math.log(5)).toBeLessThan(0.5)
  expect(tail.probability(tenth + 1)).toBeCloseTo(0.1 * Math.exp(-2), 12)
})

test('a few wild deviations hardly move it', () => {
  const [usual, wild] = [createOwnTail(hour), createOwnTail(hour)]
  for (let seen = 0; seen < 168; seen += 1) {
    const deviation = ((seen * 5) % 168) / 50
    usual.learn(deviation)
    wild.learn(seen === 50 ? 1_000 : deviation)
  }
  expect(wild.probability(6) / usual.probability(6)).toBeCloseTo(1, 1)
})

test('it forgets what is older than a week', () => {
  const tail = createOwnTail(hour)
  for (let seen = 0; seen < 168; seen += 1) tail.learn(50)
  for (let seen = 0; seen < 168; seen += 1) tail.learn(1)
  expect(tail.probability(20)).toBeLessThan(1e-10)
})
