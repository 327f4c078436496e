import { type Decoded, faultBits } from './types.ts'

/** Purchases that are looked at before anything is said. */
const sampleSize = 20

/** Gives, once, the currency of a stream whose first purchases are mostly in one that has no rate. */
export function createUnknownCurrencyWatch(): (decoded: Decoded) => string | undefined {
  let purchases = 0
  let unknown = 0
  return function observe(decoded) {
    if (purchases >= sampleSize || decoded.kind !== 'event' || decoded.event.type !== 'purchase')
      return undefined
    purchases++
    if ((decoded.event.faults & faultBits.unknown_currency) !== 0) unknown++
    return purchases === sampleSize && unknown * 2 > purchases ? decoded.event.currency : undefined
  }
}
