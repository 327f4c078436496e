import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uniformOf } from '../../../producer/random.ts'
import { resized } from '../../generators/totals/resize.ts'

const counts = fc.array(fc.nat(300), { minLength: 1, maxLength: 8 })
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

test('what is taken adds up, and nothing loses more than it has nor gains', () => {
  fc.assert(
    fc.property(counts, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (before, share, seed) => {
      const total = Math.round(sumOf(before) * share)
      const after = resized(uniformOf(seed, 'test'), before, total)
      expect(sumOf(after)).toBe(total)
      for (const [at, count] of after.entries()) {
        expect(count).toBeGreaterThanOrEqual(0)
        expect(count).toBeLessThanOrEqual(before[at] as number)
      }
    })
  )
})

test('what is added adds up, and goes to none that has nothing', () => {
  fc.assert(
    fc.property(counts, fc.nat(500), fc.nat(), (before, more, seed) => {
      const after = resized(uniformOf(seed, 'test'), before, sumOf(before) + more)
      expect(sumOf(after)).toBe(sumOf(before) === 0 ? 0 : sumOf(before) + more)
      for (const [at, count] of after.entries()) {
        expect(count).toBeGreaterThanOrEqual(before[at] as number)
        if (before[at] === 0) expect(count).toBe(0)
      }
    })
  )
})

test('each loses by its share', () => {
  const uniform = uniformOf(4, 'test')
  const left = [0, 0, 0]
  for (let round = 0; round < 2_000; round += 1) {
    for (const [at, count] of resized(uniform, [10, 30, 60], 50).entries())
      left[at] = (left[at] as number) + count
  }
  expect(left.map(sum => Math.round(sum / 2_000))).toEqual([5, 15, 30])
})
