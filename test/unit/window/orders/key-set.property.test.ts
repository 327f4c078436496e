import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createKeySet } from '../../../../src/window/orders/key-set.ts'
import { tries } from '../../../support/tries.ts'

/** Many of them belong into the same slots, of sets of any size. */
const key = fc
  .record({ low: fc.integer({ min: 1, max: 12 }), high: fc.integer({ min: 0, max: 12 }) })
  .map(({ low, high }) => low + high * 2 ** 32)

test('a set of fingerprints has what was added and not removed, in whatever order', () => {
  const steps = fc.array(fc.record({ add: fc.boolean(), key }), { maxLength: 200, size: 'max' })
  fc.assert(
    fc.property(steps, all => {
      const set = createKeySet()
      const model = new Set<number>()
      for (const one of all) {
        set[one.add ? 'add' : 'remove'](one.key)
        if (one.add) model.add(one.key)
        else model.delete(one.key)
      }
      const keys = all.map(one => one.key)
      expect(keys.filter(one => set.has(one))).toEqual(keys.filter(one => model.has(one)))
    }),
    { numRuns: tries(300) }
  )
})

test('a set that grew has all of its members', () => {
  const set = createKeySet()
  const keys = Array.from({ length: 1_000 }, (_, index) => 1 + index * 0x1_0000_0001)
  for (const one of keys) set.add(one)
  expect(keys.filter(one => !set.has(one))).toEqual([])
  expect(set.has(2)).toBe(false)
})
