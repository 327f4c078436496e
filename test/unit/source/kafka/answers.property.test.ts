import { createRequire } from 'node:module'
import fc from 'fast-check'
import kafkajs from 'kafkajs'
import { expect, test } from 'vitest'
import { registerCodecs } from '../../../../src/source/kafka/codecs.ts'
import { tries } from '../../../support/tries.ts'

interface Answer {
  readonly correlationId: number
  readonly payload: Buffer
  readonly size: number
}

interface Connection {
  processData(bytes: Buffer): void
  readonly answer: Buffer
  readonly requestQueue: { fulfillRequest: (answer: Answer) => void; receivedAt: number }
  socket: { destroy: (error: Error) => void }
  authHandlers: { onSuccess: (bytes: Buffer) => void } | null
  authExpectResponse: boolean
}

registerCodecs(kafkajs)
const codecs = kafkajs.CompressionCodecs as { readBatch?: unknown }

const Connection = createRequire(import.meta.url)('kafkajs/src/network/connection') as new (
  options: object
) => Connection

const silent = () => {}
const logger = { namespace: () => ({ debug: silent, error: silent }) }

function connected(isForFetches = false) {
  const options = { host: 'h', port: 1, logger, connectionTimeout: 1, requestTimeout: 1 }
  const connection = new Connection({ ...options, isForFetches })
  const answers: Answer[] = []
  connection.requestQueue.fulfillRequest = answer => void answers.push(answer)
  /** As a socket gives it: in a buffer that is used again. */
  function receive(bytes: Buffer): void {
    const read = Buffer.from(bytes)
    connection.processData(read)
    read.fill(0xee)
  }
  return { connection, answers, receive }
}

function encoded(correlationId: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + payload.length)
  head.writeInt32BE(correlationId, 4)
  return Buffer.concat([head, payload])
}

test('answers are the same however the socket cuts them, and stay while it reads on', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
      fc.boolean(),
      (payloads, cuts, isForFetches) => {
        const { connection, answers, receive } = connected(isForFetches)
        connection.requestQueue.fulfillRequest = ({ payload, ...rest }) =>
          // A fetch is done with before the next comes.
          void answers.push({ ...rest, payload: isForFetches ? Buffer.from(payload) : payload })
        const bytes = Buffer.concat(payloads.map((payload, at) => encoded(at, payload)))
        for (let at = 0, cut = 0; at < bytes.length; cut++) {
          const to = at + (cuts[cut % cuts.length] as number)
          receive(bytes.subarray(at, to))
          at = to
        }
        expect(answers).toEqual(
          payloads.map((payload, correlationId) => ({
            correlationId,
            size: 4 + payload.length,
            payload: Buffer.from(payload)
          }))
        )
      }
    ),
    { numRuns: tries(200) }
  )
})

test('fetches come into one room where their batches are decoded here, and other answers never', () => {
  const roomOf = (isForFetches: boolean) => {
    const { answers, receive } = connected(isForFetches)
    for (const byte of [1, 2]) receive(encoded(byte, Buffer.alloc(100, byte)))
    return answers.map(({ payload }) => payload[0])
  }
  expect([roomOf(true), roomOf(false)]).toEqual([
    [2, 2],
    [1, 2]
  ])
  const { readBatch } = codecs
  delete codecs.readBatch
  expect(roomOf(true)).toEqual([1, 2])
  codecs.readBatch = readBatch
})

test.each([false, true])('an answer longer than its first room is whole; of a fetch: %s', isForFetches => {
  const { answers, receive } = connected(isForFetches)
  const payload = Buffer.alloc(40_000_000, 'answer ')
  const bytes = encoded(7, payload)
  for (let at = 0; at < bytes.length; at += 3_000_000) receive(bytes.subarray(at, at + 3_000_000))
  expect(answers.map(({ correlationId, size }) => [correlationId, size])).toEqual([[7, 40_000_004]])
  expect(answers[0]?.payload.equals(payload)).toBe(true)
})

test('what is no broker, and announces a gigabyte or less than nothing, takes no such room', () => {
  const { connection, receive } = connected()
  receive(Buffer.from('HTTP/1.1 400 Bad Request'))
  expect(connection.answer.length).toBeLessThan(20_000_000)
  const other = connected()
  const errors: string[] = []
  other.connection.socket = { destroy: ({ message }) => void errors.push(message) }
  other.receive(Buffer.from([0xff, 0xff, 0xff, 0x00, 1, 2, 3]))
  expect(errors).toEqual(['An answer of less than no bytes'])
})

test('while an answer comes the time of its newest bytes is known, and behind it nothing changes', () => {
  const { connection, receive } = connected()
  const bytes = encoded(1, Buffer.alloc(10))
  receive(bytes)
  expect(connection.requestQueue.receivedAt).toBe(-1)
  receive(bytes.subarray(0, 2))
  expect(connection.requestQueue.receivedAt).toBeGreaterThan(0)
})

test('an answer to a login has its size before it, or is whatever comes', () => {
  const { connection, answers, receive } = connected()
  const logins: Buffer[] = []
  connection.authHandlers = { onSuccess: bytes => void logins.push(bytes) }
  connection.authExpectResponse = true
  receive(Buffer.from([0, 0, 0, 2, 8, 9]))
  receive(Buffer.from([0, 0, 0, 0]))
  connection.authExpectResponse = false
  receive(Buffer.from([5]))
  expect(logins.map(bytes => [...bytes])).toEqual([[0, 0, 0, 2, 8, 9], [0, 0, 0, 0], [5]])
  expect(answers).toEqual([])
})
