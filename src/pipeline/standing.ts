import { parsePartitionKey, type SourceState, type TopicPartition } from '../source/types.ts'
import type { Work } from './work.ts'

/**
 * What a partition is doing. `holds`: the others' windows wait for it; `given_up`: they do no longer; `paused`: it is
 * not read on, being too far ahead or because too much waits for the store; `empty`: it has had no event that is known.
 */
export type PartitionState = 'reading' | 'at_end' | 'holds' | 'given_up' | 'paused' | 'empty'

export interface PartitionStanding extends TopicPartition {
  /** The next record that is read. */
  readonly position: number
  readonly lag: number
  /** Windows that end at or before it are over in this partition; undefined before its first event. */
  readonly watermark: number | undefined
  readonly openWindows: number
  readonly state: PartitionState
}

/** Where the work of an instance stands. */
export interface Standing {
  readonly partitions: readonly PartitionStanding[]
  /** Windows that end at or before it have closed; undefined before the first. */
  readonly closedUntil: number | undefined
  readonly openWindows: number
  /** Start of the oldest open window. */
  readonly oldestOpen: number | undefined
  /** Closed windows, by what they wait for. */
  readonly waiting: { readonly toSeal: number; readonly toJudge: number; readonly toStore: number }
}

/** Where each partition stands; all are `paused` where `isPaused`. */
export function standingOf(
  work: Work,
  { lag }: Pick<SourceState, 'lag'>,
  waiting: Standing['waiting'],
  isPaused: boolean
): Standing {
  const { holder, waiting: held, givenUp, sealedUntil } = work.state()
  const ahead = work.ahead()
  const open = new Set([...work.partitions.values()].flatMap(one => [...one.openStarts()]))

  const partitions = [...work.partitions].map(([key, one]): PartitionStanding => {
    const watermark = one.holdsAt()
    return {
      ...parsePartitionKey(key),
      position: one.position(),
      lag: lag.get(key) ?? 0,
      watermark: watermark !== undefined && Number.isFinite(watermark) ? watermark : undefined,
      openWindows: one.openWindows(),
      state: stateOf(key)
    }
  })

  function stateOf(key: string): PartitionState {
    const one = work.partitions.get(key)
    if (givenUp.has(key)) return 'given_up'
    if (held > 0 && key === holder) return 'holds'
    if (isPaused || ahead.has(key)) return 'paused'
    if (one?.maxEventTime() === undefined) return 'empty'
    return one.readToEnd() ? 'at_end' : 'reading'
  }

  return {
    partitions,
    closedUntil: sealedUntil,
    openWindows: open.size,
    oldestOpen: open.size === 0 ? undefined : Math.min(...open),
    waiting
  }
}
