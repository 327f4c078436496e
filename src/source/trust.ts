import { dayMs, minuteMs } from '../time/units.ts'

/** A jump of event time by more than this must be borne out by what follows. */
const jumpMs = 5 * minuteMs
/** How many of the records that follow are asked. */
const witnesses = 100
/** A jump by more than `farMs` that the file ends behind needs at least this many. */
const fewWitnesses = 10
const farMs = dayMs

export interface Timed {
  /** Milliseconds since the epoch; undefined for a record that has none, which passes as it is. */
  readonly eventTime: number | undefined
}

export interface FileTrust<T extends Timed> {
  push(record: T): void
  /** Lets out what is still held: nothing follows. */
  end(): void
}

/**
 * A file has no clock of its own beside its events: a jump ahead counts unless most of the next 100 records lie more
 * than 5 minutes before it, and unless the file ends so soon behind it that a clock gone wrong is likelier than a gap of
 * days. Keeps the order. `emit` is told whether the record's time can be trusted.
 */
export function createFileTrust<T extends Timed>(emit: (record: T, trusted: boolean) => void): FileTrust<T> {
  let held: T[] = []
  let greatest = Number.NEGATIVE_INFINITY

  function isJump(time: number | undefined): time is number {
    return time !== undefined && time > greatest + jumpMs
  }

  function isBorneOut(time: number, following: readonly Timed[]): boolean {
    const timed = following.slice(0, witnesses).filter(({ eventTime }) => eventTime !== undefined)
    const before = timed.filter(({ eventTime }) => (eventTime as number) < time - jumpMs)
    const isFar = Number.isFinite(greatest) && time > greatest + farMs
    return before.length * 2 <= timed.length && !(isFar && timed.length < fewWitnesses)
  }

  function letOut(record: T, trusted: boolean): void {
    if (trusted && record.eventTime !== undefined) greatest = Math.max(greatest, record.eventTime)
    emit(record, trusted)
  }

  function drain(atEnd: boolean): void {
    while (held.length > 0) {
      const first = held[0] as T
      const isSuspect = isJump(first.eventTime)
      if (isSuspect && !atEnd && held.length <= witnesses) return
      held = held.slice(1)
      letOut(first, !isSuspect || isBorneOut(first.eventTime as number, held))
    }
  }

  return {
    push(record) {
      if (held.length === 0 && !isJump(record.eventTime)) return letOut(record, true)
      held.push(record)
      drain(false)
    },
    end: () => drain(true)
  }
}
