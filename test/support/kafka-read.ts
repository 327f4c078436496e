import type { Kafka } from 'kafkajs'
import { walkOver } from '../../src/source/kafka/fetch-walk.ts'

export interface StoredRecord {
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Reads a topic up to the given end offsets (exclusive, by partition), in order of partition and offset. The end of a
 * partition may be a control record that no handler sees: only the event of a processed batch tells that it is passed.
 */
export async function readToEnd(
  kafka: Kafka,
  groupId: string,
  topic: string,
  ends: ReadonlyMap<number, number>,
  deadlineMs = 180_000
): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  const open = new Map([...ends].filter(([, end]) => end > 0))
  if (open.size === 0) return records
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    const end = open.get(payload.partition)
    if (end !== undefined && Number(payload.lastOffset) + 1 >= end) open.delete(payload.partition)
    if (open.size === 0) resolve()
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
  const late = setTimeout(() => reject(new Error(`${topic} was not read in ${deadlineMs} ms`)), deadlineMs)
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      async eachBatch({ batch }) {
        for (const { offset, time, record } of walkOver(batch)) {
          records.push({
            partition: batch.partition,
            offset,
            timestamp: time,
            key: record.key?.toString() ?? null,
            value: record.value?.toString() ?? null,
            headers: Object.fromEntries(
              Object.entries(record.headers ?? {}).map(([name, value]) => [name, String(value)])
            )
          })
        }
      }
    })
    await promise
  } finally {
    clearTimeout(late)
    await consumer.disconnect()
  }
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
}
