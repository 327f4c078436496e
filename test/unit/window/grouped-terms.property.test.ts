import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createGroupedTerms, type GroupedTerms } from '../../../src/window/grouped-terms.ts'

type Term = readonly [group: string, amount: number]

const terms = (groups: number) =>
  fc.array(fc.tuple(fc.integer({ min: 1, max: groups }).map(String), fc.integer({ min: 0, max: 10 ** 12 })), {
    maxLength: 300
  })

function grouped(all: readonly Term[], limit?: number): GroupedTerms {
  const own = createGroupedTerms(limit)
  for (const [group, amount] of all) own.add(group, amount)
  return own
}

const contentOf = (own: GroupedTerms, others: readonly GroupedTerms[] = []) =>
  own
    .groupsWith(others)
    .map(({ sum, terms }) => `${sum} of ${terms}`)
    .toSorted()

describe('the terms of a group', () => {
  test('are one sum, however many groups there are and in whatever order they come', () => {
    fc.assert(
      fc.property(terms(60), all => {
        const sums = new Map<string, { sum: number; terms: number }>()
        for (const [group, amount] of all) {
          const { sum, terms } = sums.get(group) ?? { sum: 0, terms: 0 }
          sums.set(group, { sum: sum + amount, terms: terms + 1 })
        }
        const expected = [...sums.values()].map(({ sum, terms }) => `${sum} of ${terms}`).toSorted()
        expect(contentOf(grouped(all))).toEqual(expected)
        expect(contentOf(grouped(all.toReversed()))).toEqual(expected)
      })
    )
  })

  test('are the same spread over several partitions', () => {
    fc.assert(
      fc.property(terms(60), fc.nat(300), (all, at) => {
        expect(contentOf(grouped(all.slice(0, at)), [grouped(all.slice(at))])).toEqual(
          contentOf(grouped(all))
        )
      })
    )
  })

  test('beyond the limit share groups, which do not depend on the order either, and lose no amount', () => {
    fc.assert(
      fc.property(terms(400), fc.nat(300), (all, at) => {
        const one = grouped(all, 20)
        expect(contentOf(grouped(all.toReversed(), 20))).toEqual(contentOf(one))
        const parts = one.groupsWith([grouped(all.slice(at), 20)])
        const total = [...all, ...all.slice(at)].reduce((sum, [, amount]) => sum + amount, 0)
        expect(parts.reduce((sum, part) => sum + part.sum, 0)).toBe(total)
      })
    )
  })

  test('take no more room than the shared groups do', () => {
    const own = createGroupedTerms()
    for (let group = 0; group < 200_000; group += 1) own.add(`order ${group}`, 1)
    expect(own.groupsWith([]).length).toBeLessThanOrEqual(16_384)
    expect(own.table().keys.length).toBeLessThanOrEqual(32_768)
  })
})
