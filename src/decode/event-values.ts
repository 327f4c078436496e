import { cutText, lineAmount, maxPrice, maxQuantity, noCurrency, readCurrency } from './fields.ts'
import type { EventType } from './layout.ts'
import { native } from './layouts/native.ts'
import { createReadMoney } from './money/read-money.ts'
import { isAbsent } from './record.ts'
import { type DecodeOptions, faultBits } from './types.ts'

type Priced = EventType | undefined

/** Reads the values of one event after another, and gathers what is wrong with them in `faults`. */
export interface EventValues {
  /** A sum of `faultBits`; to be set for each event. */
  faults: number
  text(value: unknown): string | undefined
  currencyOf(value: unknown, type: Priced): string
  quantityOf(value: unknown): number
  /** Called after `quantityOf`: with a wrong quantity there is no amount. */
  amountOf(price: unknown, quantity: number, type: Priced, currency: string): number | undefined
  /** The money of an event whose lines have no price; a price that is wrong stays a fault. */
  totalOf(value: unknown, type: Priced, currency: string): number | undefined
}

export function createEventValues({
  currency,
  knownCurrencies,
  layout = native
}: Pick<DecodeOptions, 'currency' | 'knownCurrencies' | 'layout'>): EventValues {
  const readMoney = createReadMoney(layout)
  const readQuantity = createReadMoney({
    ...layout,
    moneyScale: 0,
    decimal: layout.decimal === 'base64' ? 'auto' : layout.decimal
  })

  const values: EventValues = {
    faults: 0,
    text(value) {
      if (typeof value === 'string') return value === '' ? undefined : cutText(value)
      if (value === undefined || value === null) return undefined
      if (typeof value === 'number' && Number.isFinite(value)) return String(value)
      values.faults |= faultBits.invalid_field
      return undefined
    },
    currencyOf(value, type) {
      if (value === currency || isAbsent(value)) return currency
      const code = typeof value === 'string' ? readCurrency(value) : undefined
      if (code === undefined) values.faults |= faultBits.invalid_currency
      const name = code ?? noCurrency
      if (type === 'purchase' && name !== currency && !knownCurrencies.has(name))
        values.faults |= faultBits.unknown_currency
      return name
    },
    quantityOf(value) {
      if (isAbsent(value)) return 1
      const quantity = readQuantity(value, noCurrency)
      if (quantity > 0 && quantity <= maxQuantity) return quantity
      values.faults |= faultBits.invalid_quantity
      return 1
    },
    amountOf(price, quantity, type, code) {
      if (isAbsent(price)) {
        if (type === 'purchase' || type === 'add_to_cart' || type === 'checkout_started')
          values.faults |= faultBits.missing_price
        return undefined
      }
      const units = readMoney(price, code)
      if (units >= 0 && units <= maxPrice) {
        if ((values.faults & faultBits.invalid_quantity) !== 0) return undefined
        const product = lineAmount(units, quantity)
        if (product === undefined) values.faults |= faultBits.invalid_price
        return product
      }
      values.faults |=
        units < 0 && units !== Number.NEGATIVE_INFINITY ? faultBits.negative_price : faultBits.invalid_price
      return undefined
    },
    totalOf(value, type, code) {
      const total = readMoney(value, code)
      if (total >= 0 && total <= maxPrice) {
        values.faults &= ~faultBits.missing_price
        return lineAmount(total, 1)
      }
      // Only a purchase must have money: what GA4 calls the value of another event may be anything.
      if (type === 'purchase') values.faults |= total < 0 ? faultBits.negative_price : faultBits.invalid_price
      return undefined
    }
  }
  return values
}
