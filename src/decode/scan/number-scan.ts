import { isDigit, minus, point, zero } from './bytes.ts'

const maxDigits = 15
const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power)

/** Reads the JSON numbers that are read exactly without a parse: up to 15 digits, no exponent. */
export class NumberScan {
  /** Behind the number. */
  end = 0
  value = 0
  /** It is written as its text: an integer, and not -0. */
  isInteger = false

  /** The digits that begin at `start`; false where there are none, or too many. An exponent is what follows: no JSON goes on so. */
  read(bytes: Uint8Array, start: number, limit: number): boolean {
    const isNegative = bytes[start] === minus
    const first = isNegative ? start + 1 : start
    let at = first
    let digits = 0
    for (; at < limit; at++) {
      const digit = (bytes[at] as number) - zero
      if (digit < 0 || digit > 9) break
      digits = digits * 10 + digit
    }
    const whole = at - first
    if (whole === 0 || (whole > 1 && bytes[first] === zero)) return false
    let fraction = 0
    if (bytes[at] === point && at < limit) {
      const from = ++at
      for (; at < limit; at++) {
        const digit = (bytes[at] as number) - zero
        if (digit < 0 || digit > 9) break
        digits = digits * 10 + digit
      }
      fraction = at - from
      if (fraction === 0) return false
    }
    if (whole + fraction > maxDigits) return false
    // Digits and power are integers that a double holds, so that the one division rounds as a parse of the text does.
    const size = fraction === 0 ? digits : digits / (powersOfTen[fraction] as number)
    this.value = isNegative ? -size : size
    this.isInteger = fraction === 0 && !(isNegative && digits === 0)
    this.end = at
    return true
  }
}

const letterE = 0x65

/** Behind any JSON number that begins at `start`; -1 where there is none. */
export function numberEnd(bytes: Uint8Array, start: number, limit: number): number {
  let at = bytes[start] === minus ? start + 1 : start
  const first = at
  while (at < limit && isDigit(bytes[at])) at++
  if (at === first || (at - first > 1 && bytes[first] === zero)) return -1
  if (at < limit && bytes[at] === point) {
    const from = ++at
    while (at < limit && isDigit(bytes[at])) at++
    if (at === from) return -1
  }
  if (at < limit && ((bytes[at] as number) | 0x20) === letterE) {
    at++
    if (at < limit && (bytes[at] === 0x2b || bytes[at] === minus)) at++
    const from = at
    while (at < limit && isDigit(bytes[at])) at++
    if (at === from) return -1
  }
  return at
}
