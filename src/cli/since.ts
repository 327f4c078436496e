import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../../detectors/rules/units.ts'

/** Milliseconds since the epoch of `24h` ago, or of an ISO 8601 date, in UTC where it names no zone. */
export function parseSince(text: string, nowMs: number): number {
  const ago = parseDuration(text)
  if (ago !== undefined) return nowMs - ago
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text)
  const at = match ? Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`) : Number.NaN
  if (Number.isNaN(at))
    throw new InvalidArgumentError('Expected a duration such as 24h, or a date such as 2026-11-20.')
  return at
}

/** How many rows are wanted at most. */
export function parseLimit(text: string): number {
  const limit = Number(text)
  if (!/^\d+$/.test(text) || limit === 0 || !Number.isSafeInteger(limit))
    throw new InvalidArgumentError('Expected a whole number of at least 1.')
  return limit
}
