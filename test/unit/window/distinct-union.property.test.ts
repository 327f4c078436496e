import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDistinctCount } from '../../../src/window/distinct-count.ts'

/** Few values, so that parts share members, and some that begin their search at one slot. */
const print = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 9 }).map(number => number * 1_024)
)

test('the union of exact parts has each member once, whatever their sizes and their order', () => {
  fc.assert(
    fc.property(fc.array(fc.array(print, { maxLength: 60 }), { minLength: 1, maxLength: 6 }), parts => {
      const [first, ...others] = parts.map(members => {
        const distinct = createDistinctCount()
        for (const member of members) distinct.add(member)
        return distinct
      })
      expect(first?.countWith(others)).toBe(new Set(parts.flat()).size)
      // Counting changes none of the parts.
      expect(parts.map(members => new Set(members).size)).toEqual(
        [first, ...others].map(part => part?.countWith([]))
      )
    })
  )
})
