import { readBase64Decimal } from './base64-decimal.ts'
import { currencyDigits } from './currency-digits.ts'

/** Reads a price that is a plain value. */
type ReadPlain = (value: unknown) => number
type Fields = Readonly<Record<string, unknown>>

/**
 * A price that is an object which says by itself in what it counts: commercetools' cents, Google's units and nanos, micros,
 * Debezium's decimal with its scale, MongoDB's numbers, an amount beside its currency. NaN for any other.
 */
export function moneyOfObject(value: object, currency: string, readPlain: ReadPlain): number {
  const fields = value as Fields
  const digits = digitsIn(fields, currency)
  if (has(fields, 'preciseAmount')) return whole(fields['preciseAmount']) / 10 ** digits
  for (const key of minorKeys) if (has(fields, key)) return whole(fields[key]) / 10 ** digits
  for (const key of microsKeys) if (has(fields, key)) return whole(fields[key]) / 1e6
  if (has(fields, 'units') || has(fields, 'nanos')) return unitsAndNanos(fields)
  if (has(fields, 'scale') && typeof fields['value'] === 'string')
    return readBase64Decimal(fields['value']) / 10 ** whole(fields['scale'])
  for (const key of mongoKeys) if (has(fields, key)) return ofPlain(fields[key], readPlain)
  if (currencyOfObject(value) === undefined) return Number.NaN
  for (const key of ['amount', 'value']) if (has(fields, key)) return ofPlain(fields[key], readPlain)
  return Number.NaN
}

/** The currency that a price names beside its amount. */
export function currencyOfObject(value: object): string | undefined {
  const fields = value as Fields
  const key = currencyKeys.find(each => typeof fields[each] === 'string' && fields[each] !== '')
  return key === undefined ? undefined : String(fields[key])
}

const minorKeys = ['centAmount', 'cent_amount', 'minorUnits', 'minor_units', 'amountMinor', 'amount_minor']
const microsKeys = ['amountMicros', 'amount_micros', 'priceMicros', 'price_micros', 'micros']
const mongoKeys = ['$numberDecimal', '$numberDouble', '$numberInt', '$numberLong']
const currencyKeys = ['currencyCode', 'currency_code', 'currency']

const has = (fields: Fields, key: string): boolean => Object.hasOwn(fields, key)

/** Of cents: as many as the price says itself, else as its currency has. */
function digitsIn(fields: Fields, currency: string): number {
  const own = whole(fields['fractionDigits'])
  return own >= 0 && own <= 20 ? own : currencyDigits(currencyOfObject(fields)?.toUpperCase() ?? currency)
}

/** An object within is no price: it could nest for ever. */
const ofPlain = (value: unknown, readPlain: ReadPlain): number =>
  typeof value === 'object' ? Number.NaN : readPlain(value)

/** Protobuf leaves out a part that is 0; both parts have the same sign. */
function unitsAndNanos(fields: Fields): number {
  const units = whole(fields['units'] ?? 0)
  const nanos = whole(fields['nanos'] ?? 0)
  return Math.abs(nanos) < 1e9 && units * nanos >= 0 ? units + nanos / 1e9 : Number.NaN
}

function whole(value: unknown): number {
  const isWhole =
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && /^-?\d{1,18}$/.test(value))
  return isWhole ? Number(value) : Number.NaN
}
