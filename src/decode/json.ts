import type { DeadReason } from './types.ts'

const byteOrderMark = 0xfeff
/** Each level of JSON as text within JSON is a parse of its own. */
const maxTextLevels = 3

/** The value of a JSON text; of a text that holds JSON as text, that JSON's. Undefined where it is no JSON. */
export function parseValue(text: string, longKeys?: ReadonlySet<string>): unknown {
  let value = parseOnce(text, longKeys)
  for (let level = 1; level < maxTextLevels && typeof value === 'string'; level++) {
    const inner = parseOnce(value, longKeys)
    if (inner === undefined) return value
    value = inner
  }
  return value
}

/** The object that a JSON text is, or says why it is none. */
export function parseObject(text: string): object | DeadReason {
  const value = parseValue(text)
  if (value === undefined) return 'invalid_json'
  return isObject(value) ? value : 'not_an_object'
}

function parseOnce(text: string, longKeys: ReadonlySet<string> | undefined): unknown {
  try {
    const json = withoutMark(text)
    return longKeys === undefined ? JSON.parse(json) : parseWithDigits(json, longKeys)
  } catch {
    return undefined
  }
}

/**
 * A double cannot hold an id of more than 15 digits: different orders would count as one. So under these keys such a
 * number becomes a string of its digits.
 */
function parseWithDigits(json: string, keys: ReadonlySet<string>): unknown {
  try {
    return JSON.parse(json, (key, value, context?: { readonly source?: string }) =>
      keys.has(key) ? digitsOf(value, context?.source) : value
    )
  } catch {
    // A reviver walks recursively and fails if the nesting is deeper than the stack: keep the rounded number.
    return JSON.parse(json)
  }
}

const digitsOf = (value: unknown, source: string | undefined): unknown =>
  isLong(value) && source !== undefined && /^-?\d+$/.test(source) ? source : value

const longNumber = /\d{16}/
/** The fields of one event are read one by one, and lie in one text mostly. */
let last: { readonly text: string; readonly value: unknown } | undefined

/**
 * The value of a text that lies within a record, also of one in base64; undefined where it is no JSON. Long integers keep
 * their digits.
 */
export function parseInner(text: string): unknown {
  if (last?.text === text) return last.value
  const value = parseKeepingDigits(base64Json.test(text) ? Buffer.from(text, 'base64').toString() : text)
  last = { text, value }
  return value
}

/** How objects and lists begin in base64; JSON itself never begins so. */
const base64Json = /^(?:e[yw3]|W[3y1w])[A-Za-z0-9+/_-]*={0,2}$/

/** Whether a text may hold an object or a list as JSON. */
export const mayHoldJson = (text: string): boolean => /^\s*[{[]/.test(text) || base64Json.test(text)

function parseKeepingDigits(text: string): unknown {
  try {
    return longNumber.test(text)
      ? JSON.parse(text, (_, inner, context?: { readonly source?: string }) =>
          digitsOf(inner, context?.source)
        )
      : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The blanks of JSON. */
export const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d

const withoutMark = (text: string): string => (text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text)

export const isLong = (value: unknown): boolean => typeof value === 'number' && !Number.isSafeInteger(value)

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
