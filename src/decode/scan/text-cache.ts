/** Values made of texts that come again and again, found by the bytes of the text. */
export interface TextCache<Value> {
  /** Of the plain ASCII bytes from `start` to `end`, whose print is given. */
  get(bytes: Uint8Array, start: number, end: number, print: number): Value
}

interface Entry<Value> {
  readonly text: string
  readonly value: Value
}

/** A power of two: what countries, devices, categories and most catalogues need. */
const slots = 4_096
/** Longer texts are made anew, for they would hold memory. */
const maxLength = 256

/** Each place holds the text that came there last, so that a flood of new ones costs what making them does. */
export function createTextCache<Value>(make: (text: string) => Value): TextCache<Value> {
  const entries: (Entry<Value> | undefined)[] = new Array(slots).fill(undefined)

  return {
    get(bytes, start, end, print) {
      const slot = print & (slots - 1)
      const known = entries[slot]
      if (known !== undefined && isText(known.text, bytes, start, end)) return known.value
      const text = textOf(bytes, start, end)
      const value = make(text)
      if (end - start <= maxLength) entries[slot] = { text, value }
      return value
    }
  }
}

function isText(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = text
  if (length !== end - start) return false
  for (let at = 0; at < length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false
  return true
}

/** A text of its own: one cut out of another would keep that whole in memory. */
export const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  (bytes as SliceableBuffer).latin1Slice(start, end)

/** Node's own, faster than `toString('latin1', …)`. */
type SliceableBuffer = Uint8Array & { latin1Slice(start: number, end: number): string }
