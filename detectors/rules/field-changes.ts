import type { FieldShare } from '../baseline/field-shares.ts'
import type { SlowShare } from '../baseline/slow-shares.ts'
import { oddsRatio, type Shares } from '../stats/odds.ts'
import { countTail } from '../stats/significance.ts'
import { type Measure, shareOf } from './measurement.ts'
import { whole } from './ranges.ts'

/** A change of a field among the events of a type: the share of them that shows it rises. */
export interface FieldChange extends Pick<FieldShare, 'field' | 'type'> {
  readonly metric: 'field_rate' | 'field_number_rate'
  /** What is wrong with the field. */
  readonly says: 'missing' | 'text' | 'number'
  readonly series: SlowShare
  readonly measure: Measure
}

export function changesOf({
  field,
  type,
  missing: without,
  numbers,
  texts
}: FieldShare): readonly FieldChange[] {
  const change = (
    metric: FieldChange['metric'],
    says: FieldChange['says'],
    series: SlowShare
  ): FieldChange => ({
    field,
    type,
    metric,
    says,
    series,
    measure: oddsOf(series)
  })
  return [
    change('field_rate', 'missing', without),
    change('field_number_rate', 'text', texts),
    change('field_number_rate', 'number', numbers)
  ]
}

/** Whether the rule holds for any of the spans, the shortest one first; cheap, before it is judged. */
export function risesIn(
  series: SlowShare,
  spans: readonly number[],
  rose: (shares: Shares) => boolean
): boolean {
  const longest = series.sharesOver(spans.at(-1) as number)
  if (!longest || longest.observed === 0) return false
  for (const span of spans) {
    const seen = series.sharesOver(span)
    if (seen && rose(seen)) return true
  }
  return false
}

/**
 * A share judged by its odds: a field that four events in ten lack cannot be missing three times as often, but for it
 * twice as often is as improbable as five times for a small share.
 */
function oddsOf(series: SlowShare): Measure {
  const share = shareOf(series)
  return function oddsMeasure(range) {
    const measured = share(range)
    return (
      measured && {
        ...measured,
        probability(direction, value = measured.observed) {
          const { expected, exposure, dispersion } = measured
          const byOdds = measured.probability(
            direction,
            expected * oddsRatio({ ...measured, observed: value })
          )
          if (expected <= often * exposure) return byOdds
          // Few events usually have it, so by chance none may.
          const rest = { mean: Math.max(0, exposure - expected), dispersion, levelSd: 0 }
          return Math.max(byOdds, countTail('drop', exposure - value, rest))
        }
      }
    )
  }
}

/** Where the field is often missing, other visitors, such as bots, change its share too. */
const often = 0.1
/** Events of unknown types are of many types: what not nearly all of them share shifts with their mix. */
const oftenOfUnknown = 0.01

export function isOften({ type, measure }: FieldChange): boolean {
  const measured = measure(whole(1))
  const most = type === 'unknown' ? oftenOfUnknown : often
  return measured !== undefined && measured.expected > most * measured.exposure
}
