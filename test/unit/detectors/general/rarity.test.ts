import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRarity, type Nature } from '../../../../detectors/general/rarity.ts'
import { normal, uniformOf } from '../../../../producer/random.ts'

const hour = 3_600_000
const day = 24
const rare = 0.0025

/** The probabilities of an hourly series, window by window; no value where it is undefined. */
function probabilities(
  windows: number,
  valueAt: (window: number) => number | undefined,
  nature: Nature = 'number'
): readonly number[] {
  const rarity = createRarity({ windowMs: hour, nature })
  return Array.from({ length: windows }, (_, window) => {
    const value = valueAt(window)
    if (value === undefined) return 1
    rarity.take(window, window * hour, value)
    return rarity.probability()
  })
}

const rareOnes = (all: readonly number[]): readonly number[] =>
  all.flatMap((probability, window) => (probability <= rare ? [window] : []))

/** The same luck for the same seed: one number a window. */
function noise(seed: number): (window: number) => number {
  const uniform = uniformOf(seed, 'noise')
  const numbers = Array.from({ length: 60 * day }, () => normal(uniform))
  return window => numbers[window] as number
}

describe('the rarity of a value', () => {
  test('is not judged before a day or so is known', () => {
    expect(rareOnes(probabilities(30, window => (window === 29 ? 1e9 : 5)))).toEqual([])
  })

  test('is found of the first window of a step that a flat series takes', () => {
    expect(rareOnes(probabilities(61, window => (window < 60 ? 40 : 80)))).toEqual([60])
  })

  test('is none of a perfect square wave of a day after its second day', () => {
    const wave = (window: number) => (window % day >= 9 && window % day < 17 ? 80 : 20)
    expect(rareOnes(probabilities(28 * day, wave)).filter(window => window >= 2 * day)).toEqual([])
  })

  test('is none of a weekend once weeks are known, and of a workday that looks like one', () => {
    const isFree = (window: number) => Math.floor(window / day) % 7 >= 5
    const shop = (window: number) => (isFree(window) ? 30 : 100) + noise(3)(window)
    const weeks = probabilities(35 * day, shop)
    expect(rareOnes(weeks).filter(window => window >= 21 * day)).toEqual([])
    const holiday = probabilities(35 * day, window =>
      window >= 31 * day && window < 32 * day ? 30 : shop(window)
    )
    expect(rareOnes(holiday).filter(window => window >= 21 * day)[0]).toBe(31 * day)
  })

  test('is that of a drop at noon, though the night is lower every day', () => {
    const curve = (window: number) => 100 + 80 * Math.sin((2 * Math.PI * (window % day)) / day)
    const at = 20 * day + 6
    const found = rareOnes(
      probabilities(21 * day, window => curve(window) * (window === at ? 0.5 : 1) + noise(4)(window))
    )
    // Means of up to eight windows show it too.
    const later = found.filter(window => window >= 7 * day)
    expect(later[0]).toBe(at)
    expect(later.filter(window => window >= at + 8)).toEqual([])
  })

  test('of a window without a value is nothing, and the next one is no drop', () => {
    const found = probabilities(10 * day, window => (window % 50 === 49 ? undefined : 100 + noise(5)(window)))
    expect(rareOnes(found)).toEqual([])
  })

  test('hides no other one behind a wild value for more than a week', () => {
    const found = rareOnes(
      probabilities(20 * day, window =>
        window === 10 * day ? 1e6 : window === 18 * day ? 130 : 100 + noise(6)(window)
      )
    )
    expect(found).toContain(10 * day)
    expect(found).toContain(18 * day)
  })

  test('of a small count is chance', () => {
    const uniform = uniformOf(7, 'count')
    const counts = Array.from({ length: 28 * day }, () => Math.floor(-2 * Math.log(1 - uniform())))
    counts[27 * day] = 60
    const found = rareOnes(probabilities(28 * day, window => counts[window] as number, 'count'))
    expect(found).toContain(27 * day)
    expect(found.filter(window => window < 27 * day).length).toBeLessThanOrEqual(3)
  })

  test('of a share of few is chance, and of a share of many is not', () => {
    const shares = (samples: number) => {
      const rarity = createRarity({ windowMs: hour, nature: 'share' })
      for (let window = 0; window < 10 * day; window += 1) rarity.take(window, window * hour, 0.5, samples)
      rarity.take(10 * day, 10 * day * hour, 0.2, samples)
      return rarity.probability()
    }
    expect(shares(10)).toBeGreaterThan(rare)
    expect(shares(10_000)).toBeLessThan(1e-6)
  })

  test('says the windows that deviate most, and what was expected of them', () => {
    const rarity = createRarity({ windowMs: hour, nature: 'number' })
    for (let window = 0; window < 60; window += 1) rarity.take(window, window * hour, 40)
    rarity.take(60, 60 * hour, 48)
    expect([rarity.span(), rarity.value(), rarity.expected()]).toEqual([1, 48, 40])
    expect(rarity.taken()).toBe(61)
  })

  test('is less where values may stray further', () => {
    const rarity = createRarity({ windowMs: hour, nature: 'number' })
    for (let window = 0; window < 60; window += 1) rarity.take(window, window * hour, 40)
    rarity.take(60, 60 * hour, 60)
    expect(rarity.probability(4)).toBeGreaterThan(rarity.probability(2))
    expect(rarity.probability(2)).toBeGreaterThan(rarity.probability())
  })

  test('is the same in any unit', () => {
    const seeds = fc.integer({ min: 0, max: 10_000 })
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.001, 7, 1e6), (seed, unit) => {
        const own = noise(seed)
        const at = (window: number) => 50 + 10 * Math.sin(window / 4) + own(window) ** 3
        const [plain, scaled] = [
          probabilities(12 * day, at),
          probabilities(12 * day, window => unit * at(window))
        ]
        for (const [window, probability] of plain.entries()) {
          expect(Math.log(scaled[window] as number)).toBeCloseTo(Math.log(probability), 4)
        }
      }),
      { numRuns: 20 }
    )
  })

  test('is a function of what was before: a later value changes no earlier one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 30, max: 250 }), (seed, cut) => {
        const own = noise(seed)
        const whole = probabilities(260, window => 10 + own(window))
        const other = probabilities(260, window => (window < cut ? 10 + own(window) : 0))
        expect(other.slice(0, cut)).toEqual(whole.slice(0, cut))
      }),
      { numRuns: 20 }
    )
  })

  test('rarely comes of noise: at most once in two weeks, of any of these seeds', () => {
    const found = Array.from(
      { length: 10 },
      (_, seed) => rareOnes(probabilities(28 * day, noise(seed))).length
    )
    expect(Math.max(...found)).toBeLessThanOrEqual(2)
  })
})
