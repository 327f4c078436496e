import type { LayoutField } from '../decode/layout.ts'
import { fieldWords, isOfProduct, plainWord, speaksForItself } from './field-names.ts'
import { fits, isBase64 } from './fits.ts'
import { type PathValues, type Scalar, textOf } from './survey.ts'
import { meaningOf } from './type-words.ts'

/** Of the values at a path, so many must be what the field takes. */
const minFitting = 0.8

/** Words within a name that make it likely where its values fit. */
const partWords: Readonly<Partial<Record<LayoutField, RegExp>>> = {
  order_id: /order|transaction|purchase|invoice|receipt|basket|booking/,
  session_id: /session|visit|anonymous|cookie|browser/,
  user_id: /user|customer|member|buyer|account/,
  product_id: /product|sku|article|variant/,
  price: /price/,
  quantity: /qty|quantity/,
  order_total: /total|revenue|amount|sum|paid/,
  payment_method: /payment|gateway/,
  country: /country/
}

/** Names of times at which something else happened than the event. */
const otherTimes = /updat|modif|process|expir|birth|deliver|cancel|clos|ingest|load|receiv|sync|delet|publish/
/** What an order also has and what is not its own name or money. */
const otherFacts = /count(?!ry)|qty|quantity|number of|status|state|type$|name$|date|time/
/** Texts are names of types where few of them cover all records. */
const mostTypes = 200

export interface Records {
  /** How many there are. */
  readonly records: number
  /** They come from Kafka Connect, which writes decimals as base64. */
  readonly mayBeBase64: boolean
}

/** How likely a path is a field's, by its name and its values; 0 where it cannot be. */
export function scoreOf(field: LayoutField, seen: PathValues, { records, mayBeBase64 }: Records): number {
  const { names, values } = seen
  const isMoney = field === 'price' || field === 'order_total'
  const isFitting = (value: Scalar) => fits(field, value) || (isMoney && mayBeBase64 && isBase64(value))
  if (values.filter(isFitting).length < minFitting * values.length) return 0
  const known =
    field === 'event_type' ? values.filter(value => meaningOf(textOf(value)) !== undefined).length : 0
  if (field === 'event_type' && !mayBeTypes(seen, known)) return 0
  const named = nameScore(field, seen) || valueScore(field, seen, known)
  if (named === 0) return 0
  const other = field === 'event_time' && otherTimes.test(plainWord(names.at(-1) ?? '')) ? 40 : 0
  return named + (20 * seen.records) / records + (40 * known) / values.length - 2 * names.length - other
}

/** A name counts by itself, and with those before it: user, id is userid. */
function nameScore(field: LayoutField, { names, list }: PathValues): number {
  const words = fieldWords[field]
  const [last = '', holder] = names.toReversed()
  const isInEntry = holder !== undefined && list?.endsWith(holder) === true
  const first = isInEntry || speaksForItself(last, holder) ? 1 : 2
  if (field === 'category' && !isOfProduct(holder)) return 0
  let score = 0
  for (let count = first; count <= Math.min(3, names.length); count++) {
    const rank = words.indexOf(plainWord(names.slice(-count).join('')))
    if (rank >= 0) score = Math.max(score, 100 - 4 * rank + 6 * count)
  }
  // An id by itself is a product's in a list of products.
  return score === 0 && field === 'product_id' && isInEntry && plainWord(last) === 'id' ? 50 : score
}

/** Where the name says nothing or only a part: by the values alone. */
function valueScore(field: LayoutField, { names, values }: PathValues, known: number): number {
  const name = plainWord(names.slice(-2).join(''))
  switch (field) {
    case 'event_time':
      return values.every(value => fits(field, value)) && values.some(isExact) ? 40 : 0
    case 'event_type':
      return known * 2 > values.length ? 40 : 0
    case 'currency':
      return values.every(value => fits(field, value)) ? 40 : 0
    case 'quantity':
      return partWords.quantity?.test(name) && !/stock|avail|max|min|refund|cancel|ship/.test(name) ? 30 : 0
    case 'category':
    case 'device':
    case 'event_id':
      return 0
    case 'order_id':
    case 'session_id':
    case 'user_id':
    case 'product_id':
    case 'price':
    case 'order_total':
    case 'payment_method':
    case 'country':
      return partWords[field]?.test(name) && !otherFacts.test(name) ? 30 : 0
    default:
      return field satisfies never
  }
}

/** More than a day: a birthday or a date of delivery is no moment. */
const isExact = (value: unknown): boolean => typeof value !== 'string' || /\d{9}|:/.test(value)

/** Numbers of orders are as many as records, and no words. */
function mayBeTypes({ values }: PathValues, known: number): boolean {
  const distinct = new Set(values)
  const isMany = distinct.size > mostTypes || (values.length >= 10 && distinct.size > values.length / 2)
  const areWords =
    values.filter(value => /\p{L}{2}/u.test(textOf(value))).length >= minFitting * values.length
  return areWords && (known > 0 || !isMany)
}
