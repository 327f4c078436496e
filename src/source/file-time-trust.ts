import { dayMs, hourMs, minuteMs } from '../time/units.ts'

/** A jump of event time by more than this must be confirmed by the records that follow. */
const jumpMs = 5 * minuteMs
/** By how many of them. */
const confirming = 100
/** A far jump close to the end of the file needs at least this many. */
const leastConfirming = 10
/** A jump is far by more than a day, and by more than an hour where that is so many of the file's usual intervals. */
const farMs = dayMs
const denseFarMs = hourMs
const farIntervals = 1_000

export interface Timed {
  /** Milliseconds since the epoch; undefined for a record without one, which is passed on as it is. */
  readonly eventTime: number | undefined
}

export interface FileTrust<T extends Timed> {
  push(record: T): void
  /** Emits what is still held: nothing follows. */
  end(): void
}

/**
 * A file has no clock beside its events. So a jump ahead is trusted unless most of the next 100 records lie more than 5
 * minutes before it, or it is far and the file ends within 10 records. Keeps the order; `emit` gets whether
 * the record's time is trusted. What is held is what `keep` makes of a record.
 */
export function createFileTrust<T extends Timed>(
  emit: (record: T, trusted: boolean) => void,
  keep: (record: T) => T = record => record
): FileTrust<T> {
  let held: T[] = []
  let greatest = Number.NEGATIVE_INFINITY
  let least = Number.POSITIVE_INFINITY
  let trustedRecords = 0

  function isJump(time: number | undefined): time is number {
    return time !== undefined && time > greatest + jumpMs
  }

  function isConfirmed(time: number, following: readonly Timed[]): boolean {
    const timed = following.slice(0, confirming).filter(({ eventTime }) => eventTime !== undefined)
    const before = timed.filter(({ eventTime }) => (eventTime as number) < time - jumpMs)
    return before.length * 2 <= timed.length && !(isFar(time) && timed.length < leastConfirming)
  }

  function isFar(time: number): boolean {
    if (!Number.isFinite(greatest)) return false
    const usualInterval = (greatest - least) / trustedRecords
    return time - greatest > Math.min(farMs, Math.max(denseFarMs, farIntervals * usualInterval))
  }

  function release(record: T, trusted: boolean): void {
    if (trusted && record.eventTime !== undefined) {
      greatest = Math.max(greatest, record.eventTime)
      least = Math.min(least, record.eventTime)
      trustedRecords += 1
    }
    emit(record, trusted)
  }

  function drain(atEnd: boolean): void {
    while (held.length > 0) {
      const first = held[0] as T
      const isSuspect = isJump(first.eventTime)
      if (isSuspect && !atEnd && held.length <= confirming) return
      held = held.slice(1)
      release(first, !isSuspect || isConfirmed(first.eventTime as number, held))
    }
  }

  return {
    push(record) {
      if (held.length === 0 && !isJump(record.eventTime)) return release(record, true)
      held.push(keep(record))
      drain(false)
    },
    end: () => drain(true)
  }
}
