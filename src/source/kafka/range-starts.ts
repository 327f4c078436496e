import type { Admin } from 'kafkajs'
import type { Checkpoint } from '../../window/types.ts'
import { decodeMetadata } from '../commit-metadata.ts'
import { type PartitionKey, partitionKey } from '../partition.ts'
import type { RangeStart } from '../range.ts'
import { enteredAt, greatestClosed } from '../start.ts'
import { readCommits } from './partition-facts.ts'

export interface RangeQuery {
  readonly admin: Admin
  readonly topics: readonly string[]
  /** Its commits say how far its windows are done; this reading does not join it. */
  readonly group: string
  /** Records with an older timestamp are skipped; undefined reads everything that the topics still have. */
  readonly sinceMs: number | undefined
  /** The most that an event may be ahead of its record's timestamp. */
  readonly trustAheadMs: number
}

export interface RangeStarts {
  readonly starts: ReadonlyMap<PartitionKey, RangeStart>
  /** Windows of the group that end at or before it are done; undefined if it has no commit. */
  readonly doneUntil: number | undefined
}

/** Reads where a range of the past begins and ends in each partition. Rejects with KafkaJS's errors. */
export async function readRangeStarts(query: RangeQuery): Promise<RangeStarts> {
  const { admin, topics, sinceMs } = query
  const starts = new Map<PartitionKey, RangeStart>()
  for (const topic of topics) {
    const since =
      sinceMs === undefined ? [] : await admin.fetchTopicOffsetsByTimestamp(topic, Math.max(0, sinceMs))
    const offsets = new Map(since.map(({ partition, offset }) => [partition, Number(offset)]))
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      const begin = Number(low)
      const offset = Math.max(begin, offsets.get(partition) ?? begin)
      const checkpoint = startAt(offset, begin, query)
      starts.set(partitionKey(topic, partition), { checkpoint, end: Number(high) })
    }
  }
  return { starts, doneUntil: await doneUntilOf(query) }
}

/** Windows are complete from where all their records are read; if older records are gone, the first record decides. */
function startAt(offset: number, begin: number, { sinceMs, trustAheadMs }: RangeQuery): Checkpoint {
  const isWhole = offset > begin && sinceMs !== undefined
  return enteredAt(offset, offset === 0 ? 0 : isWhole ? sinceMs + trustAheadMs : undefined)
}

async function doneUntilOf({ admin, topics, group }: RangeQuery): Promise<number | undefined> {
  const commits = await readCommits(admin, group, topics)
  return greatestClosed([...commits.values()].map(({ offset, metadata }) => decodeMetadata(offset, metadata)))
}
