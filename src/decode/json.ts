import type { DeadReason } from './types.ts'

const byteOrderMark = 0xfeff

/** Parses JSON text into an object, or says why it is none. A leading byte order mark is allowed. */
export function parseObject(text: string): object | DeadReason {
  let parsed: unknown
  try {
    parsed = JSON.parse(withoutMark(text))
  } catch {
    return 'invalid_json'
  }
  return typeof parsed !== 'object' || parsed === null || Array.isArray(parsed) ? 'not_an_object' : parsed
}

/**
 * A double cannot hold an id of more than 15 digits: different orders would count as one. So under these keys such a
 * number is read again from the text, as a string of its digits.
 */
export function keepDigits(text: string, parsed: object, keys: ReadonlySet<string>): object {
  try {
    return JSON.parse(withoutMark(text), (key, value, context?: { readonly source?: string }) =>
      isLong(value) && keys.has(key) && context?.source !== undefined && /^-?\d+$/.test(context.source)
        ? context.source
        : value
    )
  } catch {
    // A reviver walks recursively and fails if the nesting is deeper than the stack: keep the rounded number.
    return parsed
  }
}

const withoutMark = (text: string): string => (text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text)

export const isLong = (value: unknown): boolean => typeof value === 'number' && !Number.isSafeInteger(value)
