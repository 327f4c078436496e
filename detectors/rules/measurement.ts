import type { BaselineComparison, BaselineName, Series } from '../baseline/series.ts'
import {
  countTail,
  countZScore,
  type Direction,
  type Expectation,
  meanLogTail,
  meanValueTail
} from '../stats/significance.ts'
import type { Range } from './ranges.ts'

/** A range of windows as a detector sees it: what was, what was expected and how odd the difference is. */
export interface Measured {
  /** What the rule is about, in the series' own unit: a count, an amount. */
  readonly observed: number
  readonly expected: number
  readonly exposure: number
  readonly windows: number
  readonly sampleSize: number
  readonly baseline: BaselineName
  /** Standard deviation of the logarithm of the expected level. */
  readonly spread: number
  readonly dispersion: number
  /** Standard error of the mean of the amounts seen, by their own spread; 0 for counts. */
  readonly standardError: number
  /** Of another value than the observed one where it is given. */
  zScore(value?: number): number
  /** How probable a value at least this far out is; of another value than the observed one where it is given. */
  probability(direction: Direction, value?: number): number
  /**
   * What `probability` would be had another value been observed, its terms being worth what is usual; absent where that
   * is `probability` of that value.
   */
  probabilityHad?(direction: Direction, value: number): number
}

/** Undefined where there is nothing to compare. */
export type Measure = (range: Range) => Measured | undefined

/** A count against its baseline. Where the usual level of the time of day is known, it must be improbable at that too. */
export function countOf(series: Pick<Series, 'compare' | 'single'>): Measure {
  return function countMeasure(range) {
    const seen = range(series)
    return seen && seen.exposure > 0 ? counted(seen) : undefined
  }
}

/** A count among another one, which is its sample. */
export function shareOf(series: Pick<Series, 'compare' | 'single'>): Measure {
  const count = countOf(series)
  return function shareMeasure(range) {
    const measured = count(range)
    return measured && { ...measured, sampleSize: measured.exposure }
  }
}

/** A number of each sample against its baseline: what it adds up to, in units of what is usual. */
export function numberOf(series: Series): Measure {
  return function numberMeasure(range) {
    const seen = range(series)
    if (!seen || !(seen.exposure > 0)) return undefined
    const { rate, observed, expectation } = seen
    const { mean } = expectation
    const inUnitsOf = (one: Expectation) => ({
      ...one,
      mean: one.mean / rate,
      dispersion: one.dispersion / rate
    })
    const inUnits = counted({
      ...seen,
      observed: observed / rate,
      expectation: inUnitsOf(expectation),
      usual: seen.usual && inUnitsOf(seen.usual)
    })
    return {
      ...inUnits,
      observed,
      expected: mean,
      sampleSize: seen.exposure,
      zScore: (value = observed) => inUnits.zScore(value / rate),
      probability: (direction, value = observed) => inUnits.probability(direction, value / rate)
    }
  }
}

/** A comparison as it stands, as a count. */
export function counted(seen: BaselineComparison): Measured {
  const { observed, exposure, windows, baseline, expectation, usual } = seen
  return {
    observed,
    expected: expectation.mean,
    exposure,
    windows,
    sampleSize: observed,
    baseline,
    spread: expectation.levelSd,
    dispersion: expectation.dispersion,
    standardError: 0,
    zScore: (value = observed) => countZScore(value, expectation),
    probability: (direction, value = observed) => tailOf(direction, value, expectation, usual)
  }
}

/** The cap of a mean that rare great amounts are not to hide, in usual ones. */
export const greatestUsual = 5

/**
 * An amount: the number of its terms against their baseline, times their value. Improbable in the whole, in the number
 * of its terms, or in the value of those that there are.
 */
export function amountOf(terms: Series, value: Series, usualValue: Series): Measure {
  return function amountMeasure(range) {
    const count = range(terms)
    const worth = range(value)
    const usualWorth = range(usualValue)
    if (!count || !worth || count.exposure <= 0) return undefined
    const variation = worth.expectation.dispersion / worth.rate
    const widened = ({ mean, dispersion, levelSd }: Expectation) => ({
      mean,
      dispersion: dispersion + variation,
      levelSd: Math.hypot(levelSd, worth.expectation.levelSd)
    })
    const expectation = widened(count.expectation)
    // The number of the terms may come back to its usual level, and their value to its own.
    const usualCount = count.usual ?? (worth.usual && count.expectation)
    const usualValues = worth.usual ? worth.usual.mean / worth.expectation.mean : 1
    const usual = usualCount && widened({ ...usualCount, mean: usualCount.mean * usualValues })
    return {
      ...counted({ ...count, expectation }),
      observed: worth.observed,
      expected: count.expectation.mean * worth.rate,
      standardError: standardErrorOf(worth),
      zScore: (value = worth.observed) => countZScore(value / worth.rate, expectation),
      probability(direction, value) {
        const inWhole = tailOf(direction, (value ?? worth.observed) / worth.rate, expectation, usual)
        // Of another amount nobody knows of how many terms it would be.
        if (value !== undefined) return inWhole
        const inValue = usualWorth ? valueTail(direction, usualWorth) : 1
        const inTerms = tailOf(direction, count.observed, count.expectation, count.usual)
        return Math.min(1, 3 * Math.min(inWhole, inTerms, inValue))
      },
      probabilityHad(direction, value) {
        const inWhole = tailOf(direction, value / worth.rate, expectation, usual)
        const inTerms = tailOf(direction, value / worth.rate, count.expectation, count.usual)
        return Math.min(1, 3 * Math.min(inWhole, inTerms))
      }
    }
  }
}

/** The mean value of terms against its baseline. */
export function meanOf(value: Series): Measure {
  return function valueMeasure(range) {
    const seen = range(value)
    if (!seen || seen.exposure <= 0) return undefined
    return {
      ...counted(seen),
      sampleSize: seen.exposure,
      standardError: standardErrorOf(seen),
      probability: (direction, value = seen.observed) => valueTail(direction, { ...seen, observed: value })
    }
  }
}

/** A mean logarithm as the amount that it is of, in units: the geometric mean. */
const geometricMean = (meanLog: number) => Math.exp(meanLog) / 10_000

/** A level of nothing has no logarithm. */
const leastLevel = 1e-9

/** The geometric mean of amounts against its baseline. */
export function levelOf(logs: Series): Measure {
  return function levelMeasure(range) {
    const seen = range(logs)
    if (!seen || seen.exposure <= 0) return undefined
    const { exposure, rate, expectation } = seen
    const shift = seen.observed / exposure - rate
    const usualShift = seen.usual && seen.observed / exposure - seen.usual.mean / exposure
    const shiftOf = (value: number) =>
      Math.log(Math.max(value / (exposure * geometricMean(rate)), leastLevel))
    const variance = (expectation.dispersion * rate) / exposure
    const levelVariance = (expectation.levelSd * rate) ** 2
    return {
      ...counted(seen),
      observed: geometricMean(seen.observed / exposure) * exposure,
      expected: geometricMean(rate) * exposure,
      sampleSize: exposure,
      spread: expectation.levelSd * rate,
      dispersion: expectation.dispersion * rate,
      zScore: value => (value === undefined ? shift : shiftOf(value)) / Math.sqrt(variance + levelVariance),
      probability(direction, value) {
        const sign = direction === 'drop' ? -1 : 1
        const beyond = value === undefined ? shift : shiftOf(value)
        const beyondUsual = usualShift === undefined ? beyond : usualShift + beyond - shift
        // What lies towards the usual level must be improbable there too.
        const distance = Math.min(sign * beyond, sign * beyondUsual)
        return meanLogTail(distance, exposure, variance, levelVariance)
      }
    }
  }
}

/** Where the level has left the usual one by this much (in logarithms), it may come back to anywhere near it. */
const farFromUsual = 0.3

/**
 * A level that has moved away may come back at once, as after a promotion: what lies towards the usual level of the
 * time of day must be improbable there too.
 */
function tailOf(
  direction: Direction,
  observed: number,
  expectation: Expectation,
  usual: Expectation | undefined
): number {
  const tail = countTail(direction, observed, expectation)
  const levelSd = usual && spreadTowards(direction, expectation, usual)
  return usual && levelSd !== undefined
    ? Math.max(tail, countTail(direction, observed, { ...usual, levelSd }))
    : tail
}

/** How far a level may lie from the usual one on its way back to it; undefined where that lies the other way. */
function spreadTowards(direction: Direction, expectation: Expectation, usual: Expectation) {
  const away = Math.log(expectation.mean / usual.mean) * (direction === 'drop' ? 1 : -1)
  if (!(usual.mean > 0 && away > 0)) return undefined
  return Math.hypot(expectation.levelSd, usual.levelSd * Math.min(1, away / farFromUsual))
}

function valueTail(
  direction: Direction,
  { observed, exposure, rate, expectation, usual }: BaselineComparison
): number {
  if (exposure <= 0) return 1
  const { dispersion, levelSd } = expectation
  const tailAt = (value: number, spread: number) =>
    meanValueTail(direction, observed / exposure, value, exposure, dispersion / rate, spread)
  const tail = tailAt(rate, levelSd)
  const usualSd = usual && spreadTowards(direction, expectation, usual)
  return usual && usualSd !== undefined ? Math.max(tail, tailAt(usual.mean / exposure, usualSd)) : tail
}

function standardErrorOf({ observed, squares, exposure }: BaselineComparison): number {
  return exposure > 0 ? Math.sqrt(Math.max(0, squares - observed ** 2 / exposure)) / exposure : 0
}
