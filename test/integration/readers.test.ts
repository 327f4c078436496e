import { expect, test } from 'vitest'
import { native } from '../../src/decode/layouts/native.ts'
import { trustAheadMs } from '../../src/ingest/ingest-record.ts'
import { createKafkaMember } from '../../src/source/kafka/client.ts'
import {
  type ReaderThread,
  type StartReader,
  startReaderThread
} from '../../src/source/kafka/readers/reader.ts'
import type { PartitionKey } from '../../src/source/partition.ts'
import type { SourceHandlers } from '../../src/source/types.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import type { Checkpoint } from '../../src/window/types.ts'
import { describeWithKafka, useKafka } from '../support/kafka.ts'
import { openFence } from '../support/open-fence.ts'
import { doneUntil, pipelineConfig, recountedUntil, storedUntil, useEngine } from '../support/pipeline.ts'
import { type OnTestFinished, startProgram } from '../support/program.ts'
import { createRecordedLog } from '../support/recorded-log.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

const partitions = 4

/** A member that reads with two threads, and notes which offsets it was given. */
function readingMember(bootstrap: string, topic: string) {
  const threads: ReaderThread[] = []
  const positions = new Map<PartitionKey, number>()
  const checkpoints = new Map<PartitionKey, Checkpoint>()
  const seen = new Map<PartitionKey, number[]>()
  const log = createRecordedLog()
  const startThread: StartReader = (settings, handlers) => {
    const thread = startReaderThread(settings, handlers)
    threads.push(thread)
    return thread
  }
  const member = createKafkaMember({
    ...{ brokers: [bootstrap], clientId: 'test', group: topic, topics: [topic], start: 'earliest' },
    ...{ sessionTimeoutMs: 30_000, maxBytesPerPartition: 65_536, deadLetterTopics: false },
    fence: openFence,
    instance: () => ({ name: 'desk:1', host: '', port: 8080 }),
    threads: {
      number: 2,
      startThread,
      decoding: {
        layouts: new Map([[topic, native]]),
        ...{ maxBytes: 100_000, extraFields: [], fields: new Set<string>(), trustAheadMs }
      },
      currency: () => ({ currency: 'USD', knownCurrencies: new Set(['USD']) }),
      onCount: () => {},
      onRestart: () => {}
    },
    clock: wallClock,
    log
  })
  let assignments = 0
  const handlers: SourceHandlers = {
    async onAssigned(from) {
      assignments++
      for (const [key, checkpoint] of from) {
        positions.set(key, checkpoint.offset)
        checkpoints.set(key, checkpoint)
        seen.set(key, [])
      }
    },
    onRevoked: () => positions.clear(),
    position: key => positions.get(key),
    ingester: () => () => {
      throw new Error('the main thread reads')
    },
    decodedIngester: key => offset => void seen.get(key)?.push(offset),
    moveTo: (key, offset) => void positions.set(key, offset),
    skipDeleted: () => {},
    countLost: () => {},
    endSeen: () => {}
  }
  const { source } = member
  return {
    ...{ source, threads, log, seen },
    assignments: () => assignments,
    run: () => void source.run(handlers),
    taken: () => [...seen.values()].reduce((sum, { length }) => sum + length, 0),
    commit: () =>
      source.commit(
        new Map([...checkpoints].map(([key, one]) => [key, { ...one, offset: positions.get(key) ?? 0 }]))
      )
  }
}

const recordsOf = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const number = from + index
    const event = { event_type: 'page_view', event_time: Date.now(), session_id: `s${number}` }
    return { partition: number % partitions, timestamp: Date.now(), value: JSON.stringify(event) }
  })

describeWithKafka.concurrent('readers', () => {
  const kafka = useKafka()
  const engine = useEngine()

  /** The rows of a pipeline of its own, how many threads read, and what it logged. */
  async function rowsWith(
    readers: number,
    { topic, endMs, more }: { topic: string; endMs: number; more: Readonly<Record<string, unknown>> },
    onTestFinished: OnTestFinished
  ) {
    const pipeline = `${topic}-${readers}`
    const program = await startProgram(
      pipelineConfig({
        ...{ pipeline, topic, brokers: kafka.bootstrap, store: engine.section() },
        kafka: { group: pipeline, readers },
        more
      }),
      { onTestFinished }
    )
    await doneUntil(kafka, topic, endMs, { group: pipeline })
    const threads = await program.metric('cartwatch_readers')
    program.signal('SIGTERM')
    expect(await program.ended).toBe(0)
    const rows = await engine.rows<{ metric: string; value: number }>(
      `SELECT * EXCEPT (pipeline, inserted_at) FROM realtime.window_metrics FINAL
       WHERE pipeline = '${pipeline}' AND window_start < fromUnixTimestamp64Milli(${endMs})
       ORDER BY window_start, metric, dimension, segment`
    )
    return { rows, threads, stored: await storedUntil(engine.rows, pipeline, endMs) }
  }

  test('give the rows that the main thread gives', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions })
    const windows = 40
    const stream: StreamOptions = {
      ...{ seed: 11, startMs: Math.floor(Date.now() / 1_000) * 1_000, sizeMs: 1_000, graceMs: 500 },
      ...{ partitions, sessions: 12 }
    }
    const endMs = stream.startMs + windows * 1_000
    await kafka.produce(
      topic,
      Array.from({ length: windows }, (_, window) => windowOfShop(stream, window)).flat()
    )
    await kafka.produce(topic, flushOfShop(stream, windows))
    const of = { topic, endMs, more: { currency: 'USD', rates: { GBP: 1.25 } } }
    const one = await rowsWith(1, of, onTestFinished)
    const two = await rowsWith(2, of, onTestFinished)
    expect([one.threads, two.threads]).toEqual([0, 2])
    expect(two.rows).toEqual(one.rows)
    expect(two.stored).toEqual(
      await recountedUntil(kafka, topic, endMs, {
        ...{ currency: 'USD', sizeMs: 1_000, graceMs: 500, rates: new Map([['GBP', 1.25]]) },
        dimensions: ['category', 'country', 'device', 'payment_method']
      })
    )
  })

  test('begin once the currency is learned, from the first record on', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions })
    const startMs = Math.floor(Date.now() / 1_000) * 1_000
    const purchase = (number: number) => {
      const time = startMs + number * 50
      const event = { event_type: 'purchase', event_time: time, order_id: `o${number}`, price: 10 }
      const value = JSON.stringify({ ...event, currency: 'CHF', session_id: `s${number}` })
      return { partition: number % partitions, timestamp: time, value }
    }
    await kafka.produce(
      topic,
      Array.from({ length: 600 }, (_, number) => purchase(number))
    )
    const of = { topic, endMs: startMs + 20_000, more: {} }
    const one = await rowsWith(1, of, onTestFinished)
    const two = await rowsWith(2, of, onTestFinished)
    expect([one.threads, two.threads]).toEqual([0, 2])
    expect(two.rows).toEqual(one.rows)
    const revenue = two.rows.filter(({ metric }) => metric === 'revenue')
    expect(revenue.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThanOrEqual(4_000)
  })

  test('that end are started again: no record is lost or taken twice', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions })
    const member = readingMember(kafka.bootstrap, topic)
    onTestFinished(() => member.source.stop())
    const all = 40_000
    await kafka.produce(topic, recordsOf(0, all / 2))
    member.run()
    for (const [index, share] of [0.1, 0.3].entries()) {
      await until('some records', () => member.taken() > share * all)
      member.threads[index]?.end()
    }
    await kafka.produce(topic, recordsOf(all / 2, all / 2))
    await until('all records', () => member.taken() >= all)
    expect(member.log.times('a reader ended: starting it again, nothing is lost')).toBe(2)
    for (const offsets of member.seen.values()) expect(offsets).toEqual([...offsets.keys()])
  })

  test('read on where the group is joined meanwhile', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions })
    const member = readingMember(kafka.bootstrap, topic)
    onTestFinished(() => member.source.stop())
    const all = 40_000
    await kafka.produce(topic, recordsOf(0, all / 2))
    member.run()
    await until('some records', () => member.taken() > 0.1 * all)
    await member.commit()
    const other = readingMember(kafka.bootstrap, topic)
    other.run()
    await until('a standby', () => other.source.state().role === 'standby')
    await kafka.produce(topic, recordsOf(all / 2, all / 2))
    await other.source.stop()
    await until('all records', () => member.taken() >= all)
    expect(other.taken()).toBe(0)
    for (const offsets of member.seen.values()) expect(offsets).toEqual([...offsets.keys()])
  })
})
