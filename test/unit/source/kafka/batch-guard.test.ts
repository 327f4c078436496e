import { createRequire } from 'node:module'
import kafkajs, { type Batch } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { registerCodecs } from '../../../../src/source/kafka/codecs.ts'
import { crc32c } from '../../../../src/source/kafka/crc32c.ts'
import { walkOver } from '../../../../src/source/kafka/fetch-walk.ts'
import { undecodableHeader } from '../../../../src/source/record.ts'

interface Encoded {
  readonly buffer: Buffer
}

const require = createRequire(import.meta.url)
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: object
) => Promise<Batch['messages']>
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => Encoded
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: object) => Promise<Encoded>
}
registerCodecs(kafkajs)

const { None, GZIP, ZSTD } = kafkajs.CompressionTypes

async function batchOf(firstOffset: number, values: readonly string[], compression = None): Promise<Buffer> {
  const records = values.map((value, offsetDelta) => encodeRecord({ offsetDelta, key: null, value }))
  const lastOffsetDelta = values.length - 1
  const { buffer } = await RecordBatch({ firstOffset, lastOffsetDelta, records, compression })
  return Buffer.from(buffer)
}

/** What KafkaJS decodes from a partition's bytes in the answer to a fetch. */
async function read(...batches: readonly Buffer[]): Promise<string[]> {
  const bytes = Buffer.concat(batches)
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length)
  const messages = await decodeMessages(new Decoder(Buffer.concat([length, bytes])))
  return Array.from(
    walkOver({ messages, fetchedOffset: '0' } as unknown as Batch),
    ({ offset, record: { value, headers } }) => `${offset} ${value ?? Object.keys(headers ?? {}).join()}`
  )
}

const marked = (...offsets: readonly number[]) => offsets.map(offset => `${offset} ${undecodableHeader}`)

/** The checksum of the batch as it is now. */
function sealed(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch, 21), 17)
  return batch
}

describe('a fetch', () => {
  test.each([
    ['plain', None],
    ['gzip', GZIP],
    ['zstd', ZSTD]
  ])('of sound batches in %s is read as it is', async (_, compression) => {
    const batches = [await batchOf(7, ['a', 'b'], compression), await batchOf(9, ['c'], compression)]
    expect(await read(...batches)).toEqual(['7 a', '8 b', '9 c'])
  })

  test.each([
    ['plain', None],
    ['gzip', GZIP],
    ['zstd', ZSTD]
  ])(
    'of a batch in %s with any byte broken gives a marked record for each of its own, and those around it',
    async (_, compression) => {
      const before = await batchOf(5, ['before'])
      const whole = await batchOf(6, ['first', 'second', 'third'], compression)
      const behind = await batchOf(9, ['behind'])
      const crc = 17
      for (let at = crc; at < whole.length; at++) {
        const broken = Buffer.from(whole)
        broken[at] = (broken[at] as number) ^ 0xff
        expect(await read(before, broken, behind)).toEqual(['5 before', ...marked(6, 7, 8), '9 behind'])
      }
    }
  )

  test('of a broken batch at its end gives as many as the header says', async () => {
    const broken = await batchOf(6, ['first', 'second'])
    broken[broken.length - 3] = 0
    expect(await read(broken)).toEqual(marked(6, 7))
  })

  test.each([5, 6, 7])(
    'of a sound batch in a codec of type %i, which nobody knows, gives marked records',
    async codec => {
      const batch = await batchOf(6, ['first', 'second'])
      batch.writeInt16BE(codec, 21)
      expect(await read(sealed(batch), await batchOf(8, ['behind']))).toEqual([...marked(6, 7), '8 behind'])
    }
  )

  test('of a batch whose checksum is that of garbage gives marked records', async () => {
    const batch = await batchOf(6, ['first', 'second'])
    batch.fill(0xff, 61)
    expect(await read(sealed(batch), await batchOf(8, ['behind']))).toEqual([...marked(6, 7), '8 behind'])
  })

  test('that ends in the middle of a batch gives the batches before it', async () => {
    const cut = await batchOf(6, ['first', 'second'])
    expect(await read(await batchOf(5, ['before']), cut.subarray(0, -1))).toEqual(['5 before'])
  })

  test('ends before a batch whose length cannot be true', async () => {
    const broken = await batchOf(6, ['first', 'second'])
    broken.writeInt32BE(-1, 8)
    expect(await read(await batchOf(5, ['before']), broken)).toEqual(['5 before'])
  })

  test('of a broken batch that claims very many records gives at most 100,000, the last at its end', async () => {
    const batch = await batchOf(0, ['one'])
    batch.writeInt32BE(4_999_999, 23)
    const records = await read(batch)
    expect([records.length, records.at(-2), records.at(-1)]).toEqual([100_000, ...marked(99_998, 4_999_999)])
  })
})
