import { isBlank } from '../json.ts'
import { backslash, closeBrace, closeBracket, colon, comma, openBrace, openBracket, quote } from './bytes.ts'
import { numberEnd } from './number-scan.ts'

/** Deeper values are left to the parse. */
const maxDepth = 32

/** Behind the JSON value that begins at `start`; -1 where there is none before `limit`, or it is too deep. */
export function valueEnd(bytes: Uint8Array, start: number, limit: number, depth = 0): number {
  if (start >= limit) return -1
  switch (bytes[start]) {
    case quote:
      return stringEnd(bytes, start + 1, limit)
    case openBrace:
      return depth === maxDepth ? -1 : objectEnd(bytes, start + 1, limit, depth + 1)
    case openBracket:
      return depth === maxDepth ? -1 : arrayEnd(bytes, start + 1, limit, depth + 1)
    case 0x74:
      return wordEnd(bytes, start, limit, 'true')
    case 0x66:
      return wordEnd(bytes, start, limit, 'false')
    case 0x6e:
      return wordEnd(bytes, start, limit, 'null')
    default:
      return numberEnd(bytes, start, limit)
  }
}

/** Behind the blanks that begin at `at`. */
export function blanksEnd(bytes: Uint8Array, at: number, limit: number): number {
  let end = at
  while (end < limit && isBlank(bytes[end])) end++
  return end
}

/** Behind the quote that closes the text whose first byte is at `start`. */
function stringEnd(bytes: Uint8Array, start: number, limit: number): number {
  let at = start
  while (at < limit) {
    const byte = bytes[at] as number
    if (byte === quote) return at + 1
    if (byte < 0x20) return -1
    at = byte === backslash ? escapeEnd(bytes, at + 1, limit) : at + 1
    if (at === -1) return -1
  }
  return -1
}

const simpleEscapes = new Set([...'"\\/bfnrt'].map(letter => letter.charCodeAt(0)))
const letterU = 0x75

function escapeEnd(bytes: Uint8Array, at: number, limit: number): number {
  const letter = bytes[at] as number
  if (simpleEscapes.has(letter)) return at + 1
  if (letter !== letterU || at + 5 > limit) return -1
  for (let digit = at + 1; digit < at + 5; digit++) if (!isHex(bytes[digit] as number)) return -1
  return at + 5
}

const isHex = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)

function wordEnd(bytes: Uint8Array, start: number, limit: number, word: string): number {
  const end = start + word.length
  if (end > limit) return -1
  for (let index = 0; index < word.length; index++)
    if (bytes[start + index] !== word.charCodeAt(index)) return -1
  return end
}

function arrayEnd(bytes: Uint8Array, start: number, limit: number, depth: number): number {
  let at = blanksEnd(bytes, start, limit)
  if (bytes[at] === closeBracket && at < limit) return at + 1
  while (at < limit) {
    at = valueEnd(bytes, at, limit, depth)
    if (at === -1) return -1
    at = blanksEnd(bytes, at, limit)
    if (at >= limit) return -1
    if (bytes[at] === closeBracket) return at + 1
    if (bytes[at] !== comma) return -1
    at = blanksEnd(bytes, at + 1, limit)
  }
  return -1
}

function objectEnd(bytes: Uint8Array, start: number, limit: number, depth: number): number {
  let at = blanksEnd(bytes, start, limit)
  if (bytes[at] === closeBrace && at < limit) return at + 1
  while (at < limit && bytes[at] === quote) {
    at = stringEnd(bytes, at + 1, limit)
    if (at === -1) return -1
    at = blanksEnd(bytes, at, limit)
    if (at >= limit || bytes[at] !== colon) return -1
    at = valueEnd(bytes, blanksEnd(bytes, at + 1, limit), limit, depth)
    if (at === -1) return -1
    at = blanksEnd(bytes, at, limit)
    if (at >= limit) return -1
    if (bytes[at] === closeBrace) return at + 1
    if (bytes[at] !== comma) return -1
    at = blanksEnd(bytes, at + 1, limit)
  }
  return -1
}
