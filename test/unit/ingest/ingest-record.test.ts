import { expect, test } from 'vitest'
import { createDecodeRecord } from '../../../src/decode/decode-record.ts'
import { type LayoutName, layouts } from '../../../src/decode/layouts/catalogue.ts'
import { createAssignmentState } from '../../../src/ingest/assignment-state.ts'
import { createCounts } from '../../../src/ingest/counts.ts'
import { createDeadLetterQueue } from '../../../src/ingest/dead-letters.ts'
import { createIngester, ingestRecord } from '../../../src/ingest/ingest-record.ts'
import { countOnly } from '../../../src/source/dead-letter-file.ts'
import { undecodableHeader } from '../../../src/source/record.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { atBeginning } from '../../support/scripted-source.ts'
import { noTopicWatch } from '../../support/topic-watch.ts'

const decode = createDecodeRecord({ currency: 'EUR', knownCurrencies: new Set(), maxBytes: 200 })

/** Ingests values into one partition, each by its record's timestamp. */
function ingesting() {
  const work = createAssignmentState(ingestOptions(), new Map([['t/0', atBeginning]]), epoch)
  const windows = work.partitions.get('t/0')
  if (windows === undefined) throw new Error('no such partition')
  let offset = 0
  const ingest = (value: string | null, recordTime: number, headers?: Readonly<Record<string, unknown>>) =>
    ingestRecord(decode, windows, offset++, recordTime, {
      key: null,
      value: value === null ? null : Buffer.from(value),
      ...(headers && { headers })
    })
  const countsOf = (start: number) => {
    const partial = windows.take(start)
    return partial && { records: partial.records, late: partial.late, dead: partial.dead }
  }
  return { ingest, countsOf }
}

const event = (time: number) =>
  JSON.stringify({ event_type: 'page_view', event_time: new Date(time).toISOString() })

test('an event is counted into its window', () => {
  const { ingest, countsOf } = ingesting()
  expect(ingest(event(epoch), epoch)).toEqual({ kind: 'counted' })
  expect(countsOf(epoch)).toEqual({ records: 1, late: 0, dead: 0 })
})

test('an event is trusted up to a minute ahead of its record, and is a dead letter beyond that', () => {
  const { ingest, countsOf } = ingesting()
  expect(ingest(event(epoch + 60_000), epoch)).toEqual({ kind: 'counted' })
  expect(ingest(event(epoch + 60_001), epoch)).toEqual({ kind: 'dead', reason: 'future_event_time' })
  expect(countsOf(epoch + minuteMs)).toEqual({ records: 2, late: 0, dead: 1 })
})

test('an event whose window has closed is late, in the window that is open', () => {
  const { ingest, countsOf } = ingesting()
  ingest(event(epoch + 2 * minuteMs), epoch + 2 * minuteMs)
  expect(ingest(event(epoch), epoch + 2 * minuteMs)).toEqual({ kind: 'late' })
  expect(countsOf(epoch + 2 * minuteMs)).toEqual({ records: 2, late: 1, dead: 0 })
})

test('what is no event is a dead letter with its reason, and counts in the window that is open', () => {
  const { ingest, countsOf } = ingesting()
  ingest(event(epoch), epoch)
  expect([ingest('no JSON', epoch), ingest('x'.repeat(201), epoch)]).toEqual([
    { kind: 'dead', reason: 'invalid_json' },
    { kind: 'dead', reason: 'too_large' }
  ])
  expect(countsOf(epoch)).toEqual({ records: 3, late: 0, dead: 2 })
})

test('a record of a batch that could not be decompressed says so, once', () => {
  const { ingest, countsOf } = ingesting()
  ingest(event(epoch), epoch)
  expect(ingest(null, epoch, { [undecodableHeader]: Buffer.from('bad block') })).toEqual({
    kind: 'dead',
    reason: 'undecodable_batch'
  })
  expect(countsOf(epoch)).toEqual({ records: 2, late: 0, dead: 1 })
})

test("a producer's own header of that name makes no dead letter of an event", () => {
  const { ingest } = ingesting()
  expect(ingest(event(epoch), epoch, { [undecodableHeader]: 'x' })).toEqual({ kind: 'counted' })
})

test('each partition is decoded in the layout of its topic', () => {
  const layoutOf: Readonly<Record<string, LayoutName>> = { 'shop-events': 'native', 'shop-web': 'segment' }
  const dead: unknown[] = []
  const ingesterOf = createIngester({
    decodeOf: topic =>
      createDecodeRecord({
        currency: 'EUR',
        knownCurrencies: new Set(),
        maxBytes: 1_000,
        layout: layouts[layoutOf[topic] ?? 'ga4']
      }),
    topics: noTopicWatch,
    counts: createCounts(createMetrics({ ofProcess: false })),
    dead: createDeadLetterQueue(countOnly, { now: () => 0 }),
    note: (reason, partition) => dead.push([partition, reason])
  })
  const keys = ['shop-events/0', 'shop-web/3'] as const
  const work = createAssignmentState(ingestOptions(), new Map(keys.map(key => [key, atBeginning])), epoch)
  const records = [
    { event_type: 'search', event_time: epoch },
    { event: 'Products Searched', timestamp: epoch }
  ]
  for (const key of keys) {
    const ingest = ingesterOf(key, work.partitions.get(key))
    for (const [offset, record] of records.entries())
      ingest?.(offset, epoch, { key: null, value: Buffer.from(JSON.stringify(record)) })
  }
  expect(dead).toEqual([
    ['shop-events/0', 'missing_event_time'],
    ['shop-web/3', 'missing_event_time']
  ])
  const counted = keys.map(key => {
    const partial = work.partitions.get(key)?.take(epoch)
    return { records: partial?.records, dead: partial?.dead }
  })
  expect(counted).toEqual([
    { records: 2, dead: 1 },
    { records: 2, dead: 1 }
  ])
})

test('a partition that is not assigned ingests nothing', () => {
  const ingesterOf = createIngester({
    decodeOf: () => createDecodeRecord({ currency: 'EUR', knownCurrencies: new Set(), maxBytes: 1_000 }),
    topics: noTopicWatch,
    counts: createCounts(createMetrics({ ofProcess: false })),
    dead: createDeadLetterQueue(countOnly, { now: () => 0 }),
    note: () => {}
  })
  expect(ingesterOf('shop-events/0', undefined)).toBe(undefined)
})

test('an event whose time is too far ahead of its record is told as a dead letter after all, no other is', () => {
  const rejected: unknown[] = []
  const ingesterOf = createIngester({
    decodeOf: () => createDecodeRecord({ currency: 'EUR', knownCurrencies: new Set(), maxBytes: 1_000 }),
    topics: { reject: (topic, value) => rejected.push([topic, value?.toString()]) },
    counts: createCounts(createMetrics({ ofProcess: false })),
    dead: createDeadLetterQueue(countOnly, { now: () => 0 }),
    note: () => {}
  })
  const work = createAssignmentState(ingestOptions(), new Map([['shop-events/0', atBeginning]]), epoch)
  const ingest = ingesterOf('shop-events/0', work.partitions.get('shop-events/0'))
  const ahead = JSON.stringify({ event_type: 'search', event_time: epoch + 3_600_000 })
  const values = [ahead, 'nonsense', JSON.stringify({ event_type: 'search', event_time: epoch })]
  for (const [offset, value] of values.entries())
    ingest?.(offset, epoch, { key: null, value: Buffer.from(value) })
  expect(rejected).toEqual([['shop-events', ahead]])
})
