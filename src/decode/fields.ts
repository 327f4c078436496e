import type { ExtraValue } from './types.ts'

/** Longer text is cut: no name is this long, and memory must stay bounded. */
const maxTextLength = 256
export const maxPrice = 1e9
export const maxQuantity = 1e6

/**
 * The first `maxTextLength` characters, never half of a surrogate pair. It is a copy, because in V8 a slice keeps the
 * whole text in memory.
 */
export function cutText(text: string): string {
  if (text.length <= maxTextLength) return text
  const end = isHighSurrogate(text.charCodeAt(maxTextLength - 1)) ? maxTextLength - 1 : maxTextLength
  return Buffer.from(text.slice(0, end), 'utf16le').toString('utf16le')
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff

/** A number as JSON writes it, without an exponent. */
export const isPlainNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text)

/**
 * Price × quantity in ten-thousandths, an integer: the price is rounded first, so that a sum over quantities equals
 * the sum over single pieces. Undefined if it is too great for an exact integer.
 */
export function lineAmount(price: number, quantity: number): number | undefined {
  const amount = Math.round(Math.round(price * 10_000) * quantity)
  // Adding 0 turns -0 into 0.
  return amount <= Number.MAX_SAFE_INTEGER ? amount + 0 : undefined
}

/** A type may be a number: a code of the shop's own. */
export function typeNameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return Number.isSafeInteger(value) ? String(value) : undefined
}

/** ISO 4217's code for no currency, of events whose currency can't be read: so they mix with no other. */
export const noCurrency = 'XXX'

/** Three letters in upper case; undefined for anything else. */
export function readCurrency(value: string): string | undefined {
  return /^[A-Za-z]{3}$/.test(value) ? value.toUpperCase() : undefined
}

/** A further field that is a single value; text is cut. */
export function extraOf(value: unknown): ExtraValue {
  if (typeof value === 'string') return value === '' ? undefined : cutText(value)
  return typeof value === 'boolean' || Number.isFinite(value) ? (value as boolean | number) : undefined
}
