import { countTail, countZScore, type Direction, type Expectation, meanValueTail } from './improbability.ts'
import type { BaselineName, Judgement, Series } from './series.ts'

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
  zScore(): number
  /** How probable a value at least this far out is. */
  probability(direction: Direction): number
}

/** Which windows of a series are meant: the same for all series that a measure reads. */
export type Range = (series: Series) => Judgement | undefined

/** Undefined where there is nothing to compare. */
export type Measure = (range: Range) => Measured | undefined

export const whole =
  (span: number): Range =>
  series =>
    series.compare(span)

export const newest =
  (span: number, windows: number): Range =>
  series =>
    series.compare(span, span - windows)

export const single =
  (span: number, ago: number): Range =>
  series =>
    series.single(span, ago)

/** A span without some of its windows. */
export const without =
  (span: number, agos: readonly number[]): Range =>
  series => {
    const all = series.compare(span)
    return all && agos.reduce((rest, ago) => minus(rest, series.single(span, ago)), all)
  }

function minus(all: Judgement, part: Judgement | undefined): Judgement {
  if (!part) return all
  const left = (whole: Expectation, taken: Expectation) => ({
    ...whole,
    mean: Math.max(0, whole.mean - taken.mean)
  })
  return {
    ...all,
    observed: Math.max(0, all.observed - part.observed),
    exposure: all.exposure - part.exposure,
    windows: all.windows - part.windows,
    expectation: left(all.expectation, part.expectation),
    usual: all.usual && part.usual && left(all.usual, part.usual)
  }
}

/** A count against its baseline. Where the usual level of the time of day is known, it must be improbable at that too. */
export function countOf(series: Series): Measure {
  return function countMeasure(range) {
    const seen = range(series)
    return seen && seen.exposure > 0 ? counted(seen) : undefined
  }
}

function counted(seen: Judgement): Measured {
  const { observed, expectation, usual } = seen
  return {
    observed,
    expected: expectation.mean,
    exposure: seen.exposure,
    windows: seen.windows,
    sampleSize: observed,
    baseline: seen.baseline,
    spread: expectation.levelSd,
    dispersion: expectation.dispersion,
    zScore: () => countZScore(observed, expectation),
    probability: direction =>
      Math.max(countTail(direction, observed, expectation), usual ? countTail(direction, observed, usual) : 0)
  }
}

/**
 * An amount: the number of its terms against their baseline, times their value. Improbable in the whole, or in the
 * value of the terms that there are.
 */
export function amountOf(terms: Series, value: Series): Measure {
  return function amountMeasure(range) {
    const count = range(terms)
    const worth = range(value)
    if (!count || !worth || count.exposure <= 0) return undefined
    const inTerms = worth.observed / worth.rate
    const variation = worth.expectation.dispersion / worth.rate
    const widened = ({ mean, dispersion, levelSd }: Expectation) => ({
      mean,
      dispersion: dispersion + variation,
      levelSd: Math.hypot(levelSd, worth.expectation.levelSd)
    })
    const expectation = widened(count.expectation)
    return {
      observed: worth.observed,
      expected: count.expectation.mean * worth.rate,
      exposure: count.exposure,
      windows: count.windows,
      sampleSize: count.observed,
      baseline: count.baseline,
      spread: expectation.levelSd,
      dispersion: expectation.dispersion,
      zScore: () => countZScore(inTerms, expectation),
      probability(direction) {
        const inWhole = Math.max(
          countTail(direction, inTerms, expectation),
          count.usual ? countTail(direction, inTerms, widened(count.usual)) : 0
        )
        const inValue = valueTail(direction, worth)
        return Math.min(1, 2 * Math.min(inWhole, inValue))
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
      probability: direction => valueTail(direction, seen)
    }
  }
}

function valueTail(direction: Direction, { observed, exposure, rate, expectation }: Judgement): number {
  if (exposure <= 0) return 1
  const { dispersion, levelSd } = expectation
  return meanValueTail(direction, observed / exposure, rate, exposure, dispersion / rate, levelSd)
}
