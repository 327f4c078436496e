import { byNumber, type PartitionKey, parsePartitionKey, type TopicPartition } from '../source/partition.ts'
import type { SourceState } from '../source/types.ts'
import type { PartitionWindows } from '../window/types.ts'
import type { AssignmentState } from './assignment-state.ts'

/**
 * What a partition is doing. `holds`: windows that another has passed wait for it; `given_up`: they do no longer; `paused`: it is
 * not read on, being too far ahead or because too much waits for the store; `empty`: it has had no event that is known.
 */
type PartitionState = 'reading' | 'at_end' | 'holds' | 'given_up' | 'paused' | 'empty'

interface PartitionProgress extends TopicPartition {
  /** The next record that is read. */
  readonly position: number
  readonly lag: number
  /** Windows that end at or before it are over in this partition; undefined before its first event. */
  readonly watermark: number | undefined
  readonly openWindows: number
  readonly state: PartitionState
}

/** Where the work of an instance stands. */
export interface IngestProgress {
  readonly partitions: readonly PartitionProgress[]
  /** Windows that end at or before it have closed; undefined before the first. */
  readonly closedUntil: number | undefined
  readonly openWindows: number
  /** Start of the oldest open window. */
  readonly oldestOpen: number | undefined
  /** Closed windows, and what is said of the line itself, by what they wait for: a commit, the past, the store. */
  readonly waiting: { readonly toCommit: number; readonly toDecide: number; readonly toStore: number }
}

export interface ProgressOptions {
  readonly sizeMs: number
  readonly lag: SourceState['lag']
  readonly waiting: IngestProgress['waiting']
  /** Where nothing is read, since too much waits. */
  readonly isPaused: boolean
}

/** Where each partition stands, in their order. */
export function progressOf(
  work: AssignmentState,
  { sizeMs, lag, waiting, isPaused }: ProgressOptions
): IngestProgress {
  const { slowestPartition, skipped, closedUntil } = work.status()
  const ahead = work.paused()
  const windowOf = (one: PartitionWindows) =>
    Math.floor((one.watermark() ?? Number.NEGATIVE_INFINITY) / sizeMs)
  const furthest = Math.max(...[...work.partitions.values()].map(windowOf))
  const open = new Set([...work.partitions.values()].flatMap(one => [...one.openStarts()]))

  function stateOf(key: PartitionKey, one: PartitionWindows): PartitionState {
    if (skipped.has(key)) return 'given_up'
    if (key === slowestPartition && windowOf(one) < furthest) return 'holds'
    if (isPaused || ahead.has(key)) return 'paused'
    if (one.maxEventTime() === undefined) return 'empty'
    return one.readToEnd() ? 'at_end' : 'reading'
  }

  function partitionOf([key, one]: readonly [PartitionKey, PartitionWindows]): PartitionProgress {
    const watermark = one.watermark()
    return {
      ...parsePartitionKey(key),
      position: one.position(),
      lag: lag.get(key) ?? 0,
      watermark: watermark !== undefined && Number.isFinite(watermark) ? watermark : undefined,
      openWindows: one.openWindows(),
      state: stateOf(key, one)
    }
  }

  return {
    partitions: [...work.partitions].map(partitionOf).sort(byNumber),
    closedUntil,
    openWindows: open.size,
    oldestOpen: open.size === 0 ? undefined : Math.min(...open),
    waiting
  }
}
