import { expect, test } from 'vitest'
import { createDecode } from '../../../src/decode/decode.ts'
import { type LayoutName, layouts } from '../../../src/decode/layouts/catalogue.ts'
import { createAssignmentState } from '../../../src/ingest/assignment-state.ts'
import { createCounts } from '../../../src/ingest/counts.ts'
import { createDeadLetterQueue } from '../../../src/ingest/dead-letters.ts'
import { createIngester } from '../../../src/ingest/ingest-record.ts'
import { countOnly } from '../../../src/source/dead-letter-file.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { epoch } from '../../support/alerts.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { atBeginning } from '../../support/scripted-source.ts'

test('each partition is read in the layout of its topic', () => {
  const layoutOf: Readonly<Record<string, LayoutName>> = { 'shop-events': 'native', 'shop-web': 'segment' }
  const dead: unknown[] = []
  const taking = createIngester({
    decodeOf: topic =>
      createDecode({
        currency: 'EUR',
        knownCurrencies: new Set(),
        maxBytes: 1_000,
        layout: layouts[layoutOf[topic] ?? 'ga4']
      }),
    counts: createCounts(createMetrics({ ofProcess: false })),
    dead: createDeadLetterQueue(countOnly),
    note: (reason, partition) => dead.push([partition, reason])
  })
  const keys = ['shop-events/0', 'shop-web/3'] as const
  const work = createAssignmentState(ingestOptions(), new Map(keys.map(key => [key, atBeginning])), epoch)
  const records = [
    { event_type: 'search', event_time: epoch },
    { event: 'Products Searched', timestamp: epoch }
  ]
  for (const key of keys) {
    const take = taking(key, work.partitions.get(key))
    for (const [offset, record] of records.entries())
      take?.(offset, epoch, { key: null, value: Buffer.from(JSON.stringify(record)) })
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

test('a partition that is not held takes nothing', () => {
  const taking = createIngester({
    decodeOf: () => createDecode({ currency: 'EUR', knownCurrencies: new Set(), maxBytes: 1_000 }),
    counts: createCounts(createMetrics({ ofProcess: false })),
    dead: createDeadLetterQueue(countOnly),
    note: () => {}
  })
  expect(taking('shop-events/0', undefined)).toBe(undefined)
})
