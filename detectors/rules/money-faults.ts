import type { CountedFault } from '../../src/metrics/measures.ts'

/** What is said of a fault that takes the money of an event away. */
export interface MoneyFault {
  readonly fault: CountedFault
  readonly metric: `${CountedFault}_rate`
  readonly field: string
  /** Behind `25% of purchases`; and the same as the end of a sentence. */
  readonly short: string
  readonly said: string
}

const moneyFault = (fault: CountedFault, field: string, short: string, said: string): MoneyFault => ({
  fault,
  metric: `${fault}_rate`,
  field,
  short,
  said: `${said} (${fault}, field ${field})`
})

export const moneyFaults: readonly MoneyFault[] = [
  moneyFault('missing_price', 'price', 'missing price', 'have no price'),
  moneyFault(
    'invalid_price',
    'price',
    'with a price that cannot be read',
    'have a price that cannot be read'
  ),
  moneyFault('negative_price', 'price', 'with a price below 0', 'have a price below 0'),
  moneyFault('invalid_quantity', 'quantity', 'with a quantity that is none', 'have a quantity that is none'),
  moneyFault(
    'invalid_currency',
    'currency',
    'with a currency that is none, such as undefined',
    'have a currency that is none, such as undefined'
  ),
  moneyFault(
    'unknown_currency',
    'currency',
    'in a currency without a rate',
    'are in a currency without a rate'
  )
]
