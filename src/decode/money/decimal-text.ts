import { currencyDigits, currencyOfSign, isCurrencyCode } from './currency-digits.ts'

/** What decides where `1,299` or `€ 1.299` could be two numbers; `auto` leaves those unread. */
export type DecimalMark = 'auto' | 'point' | 'comma'

/** A price as people write it. */
export interface WrittenPrice {
  readonly number: number
  /** Of a sign or a code that one currency alone has. */
  readonly currency: string | undefined
}

/**
 * Reads `1,299.00`, `1.299,00`, `1 299,00`, `1’299.–`, `12,34,567`, `€ 19,99`, `-$5`: two different marks say which one is
 * the decimal's, and so does one that cannot part thousands. `1,299` could be two numbers: the setting decides, or that
 * its currency has no decimals. Undefined for anything else.
 */
export function readPriceText(text: string, mark: DecimalMark, currency: string): WrittenPrice | undefined {
  const groups = text.length > maxLength ? undefined : written.exec(spacesAlike(text))?.groups
  if (groups === undefined) return undefined
  const { minus, before, inner, body = '', dash, after } = groups
  const signs = [before, after].filter(sign => sign !== undefined)
  if (signs.some(sign => /^[A-Za-z]{3}$/.test(sign) && !isCurrencyCode(sign))) return undefined
  if (minus !== undefined && inner !== undefined) return undefined
  const own = signs.map(currencyOfSign).find(code => code !== undefined)
  const number =
    dash === undefined
      ? bodyOf(body, mark, currencyDigits(own ?? currency) === 0)
      : Number(body.replace(/[.,' ]/g, '') || Number.NaN)
  if (dash !== undefined && !isGrouped(body)) return undefined
  if (Number.isNaN(number)) return undefined
  return { number: minus === undefined && inner === undefined ? number : -number, currency: own }
}

const maxLength = 64
const sign = String.raw`[A-Za-z]{0,3}\p{Sc}|[A-Za-z]{3}|kr\.?|zł|Kč|Ft|lei|лв\.?|руб\.?|р\.|KM|Fr\.?|Rs\.?|Rp\.?|RM|S/\.?|TL|din\.?`
const written = new RegExp(
  String.raw`^(?<minus>[-−])?\s?(?<before>${sign})?\s?(?<inner>[-−])?\s?(?<body>[.,]?\d(?:[\d.,' ]*\d)?)(?<dash>[.,][-–—]{1,2})?\s?(?<after>${sign})?$`,
  'u'
)

/** All spaces as one, all apostrophes as one, none around the text. */
const spacesAlike = (text: string): string =>
  text
    .trim()
    .replace(/\s/g, ' ')
    .replace(/[’ʼ‘`´]/g, "'")

/** Digits with marks between them; NaN where they are no number, or could be two. */
function bodyOf(body: string, mark: DecimalMark, isWhole: boolean): number {
  const marks: readonly string[] = body.match(/[.,' ]/g) ?? []
  const last = marks.at(-1)
  if (last === undefined) return Number(body)
  const kinds = new Set(marks).size
  if (kinds > 2) return Number.NaN
  const canBeDecimal = (last === '.' || last === ',') && marks.indexOf(last) === marks.length - 1
  const at = body.lastIndexOf(last)
  const whole = body.slice(0, at)
  if (kinds === 2) return canBeDecimal && isGrouped(whole) ? decimalOf(whole, body.slice(at + 1)) : Number.NaN
  const grouped = isGrouped(body) ? Number(body.replace(/[.,' ]/g, '')) : Number.NaN
  if (!canBeDecimal) return grouped
  const decimal = decimalOf(whole, body.slice(at + 1))
  if (Number.isNaN(grouped)) return decimal
  switch (mark) {
    case 'point':
      return last === '.' ? decimal : grouped
    case 'comma':
      return last === ',' ? decimal : grouped
    case 'auto':
      return isWhole ? grouped : Number.NaN
    default:
      return mark satisfies never
  }
}

const decimalOf = (whole: string, fraction: string): number =>
  Number(`${whole.replace(/[.,' ]/g, '') || '0'}.${fraction}`)

/** Thousands, or lakhs and crores, parted by one mark; or no mark at all. */
const isGrouped = (text: string): boolean =>
  /^(?:\d+|[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*|[1-9]\d?(?:([., ])\d\d)(?:\2\d\d)*\2\d{3})$/.test(text)
