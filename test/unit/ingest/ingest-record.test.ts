import { expect, test } from 'vitest'
import { createDecode } from '../../../src/decode/decode.ts'
import { createAssignmentState } from '../../../src/ingest/assignment-state.ts'
import { ingestRecord } from '../../../src/ingest/ingest-record.ts'
import { undecodableHeader } from '../../../src/source/record.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { atBeginning } from '../../support/scripted-source.ts'

const decode = createDecode({ currency: 'EUR', knownCurrencies: new Set(), maxBytes: 200 })

/** Takes values into one partition, each by its record's timestamp. */
function taking() {
  const work = createAssignmentState(ingestOptions(), new Map([['t/0', atBeginning]]), epoch)
  const windows = work.partitions.get('t/0')
  if (windows === undefined) throw new Error('no such partition')
  let offset = 0
  const take = (value: string | null, recordTime: number, headers?: Readonly<Record<string, unknown>>) =>
    ingestRecord(decode, windows, offset++, recordTime, {
      key: null,
      value: value === null ? null : Buffer.from(value),
      ...(headers && { headers })
    })
  const countsOf = (start: number) => {
    const partial = windows.take(start)
    return partial && { records: partial.records, late: partial.late, dead: partial.dead }
  }
  return { take, countsOf }
}

const event = (time: number) =>
  JSON.stringify({ event_type: 'page_view', event_time: new Date(time).toISOString() })

test('an event is counted into its window', () => {
  const { take, countsOf } = taking()
  expect(take(event(epoch), epoch)).toEqual({ kind: 'counted' })
  expect(countsOf(epoch)).toEqual({ records: 1, late: 0, dead: 0 })
})

test('an event is trusted up to a minute ahead of its record, and is a dead letter beyond that', () => {
  const { take, countsOf } = taking()
  expect(take(event(epoch + 60_000), epoch)).toEqual({ kind: 'counted' })
  expect(take(event(epoch + 60_001), epoch)).toEqual({ kind: 'dead', reason: 'future_event_time' })
  expect(countsOf(epoch + minuteMs)).toEqual({ records: 2, late: 0, dead: 1 })
})

test('an event whose window has closed is late, in the window that is open', () => {
  const { take, countsOf } = taking()
  take(event(epoch + 2 * minuteMs), epoch + 2 * minuteMs)
  expect(take(event(epoch), epoch + 2 * minuteMs)).toEqual({ kind: 'late' })
  expect(countsOf(epoch + 2 * minuteMs)).toEqual({ records: 2, late: 1, dead: 0 })
})

test('what is no event is a dead letter with its reason, and counts in the window that is open', () => {
  const { take, countsOf } = taking()
  take(event(epoch), epoch)
  expect([take('no JSON', epoch), take(null, epoch), take('x'.repeat(201), epoch)]).toEqual([
    { kind: 'dead', reason: 'invalid_json' },
    { kind: 'dead', reason: 'null_value' },
    { kind: 'dead', reason: 'too_large' }
  ])
  expect(countsOf(epoch)).toEqual({ records: 4, late: 0, dead: 3 })
})

test('a record of a batch that could not be decompressed says so, once', () => {
  const { take, countsOf } = taking()
  take(event(epoch), epoch)
  expect(take(null, epoch, { [undecodableHeader]: Buffer.from('bad block') })).toEqual({
    kind: 'dead',
    reason: 'undecodable_batch'
  })
  expect(countsOf(epoch)).toEqual({ records: 2, late: 0, dead: 1 })
})

test("a producer's own header of that name makes no dead letter of an event", () => {
  const { take } = taking()
  expect(take(event(epoch), epoch, { [undecodableHeader]: 'x' })).toEqual({ kind: 'counted' })
})
