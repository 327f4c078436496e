import { isBlank } from './json.ts'

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c

/** Cuts JSON values out of bytes that come in pieces. */
interface JsonCutter {
  /** The values that end in this piece. */
  push(bytes: Buffer): readonly Buffer[]
  /** What has begun and not ended: the stream was cut. */
  rest(): Buffer
}

/**
 * JSON values one after another, with blanks, commas or nothing between; with `inArray` the entries of one list. It
 * looks at brackets and quotes alone: whether a value is valid is up to its parser. A value above `maxBytes` is cut.
 */
export function createJsonCutter({
  inArray,
  maxBytes
}: {
  readonly inArray: boolean
  readonly maxBytes: number
}): JsonCutter {
  let held: Buffer[] = []
  let heldBytes = 0
  let depth = 0
  let inText = false
  let isEscaped = false
  /** A number or a word at the top. */
  let inWord = false
  let hasBegun = false
  let isOpened = !inArray

  function push(bytes: Buffer): readonly Buffer[] {
    const values: Buffer[] = []
    let from = hasBegun ? 0 : -1
    const finish = (end: number): void => {
      hold(bytes.subarray(from, end))
      values.push(Buffer.concat(held))
      held = []
      heldBytes = 0
      hasBegun = false
      from = -1
    }
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (inText) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) {
          inText = false
          if (depth === 0) finish(at + 1)
        }
        continue
      }
      if (inWord) {
        if (!endsWord(byte)) continue
        inWord = false
        finish(at)
      }
      if (!hasBegun) {
        if (isBlank(byte) || byte === comma) continue
        if (!isOpened && byte === openBracket) {
          isOpened = true
          continue
        }
        if (byte === closeBracket && inArray) continue
        hasBegun = true
        from = at
      }
      if (byte === quote) inText = true
      else if (byte === openBrace || byte === openBracket) depth++
      else if (byte === closeBrace || byte === closeBracket) {
        depth = Math.max(0, depth - 1)
        if (depth === 0) finish(at + 1)
      } else if (depth === 0) inWord = true
    }
    if (hasBegun) hold(bytes.subarray(from))
    return values
  }

  function hold(bytes: Buffer): void {
    if (heldBytes <= maxBytes) held.push(bytes)
    heldBytes += bytes.length
  }

  return { push, rest: () => Buffer.concat(held) }
}

const endsWord = (byte: number): boolean =>
  isBlank(byte) || byte === comma || byte === openBrace || byte === openBracket || byte === closeBracket

/** The JSON values of a text that holds several; a part that is no JSON stays a part. */
export function cutJson(text: string): readonly string[] {
  const cutter = createJsonCutter({ inArray: false, maxBytes: Number.POSITIVE_INFINITY })
  const values = cutter.push(Buffer.from(text)).map(String)
  const rest = String(cutter.rest())
  return rest.trim() === '' ? values : [...values, rest]
}
