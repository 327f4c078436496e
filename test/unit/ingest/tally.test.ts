import { expect, test } from 'vitest'
import { addToTally, emptyTally, readCountsOf } from '../../../src/ingest/tally.ts'

test('records are counted by what became of them, dead ones by their reason', () => {
  const tally = emptyTally()
  for (const kind of ['counted', 'late', 'counted', 'replayed', 'counted'] as const)
    addToTally(tally, { kind })
  for (const reason of ['invalid_json', 'null_value', 'invalid_json'] as const)
    addToTally(tally, { kind: 'dead', reason })
  expect(tally).toEqual({
    counted: 3,
    late: 1,
    replayed: 1,
    dead: new Map([
      ['invalid_json', 2],
      ['null_value', 1]
    ])
  })
  expect(readCountsOf(tally).events).toBe(5)
})
