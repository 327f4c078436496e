/** An event that came so soon after the partition was read to its end came while we looked. */
const seenComingMs = 30_000

/** What a partition knows of time: by its events, and by how long nothing has come. In milliseconds. */
export interface PartitionClock {
  /** The greatest event time that was counted; −Infinity before the first. */
  maxEventTime(): number
  /** The own timestamp of that event's record. */
  maxRecordTime(): number | undefined
  /** An event is counted. */
  count(eventTime: number, recordTime: number): void
  /** Records were lost: whatever they were, the partition was not quiet. */
  loseRecords(): void
  /** Reading has moved on. */
  move(): void
  /**
   * Takes an answer of the broker, asked for at `askedAt`: whether reading is at the end. Where the broker was away, it
   * answers again since `answeringSince`; returned is then the event time up to which something may still come.
   */
  endSeen(isAtEnd: boolean, askedAt: number, answeringSince: number): number | undefined
  isAtEnd(): boolean
  /** When an answer that found reading at the end was asked for last. */
  endSeenAt(): number | undefined
  /** Windows that end at or before it are over; −Infinity while unknown, undefined where there is nothing to wait for. */
  watermark(): number | undefined
}

export interface ClockOptions {
  readonly graceMs: number
  readonly idleMs: number
}

export function createPartitionClock(
  { graceMs, idleMs }: ClockOptions,
  from: { readonly maxEventTime: number | undefined; readonly maxRecordTime: number | undefined }
): PartitionClock {
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
    maxEventTime: () => maxEventTime,
    maxRecordTime: () => maxRecordTime,
    count(eventTime, recordTime) {
      hasCounted = true
      if (eventTime <= maxEventTime) return
      maxEventTime = eventTime
      maxRecordTime = recordTime
      hasNewest = true
    },
    loseRecords() {
      hasCounted = true
    },
    move() {
      isAtEnd = false
      // Late events alone do not wake a quiet partition: a producer whose clock is hours behind would hold back all others.
      if (hasCounted) idleWatermark = Number.NEGATIVE_INFINITY
    },
    endSeen(isEnd, askedAt, answeringSince) {
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
    endSeenAt: () => endSeenAt,
    watermark() {
      if (Number.isFinite(maxEventTime)) return Math.max(maxEventTime - graceMs, idleWatermark)
      return isAtEnd ? undefined : Number.NEGATIVE_INFINITY
    }
  }
}
