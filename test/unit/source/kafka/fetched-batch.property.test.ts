import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchLayout } from '../../../../src/source/kafka/batch-layout.ts'
import { decodeBatch } from '../../../../src/source/kafka/decode-batch.ts'
import { type BatchContext, FetchedBatch } from '../../../../src/source/kafka/fetched-batch.ts'
import { RecordCursor } from '../../../../src/source/kafka/record-cursor.ts'
import { tries } from '../../../support/tries.ts'

interface Read {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, unknown>>
  readonly isControlRecord: boolean
}

const require = createRequire(import.meta.url)
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => {
  readonly buffer: Buffer
}
const Decoder = require('kafkajs/src/protocol/decoder') as new (
  bytes: Buffer
) => { readVarIntBytes(): Buffer }
const decodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/decoder') as (
  decoder: object,
  context: object
) => Read

const text = fc.string({ unit: 'binary', maxLength: 40 })
const bytes = fc.oneof(fc.constant(null), text)
const record = fc.record({
  offsetDelta: fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1)),
  timestampDelta: fc.oneof(fc.nat(100_000), fc.integer({ min: -(2 ** 45), max: 2 ** 45 })),
  key: bytes,
  value: fc.oneof(bytes, fc.string({ minLength: 120, maxLength: 20_000 })),
  headers: fc.dictionary(
    // Of names that all objects have, KafkaJS makes lists.
    fc.oneof(fc.constantFrom('trace', 'null'), text).filter(name => !(name in {})),
    fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
    { maxKeys: 4 }
  )
})
const batch = fc.record({
  firstOffset: fc.oneof(fc.constant(0), fc.nat(), fc.constant(2 ** 52)),
  firstTimestamp: fc.oneof(fc.constant(1_700_000_000_000), fc.nat()),
  appendTime: fc.option(fc.constant(1_800_000_000_000), { nil: undefined }),
  isControlBatch: fc.boolean()
})

const contextOf = (
  one: Pick<BatchContext, 'firstOffset' | 'firstTimestamp' | 'appendTime' | 'isControlBatch'>
) => ({
  ...one,
  producerId: '-1',
  inTransaction: false,
  isReplaced: false
})

const plainContext = contextOf({
  ...{ firstOffset: 0, firstTimestamp: 0, appendTime: undefined, isControlBatch: false }
})

/** What there is of each record, and where its value lies, as the cursor stands at it. */
function readByCursor(encoded: Buffer, count: number, context: BatchContext) {
  if (count <= 0) return []
  const cursor = new RecordCursor()
  cursor.enter(new FetchedBatch(encoded, count, context))
  const records: (Read & { readonly inPlace: Buffer | null })[] = []
  while (cursor.next()) {
    const { bytes, offset, time, key, value, headers, valueStart, valueEnd, valueLength } = cursor
    const inPlace = valueLength < 0 ? null : bytes.subarray(valueStart, valueEnd)
    const numbers = { offset: String(offset), timestamp: String(time) }
    records.push({ ...numbers, key, value, headers, inPlace, isControlRecord: context.isControlBatch })
  }
  return records
}

/** What KafkaJS itself reads from the bytes of a batch's records. */
function readByKafkaJs(encoded: Buffer, count: number, context: BatchContext): Read[] {
  const decoder = new Decoder(encoded)
  return Array.from({ length: count }, () =>
    decodeRecord(new Decoder(decoder.readVarIntBytes()), {
      ...context,
      firstOffset: String(context.firstOffset),
      firstTimestamp: String(context.firstTimestamp),
      magicByte: 2,
      timestampType: context.appendTime === undefined ? 0 : 1,
      maxTimestamp: context.appendTime === undefined ? undefined : String(context.appendTime)
    })
  )
}

const shown = ({ offset, timestamp, key, value, headers, isControlRecord }: Read) => ({
  ...{ offset, timestamp, key, value, isControlRecord },
  headers: Object.entries(headers)
})

test('a record of any offset, time, key, value and headers is what KafkaJS reads of it', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), batch, (records, head) => {
      const context = contextOf(head)
      const encoded = Buffer.concat(records.map(one => encodeRecord(one).buffer))
      const read = readByCursor(encoded, records.length, context)
      const byKafkaJs = readByKafkaJs(encoded, records.length, context)
      expect(read.map(shown)).toEqual(byKafkaJs.map(shown))
      expect(read.map(({ inPlace }) => inPlace)).toEqual(byKafkaJs.map(({ value }) => value))
      const { offset, isControlRecord, key } = new FetchedBatch(encoded, records.length, context)
      expect([offset, isControlRecord]).toEqual([read.at(-1)?.offset, context.isControlBatch])
      expect(key).toEqual(context.isControlBatch ? read[0]?.key : null)
    }),
    { numRuns: tries(200) }
  )
})

test('a header of any name is a header, also one that objects have', () => {
  const headers = Object.fromEntries([
    ['__proto__', 'a'],
    ['toString', 'b']
  ])
  const encoded = encodeRecord({ key: null, value: 'x', offsetDelta: 0, timestampDelta: 0, headers }).buffer
  const [read] = readByCursor(encoded, 1, plainContext)
  expect(Object.entries(read?.headers ?? {})).toEqual([
    ['__proto__', Buffer.from('a')],
    ['toString', Buffer.from('b')]
  ])
})

// As zigzag varints, 1 is -1, 4 is 2, 12 is 6 and 20 is 10. A record has its length, attributes, timestamp, offset, key, value, headers.
test.each([
  [
    'a value that goes on in the next record',
    [12, 0, 0, 0, 1, 20, 0],
    'a record goes on to byte 16 and ends at byte 7'
  ],
  ['a key that does', [12, 0, 0, 0, 20, 1, 0], 'a record goes on to byte 15 and ends at byte 7'],
  ['a header that does', [12, 0, 0, 0, 1, 1, 4], 'a record goes on to byte 8 and ends at byte 7'],
  [
    'a length that its batch has not',
    [120, 0, 0, 0, 1, 1, 0],
    'a record of 60 bytes goes beyond its batch of 27'
  ],
  ['a length below zero', [1, 0, 0, 0, 1, 1, 0], 'a record of -1 bytes goes beyond its batch of 27']
])('%s is refused', (_, bytes, message) => {
  const followed = Buffer.from([...bytes, ...Array.from({ length: 20 }, () => 0)])
  expect(() => new FetchedBatch(followed, 1, plainContext)).toThrow(message)
})

test('a batch says of its records who wrote them, whether in a transaction, and whose time they have', async () => {
  const records = [encodeRecord({ key: null, value: 'x', offsetDelta: 0, timestampDelta: 5, headers: {} })]
  const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
    RecordBatch: (batch: object) => Promise<{ readonly buffer: Buffer }>
  }
  const { buffer } = await RecordBatch({
    ...{ firstOffset: 40, firstTimestamp: 1_000, maxTimestamp: 9_000, producerId: 7, lastOffsetDelta: 0 },
    records
  })
  const read = async (attributes: number) => {
    const batch = Buffer.from(buffer)
    batch.writeInt16BE(attributes, batchLayout.attributes)
    const decoded = await decodeBatch(batch, async () => Buffer.alloc(0))
    if (decoded === undefined) throw new Error('a batch of one record')
    const cursor = new RecordCursor()
    cursor.enter(decoded)
    cursor.next()
    const { offset, isControlRecord, batchContext } = decoded
    return [offset, String(cursor.time), isControlRecord, batchContext.inTransaction, batchContext.producerId]
  }
  expect(await read(0)).toEqual(['40', '1005', false, false, '7'])
  expect(await read(0x08)).toEqual(['40', '9000', false, false, '7'])
  expect(await read(0x10)).toEqual(['40', '1005', false, true, '7'])
  expect(await read(0x30)).toEqual(['40', '1005', true, true, '7'])
})

test('bytes that are no records, or end within one, are refused and never read beyond', () => {
  const cut = fc
    .tuple(fc.array(record, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(255), fc.boolean())
    .map(([records, at, byte, isCut]) => {
      const whole = Buffer.concat(records.map(one => encodeRecord(one).buffer))
      const place = at % whole.length
      if (isCut) return { encoded: whole.subarray(0, place), count: records.length }
      const changed = Buffer.from(whole)
      changed[place] = byte
      return { encoded: changed, count: records.length }
    })
  const noise = fc
    .tuple(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: -5, max: 2 ** 31 - 1 }))
    .map(([some, count]) => ({ encoded: Buffer.from(some), count }))
  fc.assert(
    fc.property(fc.oneof(cut, noise), ({ encoded, count }) => {
      try {
        const read = readByCursor(encoded, count, plainContext)
        expect(read.length).toBe(Math.max(0, count))
        for (const { key, value, headers } of read)
          expect((key?.length ?? 0) + (value?.length ?? 0) + Object.keys(headers).length).toBeLessThan(
            encoded.length
          )
      } catch (error) {
        expect((error as Error).message).toMatch(/ends at byte|goes beyond its batch|more than ten bytes/)
      }
    }),
    { numRuns: tries(500) }
  )
})
