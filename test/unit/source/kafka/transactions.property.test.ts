import { createRequire } from 'node:module'
import fc from 'fast-check'
import kafkajs, { type Batch } from 'kafkajs'
import { expect, test } from 'vitest'
import { batchLayout } from '../../../../src/source/kafka/batch-layout.ts'
import { registerCodecs } from '../../../../src/source/kafka/codecs.ts'
import { crc32c } from '../../../../src/source/kafka/crc32c.ts'
import { walkOver } from '../../../../src/source/kafka/fetch-walk.ts'
import { tries } from '../../../support/tries.ts'

const require = createRequire(import.meta.url)
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: object
) => Promise<unknown[]>
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: object) => Promise<{ readonly buffer: Buffer }>
}
const FetchOfPartition = require('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  partition: object
) => Batch
registerCodecs(kafkajs)

const abortKey = Buffer.from([0, 0, 0, 0])
const commitKey = Buffer.from([0, 0, 0, 1])
const transactionBit = 0x10
const controlBit = 0x20

interface Logged {
  readonly firstOffset: number
  readonly count: number
  readonly bytes: Buffer
  readonly transaction: Transaction | undefined
  readonly isControl: boolean
}

interface Transaction {
  readonly producerId: number
  readonly firstOffset: number
  endsAt: number
  isAborted: boolean
}

const step = fc.record({
  producerId: fc.integer({ min: 0, max: 3 }),
  what: fc.constantFrom('write', 'write', 'write', 'commit', 'abort'),
  count: fc.integer({ min: 1, max: 4 }),
  // What a marker has as its key is no marker where a producer writes it.
  key: fc.constantFrom(null, abortKey, Buffer.from('k'))
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

async function encoded(
  first: number,
  keys: readonly (Buffer | null)[],
  producerId: number,
  attributes: number
) {
  const records = keys.map((key, offsetDelta) => encodeRecord({ offsetDelta, key, value: `${first}` }))
  const lastOffsetDelta = keys.length - 1
  const { buffer } = await RecordBatch({ firstOffset: first, lastOffsetDelta, producerId, records })
  const bytes = Buffer.from(buffer)
  bytes.writeInt16BE(attributes, batchLayout.attributes)
  bytes.writeUInt32BE(crc32c(bytes, batchLayout.attributes), batchLayout.crc)
  return bytes
}

/** A log as a broker keeps it: producer 0 writes without transactions, and each of the others has one at a time. */
async function logOf(steps: readonly Step[]) {
  const batches: Logged[] = []
  const aborted: Transaction[] = []
  const open = new Map<number, Transaction>()
  let offset = 0
  async function append(
    { producerId }: Pick<Step, 'producerId'>,
    keys: readonly (Buffer | null)[],
    attributes: number
  ) {
    const transaction = open.get(producerId)
    const bytes = await encoded(offset, keys, producerId === 0 ? -1 : producerId, attributes)
    const isControl = (attributes & controlBit) !== 0
    batches.push({ firstOffset: offset, count: keys.length, bytes, transaction, isControl })
    offset += keys.length
  }
  async function end(transaction: Transaction, isAborted: boolean) {
    Object.assign(transaction, { endsAt: offset, isAborted })
    if (isAborted) aborted.push(transaction)
    await append(transaction, [isAborted ? abortKey : commitKey], transactionBit | controlBit)
    open.delete(transaction.producerId)
  }
  for (const one of steps) {
    const { producerId, what, count, key } = one
    const keys = Array.from({ length: count }, () => key)
    const transaction = open.get(producerId)
    if (what !== 'write') {
      if (transaction !== undefined) await end(transaction, what === 'abort')
    } else if (producerId === 0) {
      await append(one, keys, 0)
    } else {
      if (transaction === undefined)
        open.set(producerId, { producerId, firstOffset: offset, endsAt: 0, isAborted: false })
      await append(one, keys, transactionBit)
    }
  }
  for (const transaction of [...open.values()]) await end(transaction, transaction.producerId !== 2)
  return { batches, aborted, endOffset: offset }
}

/** What a broker answers to a fetch from an offset, of so many batches: it lists the transactions as they were aborted. */
async function fetched(
  { batches, aborted }: Awaited<ReturnType<typeof logOf>>,
  from: number,
  most: number
): Promise<{ readonly answer: Batch; readonly sent: readonly Logged[] }> {
  const sent = batches.filter(({ firstOffset, count }) => firstOffset + count > from).slice(0, most)
  const last = sent.at(-1)
  const until = last === undefined ? from : last.firstOffset + last.count
  const bytes = Buffer.concat(sent.map(batch => batch.bytes))
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length)
  const abortedTransactions = aborted
    .filter(({ firstOffset, endsAt }) => endsAt >= from && firstOffset < until)
    .map(({ producerId, firstOffset }) => ({
      producerId: String(producerId),
      firstOffset: String(firstOffset)
    }))
  const messages = await decodeMessages(new Decoder(Buffer.concat([length, bytes])))
  const partition = { partition: 0, highWatermark: '1000000', abortedTransactions, messages }
  return { answer: new FetchOfPartition('t', String(from), partition), sent }
}

test('of any transactions the records of those that were not aborted are read, from any offset on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.nat(),
      fc.integer({ min: 1, max: 40 }),
      async (steps, somewhere, most) => {
        const log = await logOf(steps)
        const from = somewhere % (log.endOffset + 1)
        const { answer, sent } = await fetched(log, from, most)
        const wanted = sent
          .filter(({ transaction, isControl }) => !isControl && transaction?.isAborted !== true)
          .flatMap(({ firstOffset, count }) => Array.from({ length: count }, (_, at) => firstOffset + at))
          .filter(offset => offset >= from)
        expect(Array.from(walkOver(answer), ({ offset }) => offset)).toEqual(wanted)
        const last = sent.at(-1)
        if (last !== undefined) expect(answer.lastOffset()).toBe(String(last.firstOffset + last.count - 1))
      }
    ),
    { numRuns: tries(150) }
  )
})
