import { setImmediate as turn } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { headerText } from '../../decode/parts.ts'
import { SourceError } from '../error.ts'
import { type PartitionKey, partitionKey } from '../partition.ts'
import type { RangeHandlers } from '../range.ts'
import { readingFault } from './faults.ts'
import { missingTopics } from './missing-topics.ts'
import { readRange } from './range-reading.ts'
import { createTemporaryReader, type TemporaryReaderOptions } from './reading-client.ts'

interface Span {
  at: number
  readonly end: number
}

/** A record as it was read; a copy, because the fetch's buffer is used again. */
export interface NewestRecord {
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, unknown>>
}

/** About the newest `count` records of a topic, equally many of each partition; commits nothing. */
export async function readNewest(
  options: TemporaryReaderOptions,
  topic: string,
  count: number
): Promise<readonly NewestRecord[]> {
  const { clock } = options
  const { admin, consumer, schemas, disconnect } = createTemporaryReader(options, 'inspect')
  const records: NewestRecord[] = []
  try {
    await admin.connect()
    if ((await missingTopics(admin, [topic])).length > 0)
      throw new SourceError('TOPIC_MISSING', `there is no topic ${topic}`, { retryable: false })
    const spans = await newestSpans(admin, topic, count)
    if (spans.size === 0) return []
    await consumer.connect()
    await consumer.subscribe({ topics: [topic] })
    const handlers = collectInto(records, spans)
    await readRange({ consumer, admin, topics: [topic], clock, handlers, schemas })
    return records
  } catch (error) {
    throw readingFault(error, options, clock.now())
  } finally {
    await disconnect()
  }
}

/** Where the newest records begin and end, in each partition that has any. */
async function newestSpans(
  admin: Admin,
  topic: string,
  count: number
): Promise<ReadonlyMap<PartitionKey, Span>> {
  const ends = await admin.fetchTopicOffsets(topic)
  const held = ends.filter(({ low, high }) => Number(high) > Number(low))
  const each = Math.ceil(count / Math.max(1, held.length))
  return new Map(
    held.map(({ partition, low, high }) => [
      partitionKey(topic, partition),
      { at: Math.max(Number(low), Number(high) - each), end: Number(high) }
    ])
  )
}

const copied = (headers: NewestRecord['headers']): NewestRecord['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, headerText(value)]))

function collectInto(records: NewestRecord[], spans: ReadonlyMap<PartitionKey, Span>): RangeHandlers {
  const spanOf = (key: PartitionKey) => spans.get(key) as Span
  const isDone = (key: PartitionKey) => spanOf(key).at >= spanOf(key).end
  const moveTo = (key: PartitionKey, offset: number) => {
    spanOf(key).at = offset
  }
  return {
    has: key => spans.has(key),
    position: key => spanOf(key).at,
    ingester:
      key =>
      (offset, _recordTime, { value, headers = {} }) => {
        if (offset < spanOf(key).end)
          records.push({ value: value && Buffer.from(value), headers: copied(headers) })
      },
    moveTo,
    skipDeleted: moveTo,
    paused: () => new Set([...spans.keys()].filter(isDone)),
    isOver: () => [...spans.keys()].every(isDone),
    ready: () => turn()
  }
}
