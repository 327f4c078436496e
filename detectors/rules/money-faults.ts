import { type Phrase, phrase } from '../../src/language/phrase.ts'
import type { CountedFault, PricedType } from '../../src/metrics/measures.ts'

/** A fault that takes the money of an event away. */
export interface MoneyFault {
  readonly fault: CountedFault
  readonly metric: `${CountedFault}_rate`
  readonly field: string
}

const moneyFault = (fault: CountedFault, field: string): MoneyFault => ({
  fault,
  metric: `${fault}_rate`,
  field
})

export const moneyFaults: readonly MoneyFault[] = [
  moneyFault('missing_price', 'price'),
  moneyFault('invalid_price', 'price'),
  moneyFault('negative_price', 'price'),
  moneyFault('invalid_quantity', 'quantity'),
  moneyFault('invalid_currency', 'currency'),
  moneyFault('unknown_currency', 'currency')
]

/** Events of one type, or of all that can have such a fault. */
export const faultyEvents = (type: PricedType | 'all'): Phrase => phrase(`finding.money_fault.of.${type}`)
