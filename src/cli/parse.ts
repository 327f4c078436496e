import { InvalidArgumentError } from '@commander-js/extra-typings'
import { parseDuration } from '../../detectors/rules/units.ts'

/** The parser of an option's value: refuses what `read` can make nothing of. */
export const parser =
  <Value>(expected: string, read: (text: string) => Value | undefined) =>
  (text: string): Value => {
    const value = read(text)
    if (value === undefined || Number.isNaN(value)) throw new InvalidArgumentError(`Expected ${expected}.`)
    return value
  }

export const wholeNumber = (least: number, most: number, expected: string) =>
  parser(expected, text =>
    /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined
  )

/** Milliseconds since the epoch of `24h` ago, or of an ISO 8601 date, in UTC where it names no zone. */
export function parseSince(text: string, nowMs: number): number {
  const when = parser('a duration such as 24h, or a date such as 2026-11-20', written => {
    const ago = parseDuration(written)
    if (ago !== undefined) return nowMs - ago
    const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(
      written
    )
    return match ? Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`) : undefined
  })
  return when(text)
}

/** How many rows are wanted at most. */
export const parseLimit = wholeNumber(1, Number.MAX_SAFE_INTEGER, 'a whole number of at least 1')
