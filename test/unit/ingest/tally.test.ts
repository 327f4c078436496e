import { expect, test } from 'vitest'
import { addToTally, emptyTally, readCountsOf } from '../../../src/ingest/tally.ts'

test('records are counted by what became of them, dead ones by their reason', () => {
  const tally = emptyTally()
  for (const kind of ['counted', 'late', 'counted', 'replayed', 'counted'] as const)
    addToTally(tally, { kind })
  for (const reason of ['invalid_json', 'undecodable_batch', 'invalid_json'] as const)
    addToTally(tally, { kind: 'dead', reason })
  addToTally(tally, { kind: 'several', parts: [{ kind: 'counted' }, { kind: 'skipped', reason: 'ignored' }] })
  expect(tally).toEqual({
    counted: 4,
    late: 1,
    replayed: 1,
    dead: new Map([
      ['invalid_json', 2],
      ['undecodable_batch', 1]
    ]),
    skipped: new Map([['ignored', 1]])
  })
  expect(readCountsOf(tally).events).toBe(6)
})
