import { isPlainNumber, noCurrency } from '../fields.ts'
import type { Layout } from '../layout.ts'
import { readBase64Decimal } from './base64-decimal.ts'
import { currencyDigits } from './currency-digits.ts'
import { readPriceText } from './decimal-text.ts'
import { currencyOfObject, moneyOfObject } from './money-object.ts'

/** Reads a price in units of the currency; NaN where it is none, or could be two. */
export type ReadMoney = (value: unknown, currency: string) => number

/** Reads prices as the layout has them. */
export const createReadMoney = ({ decimal = 'auto', moneyScale = 0 }: Layout): ReadMoney => {
  const fixed = moneyScale === 'currency' ? undefined : 10 ** moneyScale
  const divisorOf = (currency: string): number => fixed ?? 10 ** currencyDigits(currency)

  function ofText(text: string, currency: string): number {
    // The form of JSON is that of programs, in which a point is the decimal's.
    if (decimal !== 'comma' && decimal !== 'base64' && isPlainNumber(text)) return Number(text)
    if (decimal === 'base64') return readBase64Decimal(text)
    return readPriceText(text, decimal, currency)?.number ?? Number.NaN
  }

  return function readMoney(value, currency): number {
    if (typeof value === 'number') return value / divisorOf(currency)
    if (typeof value === 'string') return ofText(value, currency) / divisorOf(currency)
    return typeof value === 'object' && value !== null
      ? moneyOfObject(value, currency, plain => readMoney(plain, currency))
      : Number.NaN
  }
}

/** The currency that a price names itself, for an event that names none. */
export function currencyOfPrice(price: unknown): string | undefined {
  if (typeof price === 'object' && price !== null) return currencyOfObject(price)
  if (typeof price !== 'string' || isPlainNumber(price)) return undefined
  return readPriceText(price, 'point', noCurrency)?.currency
}
