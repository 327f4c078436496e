import type { Checkpoint, WindowTiming } from '../types.ts'

/** An event that came so soon after the partition was read to its end came while we looked. */
const seenComingMs = 30_000

/** What a partition knows of time: by its events, and by how long nothing has come. In milliseconds. */
export function createPartitionClock(
  { graceMs, idleMs }: Pick<WindowTiming, 'graceMs' | 'idleMs'>,
  from: Pick<Checkpoint, 'maxEventTime' | 'maxRecordTime'>
) {
  let maxEventTime = from.maxEventTime ?? Number.NEGATIVE_INFINITY
  let maxRecordTime = from.maxRecordTime
  let idleWatermark = Number.NEGATIVE_INFINITY
  let isAtEnd = false
  // By answers that found us at the end: the last one, and the first one since an event was counted.
  let endSeenAt: number | undefined
  let restingSince: number | undefined
  // When the newest event came, by our own clock, where we saw it come.
  let cameAt: number | undefined
  // Since the last answer that found us at the end.
  let hasNewest = false
  let hasCounted = false

  /**
   * How long nothing has come. What came while we looked is measured by our clock alone, so that it does not matter what
   * time that shows. For what came before, the record's own timestamp must do; but a clock that is wrong must not close
   * the windows of a stream that goes on, so it is believed only once nothing has come for the idle time.
   */
  function quietFor(askedAt: number, since: number, recordTime: number): number {
    if (cameAt !== undefined) return askedAt - cameAt
    const rested = askedAt - since
    return rested < idleMs ? rested : Math.max(rested, askedAt - recordTime)
  }

  return {
    /** The greatest event time that was counted; −Infinity before the first. */
    maxEventTime: () => maxEventTime,
    /** The own timestamp of that event's record. */
    maxRecordTime: () => maxRecordTime,
    /** An event is counted. */
    count(eventTime: number, recordTime: number): void {
      hasCounted = true
      if (eventTime <= maxEventTime) return
      maxEventTime = eventTime
      maxRecordTime = recordTime
      hasNewest = true
    },
    /** Records were lost: whatever they were, the partition was not quiet. */
    loseRecords(): void {
      hasCounted = true
    },
    /** Reading has moved on. */
    move(): void {
      isAtEnd = false
      // Late events alone do not wake a quiet partition: a producer whose clock is hours behind would hold back all others.
      if (hasCounted) idleWatermark = Number.NEGATIVE_INFINITY
    },
    /**
     * Takes an answer of the broker, asked for at `askedAt`: whether reading is at the end. Where the broker was away, it
     * answers again since `answeringSince`; returned is then the event time up to which something may still come.
     */
    endSeen(isEnd: boolean, askedAt: number, answeringSince: number): number | undefined {
      isAtEnd = isEnd
      if (!isEnd) return undefined
      const sawItCome = endSeenAt !== undefined && askedAt - endSeenAt <= seenComingMs
      endSeenAt = askedAt
      if (hasCounted) restingSince = undefined
      restingSince ??= askedAt
      if (hasNewest) cameAt = sawItCome ? askedAt : undefined
      hasNewest = false
      hasCounted = false
      // What could not be written while the broker was away may still come: its silence then says nothing.
      const answeredFor = askedAt - answeringSince
      if (maxRecordTime === undefined || answeredFor < idleMs) return undefined
      const quiet = quietFor(askedAt, restingSince, maxRecordTime)
      idleWatermark = maxEventTime + quiet - idleMs
      return quiet > answeredFor ? maxEventTime + quiet - answeredFor : undefined
    },
    isAtEnd: () => isAtEnd,
    /** When an answer that found reading at the end was asked for last. */
    endSeenAt: () => endSeenAt,
    /** Windows that end at or before it are over; −Infinity while unknown, undefined where there is nothing to wait for. */
    watermark(): number | undefined {
      if (Number.isFinite(maxEventTime)) return Math.max(maxEventTime - graceMs, idleWatermark)
      return isAtEnd ? undefined : Number.NEGATIVE_INFINITY
    }
  }
}

export type PartitionClock = ReturnType<typeof createPartitionClock>
