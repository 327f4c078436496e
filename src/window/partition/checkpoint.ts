import type { Checkpoint } from '../types.ts'
import type { PartitionClock } from './clock.ts'

/** A record, and what had been seen before it. */
type LogPlace = Pick<Checkpoint, 'offset' | 'maxEventTime' | 'maxRecordTime'>

/** Which records a crash must not lose: those of windows that are not done, for their rows are not stored yet. */
export function createOpenPlaces(
  sizeMs: number,
  clock: Pick<PartitionClock, 'maxEventTime' | 'maxRecordTime'>,
  from: number | undefined
) {
  const places = new Map<number, LogPlace>()
  // Windows of another size may have been done before: the one that they end in is passed over.
  let doneUntil = Math.ceil((from ?? Number.NEGATIVE_INFINITY) / sizeMs) * sizeMs

  const placeOf = (offset: number): LogPlace => ({
    offset,
    maxEventTime: known(clock.maxEventTime()),
    maxRecordTime: clock.maxRecordTime()
  })

  return {
    /** The record at `offset` opens the window that begins at `start`. */
    open(start: number, offset: number): void {
      places.set(start, placeOf(offset))
    },
    /** Windows that end at or before `until` are done. */
    done(until: number): void {
      doneUntil = Math.max(doneUntil, until)
      for (const start of places.keys()) if (start + sizeMs <= until) places.delete(start)
    },
    isDone: (start: number) => start + sizeMs <= doneUntil,
    /** Windows that end at or before it are done; undefined before the first. */
    doneUntil: () => known(doneUntil),
    /** The oldest record that a window which is not done needs, or else the place of reading. */
    oldest(position: number): LogPlace {
      let oldest = placeOf(position)
      for (const place of places.values()) if (place.offset < oldest.offset) oldest = place
      return oldest
    }
  }
}

/** A time that may be infinite, where nothing is known yet. */
export const known = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined)
