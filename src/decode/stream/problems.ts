import type { Layout, LayoutField } from '../layout.ts'
import { type Fault, faultBits } from '../types.ts'
import type { Example } from './example.ts'
import type { Problem, StreamCounts } from './stream-counts.ts'

/** What is wrong with a share of a stream. */
export interface StreamProblem {
  readonly what: Problem
  readonly count: number
  /** Of the records, the events or the purchases: 0 to 1. */
  readonly share: number
  /** Without a full stop. */
  readonly sentence: string
}

/** A smaller share is for the metrics and their baselines. */
const minShare = 0.01

/** The problems of a stretch of a stream, dead letters first, then the most frequent. */
export function problemsOf(
  counts: StreamCounts,
  examples: ReadonlyMap<Problem, Example>,
  { layout, currency }: { readonly layout: Layout; readonly currency: string }
): readonly StreamProblem[] {
  const { records, purchases, by, currencies } = counts
  const dead = [...by].reduce((sum, [what, count]) => (isOfRecord(what) ? sum + count : sum), 0)
  return [...by]
    .map(([what, count]): StreamProblem => {
      const of = isOfRecord(what) ? records : what === 'unknown_type' ? records - dead : purchases
      // An order comes again in another stretch than its purchase was counted in.
      const share = of === 0 ? 0 : Math.min(1, count / of)
      const example = examples.get(what)
      const said = sentenceOf(what, share, { field: placeOf(layout, what), currency, currencies })
      const shown =
        example === undefined || what === 'unknown_currency' ? '' : `, for example ${example.text}`
      const hint = example?.hint === undefined ? '' : `: ${example.hint}`
      return { what, count, share, sentence: `${said}${shown}${hint}` }
    })
    .filter(({ share }) => share >= minShare)
    .sort((a, b) => Number(isOfRecord(b.what)) - Number(isOfRecord(a.what)) || b.share - a.share)
}

interface Named {
  readonly field: string
  readonly currency: string
  readonly currencies: ReadonlyMap<string, number>
}

function sentenceOf(what: Problem, share: number, { field, currency, currencies }: Named): string {
  const purchases = share === 1 ? 'all purchases' : `${percent(share)} of the purchases`
  switch (what) {
    case 'unknown_type':
      return `${share === 1 ? 'every event has' : `${percent(share)} of the events have`} an unknown type (in ${field})`
    case 'missing_price':
      return `${purchases} have no price (in ${field})`
    case 'invalid_price':
      return `${purchases} have a price that cannot be read (invalid_price, in ${field})`
    case 'negative_price':
      return `${purchases} have a price below 0 (in ${field})`
    case 'invalid_quantity':
      return `${purchases} have a quantity that is none (in ${field})`
    case 'invalid_currency':
      return `${purchases} have a currency that is none (invalid_currency, in ${field})`
    case 'unknown_currency': {
      const [most = 'another currency'] = [...currencies].sort(([, a], [, b]) => b - a)[0] ?? []
      return `${purchases} are in ${most}${currencies.size > 1 ? ' and others' : ''}, and currency is ${currency}: ${share > 0.5 ? `set currency: ${most}, or a rate in rates` : `set currency: ${currency}, and a rate for ${most} in rates`}`
    }
    case 'invalid_field':
      return `${purchases} have a field that is no text (invalid_field)`
    case 'repeated_order':
      return `${purchases} are of an order that came before, and count once (repeated_order, by ${field})`
    default:
      return share === 1
        ? `every record is a dead letter (${what})`
        : `${percent(share)} of the records are dead letters (${what})`
  }
}

/** Where the field that is wrong should be. */
function placeOf({ fields }: Layout, what: Problem): string {
  const field = fieldOf(what)
  return field === undefined ? '' : ((fields[field] ?? [])[0] ?? field)
}

function fieldOf(what: Problem): LayoutField | undefined {
  switch (what) {
    case 'unknown_type':
      return 'event_type'
    case 'missing_price':
    case 'invalid_price':
    case 'negative_price':
      return 'price'
    case 'invalid_quantity':
      return 'quantity'
    case 'repeated_order':
      return 'order_id'
    case 'invalid_currency':
    case 'unknown_currency':
      return 'currency'
    default:
      return undefined
  }
}

const isFault = (what: Problem): what is Fault => Object.hasOwn(faultBits, what)
/** Why the record is dead. */
const isOfRecord = (what: Problem): boolean => !isFault(what) && what !== 'repeated_order'

/** Never 100 % where it is not all. */
export const percent = (share: number): string => `${Math.min(99, Math.round(100 * share))} %`
