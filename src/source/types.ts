import type { DeadReason } from '../decode/types.ts'
import type { Checkpoint } from '../window/types.ts'

/** A topic's partition, `topic/number`: a key of every map by partition. */
export type PartitionKey = string

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export const partitionKey = (topic: string, partition: number): PartitionKey => `${topic}/${partition}`

export function parsePartitionKey(key: PartitionKey): TopicPartition {
  const slash = key.lastIndexOf('/')
  return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)) }
}

/** The order of partitions: by topic, then by number. */
export const byNumber = (a: TopicPartition, b: TopicPartition): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1

/** Where a partition of a range of the past is read from, and where it ended when that was asked for. */
export interface RangeStart {
  readonly checkpoint: Checkpoint
  readonly end: number
}

/** What the records of a range of the past are handed to. */
export interface RangeHandlers {
  /** False for a partition that was not there when its range was asked for. */
  has(key: PartitionKey): boolean
  position(key: PartitionKey): number
  taker(key: PartitionKey): TakeRecord
  /** Every record of the partition below `offset` has been handed in. */
  moveTo(key: PartitionKey, offset: number): void
  /** The records below `offset` are gone from the broker before they were read. */
  lost(key: PartitionKey, offset: number): void
  /** Partitions that need not be read: now, for they are far ahead of another, or any more. */
  resting(): ReadonlySet<PartitionKey>
  /** True where every partition has been read as far as it is needed. */
  isOver(): boolean
  /** Resolves once more can be taken; rejects where nothing more can be. */
  settle(): Promise<void>
}

/** What a source hands its records to. None of these may throw but where said. */
export interface SourceHandlers {
  /**
   * The work is ours, from these places on: whatever was held before is void. Rejects where what is needed to go on
   * cannot be read; the source then asks again.
   */
  begin(from: ReadonlyMap<PartitionKey, Checkpoint>): Promise<void>
  /** Another instance works: whatever was held is void. */
  standBy(): void
  /** Where reading stands: undefined in a partition that is not held. */
  position(key: PartitionKey): number | undefined
  /** What takes the records of a partition, in order; undefined where it is not held. */
  taker(key: PartitionKey): TakeRecord | undefined
  /** Every record of the partition below `offset` has been handed in. */
  moveTo(key: PartitionKey, offset: number): void
  /** The records below `offset` are gone from the broker before they were read; reading goes on there. */
  lost(key: PartitionKey, offset: number): void
  /** So many records were gone before they were read: for the count alone. */
  countLost(key: PartitionKey, records: number): void
  /** The broker's answer, asked for at `askedAt`: the partition ends there. */
  endSeen(key: PartitionKey, end: number, askedAt: number): void
}

/** Takes one record. What it holds are slices of a buffer that is used again and must not be kept. */
export type TakeRecord = (offset: number, recordTime: number, record: RawRecord) => void

export interface RawRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: Readonly<Record<string, unknown>>
}

/** The header of a record that stands for one of a batch that could not be decompressed. */
export const undecodableHeader = 'cartwatch-undecodable-batch'

/** A record that cannot be an event, copied out of its fetch. */
export interface DeadLetter {
  readonly partition: PartitionKey
  readonly offset: number
  readonly reason: DeadReason
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** Keeps dead letters, at least once each: resolves when all of them are kept. */
export interface DeadLetters {
  keep(letters: readonly DeadLetter[]): Promise<void>
  close(): Promise<void>
}

/** A fault of the source. `retryable` says whether it may pass without anybody's doing. */
export class SourceError extends Error {
  readonly code: 'UNREACHABLE' | 'TOPIC_MISSING' | 'DEAD_LETTER_TOPIC' | 'STOPPED' | 'FILE'
  readonly retryable: boolean

  constructor(code: SourceError['code'], message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'SourceError'
    this.code = code
    this.retryable = options.retryable
  }
}

/** Where a consumer group without commits begins: an age is in milliseconds before now. */
export type StartAt = 'earliest' | 'latest' | { readonly ageMs: number }

export interface Source {
  /** Reads until `stop`; rejects with a SourceError where reading can't go on. */
  run(handlers: SourceHandlers): Promise<void>
  /** Commits all partitions in one request; false where the group has moved on and nothing was committed. */
  commit(checkpoints: ReadonlyMap<PartitionKey, Checkpoint>): Promise<boolean>
  /** Reads only the partitions that are not named. */
  hold(keys: ReadonlySet<PartitionKey>): void
  state(): SourceState
  /** Leaves the group, after the handlers have been called for the last time. */
  stop(): Promise<void>
}

/** Keeps a member of a group from writing where its work may have become another's without its seeing. */
export interface Fence {
  /** The group has said whose the work is: what waits to be written is refused, for it may not be ours any more. */
  joined(): void
  /** The group has answered a heartbeat. */
  heartbeat(): void
  /** Resolves once a write may begin, mostly at once; rejects where the group was joined anew meanwhile. */
  pass(): Promise<void>
}

export interface SourceState {
  readonly connected: boolean
  readonly role: 'joining' | 'standby' | 'restoring' | 'working'
  /** When the broker last answered, by the injected clock; undefined where it never did. */
  readonly answeredAt: number | undefined
  /** Records behind the end, by partition. */
  readonly lag: ReadonlyMap<PartitionKey, number>
  readonly lastError: string | undefined
  /** What keeps it from its work, though the broker answers. */
  readonly faults: readonly SourceFault[]
}

export interface SourceFault {
  readonly cause: 'topic_missing' | 'commits_refused' | 'partition_stuck' | 'not_joined'
  /** In milliseconds, by the injected clock. */
  readonly since: number
  /** The topic or the partition that it is about. */
  readonly subject: string | undefined
  readonly error: string | undefined
}
