import { phrase } from '../../src/language/phrase.ts'
import { hourMs } from '../../src/time/units.ts'
import type { HoursSeen, RecentHours } from '../baseline/recent-hours.ts'
import type { Found } from '../detector.ts'
import { countTail } from '../stats/significance.ts'
import type { Severity } from '../types.ts'
import type { Figures } from './format.ts'

export interface HourlyLeakOptions {
  readonly conversion: RecentHours
  /** Those who buy: with bots they are as many as usual. */
  readonly buyers: RecentHours
  /** Variance ÷ mean of those who buy. */
  readonly dispersion: () => number
  /** Smaller falls are none, as a share. */
  readonly leastDrop: number
  /** How improbable a leak must be at the end of an hour. */
  readonly maxPValue: number
}

export interface HourlyLeak extends HoursSeen {
  readonly hours: number
  readonly probability: number
}

/** Hours that are looked at together. */
const lengths = [2, 3, 4, 6]
export const longestHours = 6
/** Days without which nobody knows how far an hour strays. */
const leastDays = 5
/** A rate is not believed to stray by less from day to day. */
const leastSpread = 0.06

/**
 * A rate that has fallen over hours, against the same hours of the days before: what falls slowly is in every baseline
 * that follows. Asked once a window; answers for the hours that have ended, so that a leak stays one until an hour shows that it is over.
 */
export function createHourlyLeak(options: HourlyLeakOptions): () => HourlyLeak | undefined {
  const { conversion, buyers, leastDrop } = options
  const maxPValue = options.maxPValue / lengths.length
  let askedHour = Number.NEGATIVE_INFINITY
  let leak: HourlyLeak | undefined

  function leakOf(hours: number): HourlyLeak | undefined {
    const seen = conversion.last(hours)
    const bought = buyers.last(hours)
    if (!seen || seen.days < leastDays || seen.count > (1 - leastDrop) * seen.expected) return undefined
    // Half of the fall, in logarithms, is in the number of those who buy.
    if (bought && bought.count / bought.expected > Math.sqrt(seen.count / seen.expected)) return undefined
    const levelSd = Math.max(leastSpread, seen.spread)
    const { count, expected, exposure } = seen
    const expectation = {
      mean: expected,
      dispersion: Math.max(1, options.dispersion()),
      levelSd,
      trials: exposure
    }
    const probability = countTail('drop', count, expectation)
    return probability <= maxPValue ? { ...seen, hours, probability } : undefined
  }

  return () => {
    const hour = conversion.endedHour()
    if (hour > askedHour) {
      askedHour = hour
      const each = lengths.map(leakOf)
      leak = each.find(one => one !== undefined)
    }
    return leak
  }
}

interface Telling {
  readonly figure: Figures
  readonly severity: Severity
  readonly windowMs: number
}

/** The finding of a leak of the conversion. */
export function leakFound(
  { hours, count, expected, exposure, probability, days }: HourlyLeak,
  { figure, severity, windowMs }: Telling
): Found {
  const span = Math.round((hours * hourMs) / windowMs)
  return {
    metric: 'conversion_rate',
    severity,
    span,
    value: count / exposure,
    expected: expected / exposure,
    said: [
      phrase('finding.conversion_drop.leaks', {
        drop: figure.share(1 - count / expected),
        expected: figure.smallShare(expected / exposure),
        observed: figure.smallShare(count / exposure),
        visits: figure.count(exposure),
        hours,
        days
      }),
      phrase('finding.conversion_drop.possible')
    ],
    evidence: {
      baseline: 'same_hours',
      span_windows: span,
      sample_size: exposure,
      probability: Number(probability.toPrecision(3)),
      days
    },
    excludeFromTraining: []
  }
}
