import { expect, test } from 'vitest'
import { backfillSummary } from '../../../src/cli/backfill.ts'

const nothing = {
  written: 0,
  alreadyThere: 0,
  incomplete: 0,
  events: 0,
  late: 0,
  dead: new Map(),
  skipped: new Map(),
  liveFrom: undefined
}

test('each count is a line, and a count of zero is left out', () => {
  const summary = { ...nothing, written: 28_800, incomplete: 2, events: 1_234_567 }
  expect(backfillSummary(summary, 83_000)).toBe(
    [
      'windows written     28,800',
      'incomplete               2  not stored',
      'events read      1,234,567',
      '1 min 23 s\n'
    ].join('\n')
  )
})

test('no window written is said, and dead letters have their reasons', () => {
  const dead = new Map([
    ['invalid_json', 2],
    ['missing_event_time', 1]
  ] as const)
  expect(backfillSummary({ ...nothing, dead }, 400)).toBe(
    [
      'windows written  0',
      'events read      0',
      'dead letters     3  invalid_json 2, missing_event_time 1',
      '0 s\n'
    ].join('\n')
  )
})

test('the time from which the live pipeline stores windows is shown', () => {
  expect(backfillSummary({ ...nothing, liveFrom: Date.UTC(2026, 10, 20, 10) }, 0)).toContain(
    '\nFrom 2026-11-20T10:00:00.000Z on, the live pipeline stores the windows.\n'
  )
})
