export const quote = 0x22
export const comma = 0x2c
export const minus = 0x2d
export const point = 0x2e
export const zero = 0x30
export const colon = 0x3a
export const openBracket = 0x5b
export const backslash = 0x5c
export const closeBracket = 0x5d
export const openBrace = 0x7b
export const closeBrace = 0x7d

export const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= zero && byte <= 0x39

/** Whether four bytes are all ASCII without control characters, quotes and backslashes; a false "no" does no harm. */
export function isPlainWord(word: number): boolean {
  const quotes = word ^ 0x22222222
  const slashes = word ^ 0x5c5c5c5c
  return (
    (((word - 0x20202020) | ((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes) | word) &
      0x80808080) ===
    0
  )
}
