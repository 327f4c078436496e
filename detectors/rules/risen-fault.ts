import { type Phrase, phrase } from '../../src/language/phrase.ts'
import type { RegisteredSeries } from '../baseline/series-registry.ts'
import type { Figures } from './format.ts'
import { shareOf } from './measurement.ts'
import { faultyEvents, moneyFaults } from './money-faults.ts'
import type { Range } from './ranges.ts'

/** A lesser rise of a fault's share explains no drop of revenue. */
const minRise = 0.1

/** Names the fault that has risen the most in a range, with its share; undefined where none has. */
export function risenFault(series: RegisteredSeries) {
  const measures = moneyFaults.flatMap(({ metric, fault }) => [
    { of: 'purchase' as const, fault, measure: shareOf(series.faults(metric, 'purchase')) },
    { of: 'all' as const, fault, measure: shareOf(series.faults(metric)) }
  ])
  return function nameFault(range: Range, { share }: Figures): Phrase | undefined {
    const [most] = measures
      .flatMap(({ of, fault, measure }) => {
        const { observed = 0, expected = 0, exposure = 0 } = measure(range) ?? {}
        return exposure > 0
          ? [{ of, fault, share: observed / exposure, rise: (observed - expected) / exposure }]
          : []
      })
      .sort((a, b) => b.rise - a.rise)
    if (most === undefined || most.rise < minRise) return undefined
    return phrase(`finding.money_fault.clause.${most.fault}`, {
      share: share(most.share),
      events: faultyEvents(most.of)
    })
  }
}
