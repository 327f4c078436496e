import { setImmediate as turn } from 'node:timers/promises'
import type { Consumer, EachBatchPayload } from 'kafkajs'
import type { FromReader } from '../../src/source/kafka/readers/protocol.ts'
import type { StartReader } from '../../src/source/kafka/readers/reader.ts'
import { createReading } from '../../src/source/kafka/readers/reading.ts'
import { type PartitionKey, partitionKey } from '../../src/source/partition.ts'
import { noSchemas } from '../../src/source/registry/schemas.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { createRecordedLog } from './recorded-log.ts'

/** A log: the values of its records by offset. */
export type FakeLogs = ReadonlyMap<PartitionKey, readonly string[]>

interface FakeReader {
  /** It ends where it stands, and what it was about to send is lost. */
  die(reason: string): void
  /** The next fetch fails. */
  failFetch(): void
  /** Its group is joined again. */
  rejoin(): void
}

/** Readers of this process, on consumers that read these logs: what is sent is copied as between threads. */
export function fakeReaders(logs: FakeLogs, batchSize: () => number) {
  const running: FakeReader[] = []
  const start: StartReader = ({ topics, decoding }, { onMessage, onEnd }) => {
    let isDead = false
    const consumer = fakeConsumer(logs, batchSize, () => isDead)
    const reading = createReading({
      consumer: consumer.consumer,
      schemas: noSchemas,
      decoding,
      slowness: () => undefined,
      clock: wallClock,
      log: createRecordedLog(),
      send(message, transfer) {
        const copy: FromReader = structuredClone(message, { transfer })
        setImmediate(() => {
          if (!isDead) onMessage(copy)
        })
      }
    })
    void reading.run(topics)
    const end = (reason?: string) => {
      if (isDead) return
      isDead = true
      running.splice(running.indexOf(fake), 1)
      setImmediate(() => onEnd(reason))
    }
    const fake: FakeReader = { die: end, failFetch: consumer.failFetch, rejoin: consumer.join }
    running.push(fake)
    return {
      post(message, transfer = []) {
        const copy = structuredClone(message, { transfer })
        setImmediate(() => {
          if (isDead) return
          if (copy.kind === 'stop') end()
          else reading.take(copy)
        })
      },
      end
    }
  }
  return { start, running: running as readonly FakeReader[] }
}

function fakeConsumer(logs: FakeLogs, batchSize: () => number, isDead: () => boolean) {
  const listeners = new Map<string, (event: { payload: unknown }) => void>()
  const offsets = new Map<PartitionKey, number>()
  const seeks = new Map<PartitionKey, number>()
  let paused = new Set<PartitionKey>()
  let willFail = false

  const keysOf = (all: readonly { topic: string; partitions?: readonly number[] }[]) =>
    all.flatMap(({ topic, partitions = [] }) => partitions.map(number => partitionKey(topic, number)))

  function join(): void {
    paused = new Set()
    seeks.clear()
    const assignment: Record<string, number[]> = {}
    for (const key of logs.keys()) {
      const [topic = '', number] = key.split('/')
      assignment[topic] = [...(assignment[topic] ?? []), Number(number)]
      // Nothing is committed: it would begin at the end.
      offsets.set(key, logs.get(key)?.length ?? 0)
    }
    listeners.get('join')?.({ payload: { memberAssignment: assignment } })
  }

  async function read(eachBatch: (payload: EachBatchPayload) => Promise<void>): Promise<void> {
    await turn()
    join()
    while (!isDead()) {
      await turn()
      listeners.get('fetchStart')?.({ payload: { nodeId: 1 } })
      if (willFail) {
        willFail = false
        continue
      }
      for (const [key, offset] of seeks) offsets.set(key, offset)
      seeks.clear()
      const fetched = [...logs].flatMap(([key, values]) => {
        const from = offsets.get(key) ?? 0
        const part = values.slice(from, from + batchSize())
        return paused.has(key) || part.length === 0 ? [] : [{ key, from, part }]
      })
      await turn()
      listeners.get('fetch')?.({ payload: { nodeId: 1 } })
      for (const { key, from, part } of fetched) {
        const [topic = '', number] = key.split('/')
        await eachBatch({
          batch: {
            topic,
            partition: Number(number),
            highWatermark: String(logs.get(key)?.length ?? 0),
            fetchedOffset: String(from),
            lastOffset: () => String(from + part.length - 1),
            messages: part.map((value, index) => ({
              offset: String(from + index),
              timestamp: '0',
              key: null,
              value: Buffer.from(value)
            }))
          },
          heartbeat: () => turn(),
          resolveOffset: (offset: string) => {
            offsets.set(key, Number(offset) + 1)
          },
          isRunning: () => !isDead(),
          isStale: () => seeks.has(key)
        } as unknown as EachBatchPayload)
      }
    }
  }

  const consumer = {
    events: { GROUP_JOIN: 'join', END_BATCH_PROCESS: 'batch', FETCH_START: 'fetchStart', FETCH: 'fetch' },
    on: (name: string, listener: (event: { payload: unknown }) => void) => listeners.set(name, listener),
    subscribe: async () => {},
    async run({ eachBatch }: { eachBatch: (payload: EachBatchPayload) => Promise<void> }) {
      void read(eachBatch)
    },
    pause: (all: { topic: string; partitions: number[] }[]) => {
      for (const key of keysOf(all)) paused.add(key)
    },
    resume: (all: { topic: string; partitions: number[] }[]) => {
      for (const key of keysOf(all)) paused.delete(key)
    },
    seek: ({ topic, partition, offset }: { topic: string; partition: number; offset: string }) => {
      seeks.set(partitionKey(topic, partition), Number(offset))
    }
  }
  return {
    consumer: consumer as unknown as Consumer,
    failFetch: () => {
      willFail = true
    },
    join
  }
}
