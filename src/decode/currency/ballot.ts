import { noCurrency } from '../fields.ts'
import { percent } from '../stream/problems.ts'
import { type Decoded, type DecodedPart, faultBits } from '../types.ts'
import { fallbackCurrency } from './shop-currency.ts'

/** So many purchases decide; where they come slowly, so many in one currency are enough. */
const enoughPurchases = 200
const enoughAlike = 20
const clearShare = 0.9

/** What the first purchases say of the shop's currency. */
export interface CurrencyChoice {
  readonly code: string
  /** `mixed`: no currency has nearly all purchases; `unnamed`: none names a currency; `none`: there was no purchase. */
  readonly kind: 'clear' | 'mixed' | 'unnamed' | 'none'
  /** One sentence without a full stop. */
  readonly sentence: string
}

export interface Ballot {
  /** Takes a record, decoded with `noCurrency` for events that name none. */
  add(decoded: Decoded): void
  /** Undefined until the purchases are enough. */
  choice(): CurrencyChoice | undefined
  /** By fewer purchases that are all alike. */
  earlyChoice(): CurrencyChoice | undefined
  /** By the purchases there are. */
  finalChoice(): CurrencyChoice
  purchases(): number
  /** Events of a known type. */
  usable(): number
}

/** Counts the currencies of the first purchases. Once there are enough, further ones change nothing. */
export function createBallot(): Ballot {
  const counts = new Map<string, number>()
  let usable = 0
  let purchases = 0
  let named = 0
  let chosen: CurrencyChoice | undefined

  function addPart(part: DecodedPart): void {
    if (chosen !== undefined || part.kind !== 'event') return
    if ((part.event.faults & faultBits.unknown_type) === 0) usable++
    if (part.event.type !== 'purchase') return
    purchases++
    const { currency } = part.event
    if (currency !== noCurrency) {
      named++
      counts.set(currency, (counts.get(currency) ?? 0) + 1)
    }
    if (purchases >= enoughPurchases) chosen = choose(counts, named, purchases)
  }

  return {
    add(decoded) {
      if (decoded.kind !== 'several') return addPart(decoded)
      for (const part of decoded.parts) addPart(part)
    },
    choice: () => chosen,
    earlyChoice: () =>
      chosen ?? (named >= enoughAlike && counts.size === 1 ? choose(counts, named, purchases) : undefined),
    finalChoice: () => chosen ?? choose(counts, named, purchases),
    purchases: () => purchases,
    usable: () => usable
  }
}

function choose(counts: ReadonlyMap<string, number>, named: number, purchases: number): CurrencyChoice {
  const first = purchases === 1 ? 'the first purchase' : `the first ${purchases} purchases`
  // By name where two are as frequent, so that the order of records does not matter.
  const sorted = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
  const [top] = sorted
  if (top === undefined) {
    const why = purchases === 0 ? 'there was no purchase yet' : `${first} name no currency`
    return {
      code: fallbackCurrency,
      kind: purchases === 0 ? 'none' : 'unnamed',
      sentence: `revenue is in ${fallbackCurrency}, for ${why}: set currency if it is another`
    }
  }
  const [code, count] = top
  if (count >= clearShare * named) {
    const share = count === purchases ? 'all' : percent(count / purchases)
    const rest = count < purchases && named < purchases ? `, ${percent(1 - named / purchases)} name none` : ''
    return {
      code,
      kind: 'clear',
      sentence: `revenue is in ${code}: ${share} of ${first}${rest}; set currency to choose another`
    }
  }
  const shares = sorted.slice(0, 3).map(([name, own]) => `${percent(own / named)} in ${name}`)
  return {
    code,
    kind: 'mixed',
    sentence: `no currency has nearly all purchases: of ${first}, ${shares.join(', ')}; revenue is in ${code} alone: set currency, and rates for the others`
  }
}
