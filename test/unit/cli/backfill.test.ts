import { expect, test } from 'vitest'
import { summaryOf } from '../../../src/cli/backfill.ts'

const nothing = {
  written: 0,
  alreadyThere: 0,
  incomplete: 0,
  events: 0,
  late: 0,
  dead: new Map(),
  liveFrom: undefined
}

test('what was filled in is told in a line each, and what was not there is not', () => {
  const summary = { ...nothing, written: 28_800, incomplete: 2, events: 1_234_567 }
  expect(summaryOf(summary, 83_000)).toBe(
    [
      'windows written     28,800',
      'not seen whole           2  not stored',
      'events read      1,234,567',
      '1 min 23 s\n'
    ].join('\n')
  )
})

test('nothing written is told, and dead letters with their reasons', () => {
  const dead = new Map([
    ['invalid_json', 2],
    ['missing_event_time', 1]
  ] as const)
  expect(summaryOf({ ...nothing, dead }, 400)).toBe(
    [
      'windows written  0',
      'events read      0',
      'dead letters     3  invalid_json 2, missing_event_time 1',
      '0 s\n'
    ].join('\n')
  )
})

test('the time from which the live pipeline stores windows is shown', () => {
  expect(summaryOf({ ...nothing, liveFrom: Date.UTC(2026, 10, 20, 10) }, 0)).toContain(
    '\nFrom 2026-11-20T10:00:00.000Z on, the live pipeline stores the windows.\n'
  )
})
