import { byNumber, type PartitionKey, parsePartitionKey, type TopicPartition } from '../source/partition.ts'
import type { SourceState } from '../source/types.ts'
import type { PartitionWindows } from '../window/types.ts'
import type { AssignmentState } from './assignment-state.ts'

/**
 * The state of a partition, as /status shows it. `holds`: it holds back windows that another has passed; `given_up`: it is
 * skipped; `paused`: it is too far ahead, or too much waits for the store; `empty`: no event of it is known.
 */
type PartitionState = 'reading' | 'at_end' | 'holds' | 'given_up' | 'paused' | 'empty'

interface PartitionProgress extends TopicPartition {
  /** Offset of the next record that is read. */
  readonly position: number
  readonly lag: number
  /** Windows that end at or before it are over in this partition; undefined before its first event. */
  readonly watermark: number | undefined
  readonly openWindows: number
  readonly state: PartitionState
}

/** How far the work of an instance has come. */
export interface IngestProgress {
  readonly partitions: readonly PartitionProgress[]
  /** Windows that end at or before it have closed; undefined before the first. */
  readonly closedUntil: number | undefined
  readonly openWindows: number
  /** Start of the oldest open window. */
  readonly oldestOpen: number | undefined
  /** Closed windows, and decisions about the pipeline itself, by what they wait for: a commit, the baselines, the store. */
  readonly waiting: { readonly toCommit: number; readonly toDecide: number; readonly toStore: number }
}

export interface ProgressOptions {
  readonly sizeMs: number
  readonly lag: SourceState['lag']
  readonly waiting: IngestProgress['waiting']
  /** Nothing is read, because too much waits. */
  readonly isPaused: boolean
}

/** The progress of each partition, in their order. */
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
