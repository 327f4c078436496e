import type { RegisteredSeries } from '../baseline/series-registry.ts'
import type { Words } from './format.ts'
import { shareOf } from './measurement.ts'
import { moneyFaults } from './money-faults.ts'
import type { Range } from './ranges.ts'

/** A lesser rise of a fault's share explains no drop of revenue. */
const minRise = 0.1

/** Names the fault that has risen the most in a range, with its share; undefined where none has. */
export function risenFault(series: RegisteredSeries) {
  const measures = moneyFaults.flatMap(({ metric, said }) => [
    { of: 'purchases', said, measure: shareOf(series.faults(metric, 'purchase')) },
    { of: 'carts, checkouts and purchases', said, measure: shareOf(series.faults(metric)) }
  ])
  return function nameFault(range: Range, words: Words): string | undefined {
    const [most] = measures
      .flatMap(({ of, said, measure }) => {
        const { observed = 0, expected = 0, exposure = 0 } = measure(range) ?? {}
        return exposure > 0
          ? [{ of, said, share: observed / exposure, rise: (observed - expected) / exposure }]
          : []
      })
      .sort((a, b) => b.rise - a.rise)
    if (most === undefined || most.rise < minRise) return undefined
    return `${words.share(most.share)} of ${most.of} ${most.said}`
  }
}
