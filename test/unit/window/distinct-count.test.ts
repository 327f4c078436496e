import { describe, expect, test } from 'vitest'
import { idPrint } from '../../../src/decode/id-print.ts'
import { createDistinctCount, exactLimit } from '../../../src/window/distinct-count.ts'
import type { DistinctCount } from '../../../src/window/types.ts'

function filled(from: number, to: number): DistinctCount {
  const distinct = createDistinctCount()
  for (let number = from; number < to; number++) distinct.add(idPrint(`session-${number}`))
  return distinct
}

const errorOf = (estimate: number, count: number) => Math.abs(estimate - count) / count

describe('a distinct count', () => {
  test('is exact up to ten thousand members', () => {
    const distinct = filled(0, exactLimit)
    for (let number = 0; number < 100; number++) distinct.add(idPrint(`session-${number}`))
    expect(exactLimit).toBe(10_000)
    expect(distinct.countWith([])).toBe(10_000)
    expect(distinct.fingerprints()?.size).toBe(10_000)
  })

  test('becomes a sketch with the next member, and keeps none of them', () => {
    const distinct = filled(0, exactLimit + 1)
    expect(distinct.fingerprints()).toBeUndefined()
    expect(distinct.registers()?.length).toBe(16_384)
  })

  test.each([10_001, 20_000, 41_000, 50_000, 100_000, 400_000])('of %i members is within 3 %', count => {
    expect(errorOf(filled(0, count).countWith([]), count)).toBeLessThan(0.03)
  })

  test('of random identifiers is within 3 % as well', () => {
    const distinct = createDistinctCount()
    let seed = 7
    const draw = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed.toString(16).padStart(8, '0')
    }
    const members = new Set<string>()
    while (members.size < 60_000) {
      const member = `${draw()}-${draw()}`
      members.add(member)
      distinct.add(idPrint(member))
    }
    expect(errorOf(distinct.countWith([]), 60_000)).toBeLessThan(0.03)
  })

  test('of an empty set is nought', () => {
    expect(createDistinctCount().countWith([])).toBe(0)
    expect(createDistinctCount().countWith([createDistinctCount()])).toBe(0)
  })
})

describe('the union of distinct counts', () => {
  test('of exact parts is exact, also above the bound of one part', () => {
    expect(filled(0, 9_000).countWith([filled(5_000, 14_000)])).toBe(14_000)
  })

  test('of sketches is the sketch of all, whatever the parts', () => {
    const whole = filled(0, 60_000).countWith([])
    expect(filled(0, 40_000).countWith([filled(20_000, 60_000)])).toBe(whole)
    expect(filled(40_000, 60_000).countWith([filled(0, 20_000), filled(15_000, 45_000)])).toBe(whole)
  })

  test('of a sketch and an exact part counts the members of both', () => {
    expect(filled(0, 20_000).countWith([filled(20_000, 25_000)])).toBe(filled(0, 25_000).countWith([]))
    expect(filled(20_000, 25_000).countWith([filled(0, 20_000)])).toBe(filled(0, 25_000).countWith([]))
  })
})
