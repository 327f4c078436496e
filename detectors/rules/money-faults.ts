import type { Series } from '../baseline/series.ts'
import type { Words } from './format.ts'
import { shareOf } from './measurement.ts'
import type { Range } from './ranges.ts'

/** The faults that take the money of events away, by the metric of their share, as a person reads them: with the field. */
export const moneyFaults = {
  missing_price_rate: {
    of: 'carts, checkouts and purchases',
    said: 'have no price (missing_price, field price)'
  },
  invalid_price_rate: {
    of: 'purchases',
    said: 'have a price that cannot be read (invalid_price, field price)'
  },
  invalid_currency_rate: {
    of: 'purchases',
    said: 'have a currency that is none, such as undefined (invalid_currency, field currency)'
  }
} as const
type MoneyFault = keyof typeof moneyFaults
export const moneyFaultNames = Object.keys(moneyFaults) as readonly MoneyFault[]

/** A lesser rise of a fault's share explains no drop of revenue. */
const minRise = 0.1

/** Names the fault that has risen the most in a range, with its share; undefined where none has. */
export function risenFault(rateOf: (metric: MoneyFault) => Series) {
  const measures = moneyFaultNames.map(name => ({ ...moneyFaults[name], measure: shareOf(rateOf(name)) }))
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
