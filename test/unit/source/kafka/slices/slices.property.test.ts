import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EventType, eventTypes } from '../../../../../src/decode/layout.ts'
import { native } from '../../../../../src/decode/layouts/native.ts'
import { createExamples } from '../../../../../src/decode/stream/example.ts'
import { createStreamWatch } from '../../../../../src/decode/stream/stream-watch.ts'
import {
  type Decoded,
  type DecodedPart,
  type ExtraValue,
  faultBits
} from '../../../../../src/decode/types.ts'
import { createAssignmentState } from '../../../../../src/ingest/assignment-state.ts'
import { createCounts } from '../../../../../src/ingest/counts.ts'
import { createDecodedIngester, trustAheadMs } from '../../../../../src/ingest/ingest-record.ts'
import { createShopMetrics } from '../../../../../src/metrics/create.ts'
import { createEvaluate } from '../../../../../src/metrics/evaluate.ts'
import { parseExpression } from '../../../../../src/metrics/expression/parse.ts'
import type { OwnMetric } from '../../../../../src/metrics/expression/types.ts'
import type { DeadLetter } from '../../../../../src/source/dead-letters.ts'
import { createSliceReader } from '../../../../../src/source/kafka/slices/reader.ts'
import { skipReasons } from '../../../../../src/source/kafka/slices/slice.ts'
import { createSliceWriter } from '../../../../../src/source/kafka/slices/writer.ts'
import type { IngestDecoded, SourceRecord } from '../../../../../src/source/record.ts'
import { createMetrics } from '../../../../../src/telemetry/metrics.ts'
import { epoch, minuteMs } from '../../../../support/alerts.ts'
import { ingestOptions } from '../../../../support/ingest-options.ts'
import { atBeginning } from '../../../../support/scripted-source.ts'
import { shopEvent } from '../../../../support/shop-event.ts'
import { noTopicWatch } from '../../../../support/topic-watch.ts'
import { tries } from '../../../../support/tries.ts'

const key = 't/0'
const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const text = fc.oneof(oneOf('a', 'b', 'ä', '', '__proto__', 'x × y'), fc.string({ maxLength: 12 }))
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 3 })
const amounts = fc.integer({ min: 0, max: 250_000_001 })

const line = fc.record({
  productId: maybe(text),
  category: maybe(text),
  amount: maybe(amounts),
  quantity: fc.integer({ min: 0, max: 5 })
})

const bits = (width: number) => fc.nat({ max: 2 ** width - 1 })
const ids = oneOf('s1', 's2', 'ü', '7')

/** Any event that a decoder can give, at some milliseconds behind the epoch. */
const event = (extras: number): fc.Arbitrary<Decoded & DecodedPart> =>
  fc
    .record({
      type: oneOf<EventType | 'unknown'>(...eventTypes, 'unknown', 'purchase', 'add_to_cart'),
      sessionId: maybe(ids),
      orderId: maybe(ids),
      eventId: maybe(ids),
      userId: maybe(ids),
      productId: maybe(text),
      category: maybe(text),
      paymentMethod: maybe(text),
      country: maybe(text),
      device: maybe(text),
      currency: oneOf('EUR', 'USD', 'GBP', 'XXX'),
      amount: maybe(amounts),
      quantity: oneOf(1, 2, 1.5),
      lines: fc.option(fc.array(line, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 8 }),
      present: bits(14),
      numeric: bits(14),
      extra: fc.array(oneOf<ExtraValue>('x', 3, true, undefined), { minLength: extras, maxLength: extras }),
      faults: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: bits(8) })
    })
    .chain(fields =>
      fc.record({
        fields: fc.constant(fields),
        typeName: fields.type === 'unknown' ? text : fc.constant(fields.type),
        time: fc.integer({ min: 0, max: 5 * minuteMs })
      })
    )
    .map(({ fields, typeName, time }) => {
      const faults = fields.type === 'unknown' ? fields.faults | faultBits.unknown_type : fields.faults
      return { kind: 'event', event: shopEvent(epoch + time, { ...fields, typeName, faults }) }
    })

const dead = fc.record({
  kind: fc.constant('dead' as const),
  reason: oneOf('invalid_json' as const, 'missing_event_time' as const, 'undecodable_batch' as const)
})
const skipped = fc.record({
  kind: fc.constant('skipped' as const),
  reason: oneOf(...skipReasons)
})

const decoded = (extras: number): fc.Arbitrary<Decoded> =>
  fc.oneof(
    { weight: 12, arbitrary: event(extras) },
    { weight: 1, arbitrary: dead },
    { weight: 1, arbitrary: skipped },
    {
      weight: 1,
      arbitrary: fc
        .array(
          fc.oneof(
            event(extras),
            dead.map(one => ({ ...one, source: '{"a":1}' })),
            skipped
          ),
          { maxLength: 3 }
        )
        .map((parts): Decoded => ({ kind: 'several', parts }))
    }
  )

interface Drawn {
  readonly decoded: Decoded
  readonly recordTime: number
  readonly gap: number
  readonly bytes: string | null
}

const log = (extras: number): fc.Arbitrary<readonly Drawn[]> =>
  fc.array(
    fc.record({
      decoded: decoded(extras),
      recordTime: fc.integer({ min: 0, max: 5 * minuteMs }).map(time => epoch + time),
      gap: oneOf(1, 1, 1, 5),
      bytes: fc.option(fc.string(), { nil: null, freq: 5 })
    }),
    { maxLength: 60 }
  )

/** What the main thread makes of records. */
function counting(dimensions: readonly string[], own: Readonly<Record<string, string>>) {
  const metrics = createShopMetrics({
    segments: { dimensions, combinations: [['country', 'device']], top: 50, maxValues: 1_000 },
    metrics: Object.fromEntries(Object.entries(own).map(([name, source]) => [name, expression(source)]))
  })
  const windows = ingestOptions({
    ...metrics,
    orderSpanMs: 60 * minuteMs,
    rates: new Map([
      ['EUR', 1],
      ['USD', 0.9]
    ])
  })
  const work = createAssignmentState(windows, new Map([[key, atBeginning]]), epoch)
  const deadLetters: DeadLetter[] = []
  const watch = createStreamWatch({ layout: native, currency: 'EUR', exampleOf: createExamples(native) })
  const counts = createCounts(createMetrics({ ofProcess: false }))
  const ingest = createDecodedIngester({
    topics: { ...noTopicWatch, observe: () => (one, record) => void watch.observe(one, record) },
    counts,
    dead: { push: (letter: DeadLetter) => void deadLetters.push(letter) } as never,
    note: () => {}
  })(key, work.partitions.get(key)) as IngestDecoded
  const evaluate = createEvaluate(metrics)
  return {
    metrics,
    ingest,
    result: () => {
      const tally = structuredClone(counts.of(key))
      const closed = work.closeRest().map(window => ({ ...evaluate(window), orders: window.orders }))
      return {
        closed,
        deadLetters,
        tally,
        health: watch.health('all'),
        checkpoint: work.partitions.get(key)?.checkpoint()
      }
    }
  }
}

function expression(source: string): OwnMetric {
  const parsed = parseExpression(source)
  if (!parsed.ok) throw new Error(source)
  return parsed.expression
}

function playBoth(drawn: readonly Drawn[], sliceSize: number, ...config: Parameters<typeof counting>) {
  const direct = counting(...config)
  const sent = counting(...config)
  const { readFields: fields } = direct.metrics
  const writer = createSliceWriter({ fields, trustAheadMs })
  const reader = createSliceReader()
  let offset = 0
  let from = 0
  const flush = () => {
    const taken = writer.take({ key, epoch: 1, from, next: offset, isDoubtful: false })
    const slice = structuredClone(taken, { transfer: [taken.buffer] })
    from = offset
    reader.learn(slice)
    reader.each(slice, sent.ingest)
    writer.giveBack(slice.buffer)
  }
  for (const { decoded: one, recordTime, gap, bytes } of drawn) {
    const value = bytes === null ? null : Buffer.from(bytes)
    const record: SourceRecord = { key: Buffer.from('k'), value }
    direct.ingest(offset, recordTime, one, record)
    writer.add('t', offset, recordTime, one, record)
    offset += gap
    if (writer.count() === sliceSize) flush()
  }
  flush()
  return { direct: direct.result(), sent: sent.result() }
}

const sizes = fc.integer({ min: 1, max: 20 })

test('what goes through slices is counted, kept and told as what does not', () => {
  fc.assert(
    fc.property(log(0), sizes, (drawn, size) => {
      const { direct, sent } = playBoth(drawn, size, ['category', 'country', 'product_id', 'event_type'], {
        people: 'distinct of user_id',
        tablets: 'count where device exists and currency != EUR'
      })
      expect(sent).toEqual(direct)
    }),
    { numRuns: tries(300) }
  )
})

test('also where the configuration asks for texts of ids, or for further fields', () => {
  fc.assert(
    fc.property(log(1), sizes, (drawn, size) => {
      const { direct, sent } = playBoth(drawn, size, ['session_id', 'shelf'], {
        named: 'count where user_id exists',
        given: 'distinct of order_id where session_id in (s1, 7)'
      })
      expect(sent).toEqual(direct)
    }),
    { numRuns: tries(150) }
  )
})
