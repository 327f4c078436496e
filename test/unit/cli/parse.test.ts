import { describe, expect, test } from 'vitest'
import { parseLimit, parseSince } from '../../../src/cli/parse.ts'

const now = Date.UTC(2026, 10, 21, 12)

describe('--since', () => {
  test.each([
    ['24h', Date.UTC(2026, 10, 20, 12)],
    ['90s', now - 90_000],
    ['2026-11-20', Date.UTC(2026, 10, 20)],
    ['2026-11-20T08:30', Date.UTC(2026, 10, 20, 8, 30)],
    ['2026-11-20 08:30:15.250', Date.UTC(2026, 10, 20, 8, 30, 15, 250)],
    ['2026-11-20T08:30:00Z', Date.UTC(2026, 10, 20, 8, 30)],
    ['2026-11-20T08:30:00+02:00', Date.UTC(2026, 10, 20, 6, 30)]
  ])('%j is a time, in UTC where it names no zone', (text, expected) => {
    expect(parseSince(text, now)).toBe(expected)
  })

  test.each(['', 'yesterday', '24', '-1h', '2026-13-45', '20 Nov 2026', '2026-11-20T25:00'])(
    '%j is refused',
    text => {
      expect(() => parseSince(text, now)).toThrow(
        'Expected a duration such as 24h, or a date such as 2026-11-20.'
      )
    }
  )
})

test.each(['0', '-1', '1.5', 'all', ''])('--limit %j is refused', text => {
  expect(() => parseLimit(text)).toThrow('Expected a whole number of at least 1.')
})
