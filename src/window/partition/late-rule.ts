import type { ClosedMarker, WindowTiming } from '../types.ts'
import type { PartitionClock } from './clock.ts'

/**
 * Which windows take no more events. An event is late when its window ended before it was read first: by the partition's
 * own events, or by a closed marker that lies at or before its offset. So a replay finds the same events late.
 */
export function createLateRule(
  { sizeMs, graceMs }: Pick<WindowTiming, 'sizeMs' | 'graceMs'>,
  clock: Pick<PartitionClock, 'maxEventTime'>,
  from: readonly ClosedMarker[]
) {
  // Until grows with the offset, so that the last marker below a place is the greatest.
  let markers = from
  // Of the first one that is not yet in force.
  let next = 0
  let closedUntil = Number.NEGATIVE_INFINITY
  let pinned: ClosedMarker | undefined

  const passedUntil = () => Math.max(clock.maxEventTime() - graceMs, closedUntil)

  /** The markers up to `offset` are in force. Returns the first of those that were not yet. */
  function meet(offset: number): ClosedMarker | undefined {
    let first: ClosedMarker | undefined
    for (let met = markers[next]; met !== undefined && met.fromOffset <= offset; met = markers[++next]) {
      closedUntil = Math.max(closedUntil, met.until)
      first ??= met
    }
    return first
  }

  return {
    /** An event of a window that ends at `end` is late. */
    isLate: (end: number) => end <= passedUntil(),
    /** Start of the oldest window that is surely open, −Infinity where no event is known: late and dead records count in it. */
    openStart: () => Math.floor(Math.max(clock.maxEventTime(), closedUntil) / sizeMs) * sizeMs,
    /** Some markers are not in force yet: their offset lies ahead, as on a replay. */
    hasMarkersAhead: () => next < markers.length,
    meet,
    /** Windows that end at or before `until` have closed at `offset`. False where the partition's own events say so. */
    mark(offset: number, until: number): boolean {
      // What the partition's own watermark says again on a replay need not be remembered.
      if (until <= passedUntil()) return false
      const last = markers[next - 1]
      const replaced = last?.fromOffset === offset && last !== pinned ? 1 : 0
      markers = [
        ...markers.slice(0, next - replaced),
        { fromOffset: offset, until },
        ...markers.slice(next).filter(later => later.until > until)
      ]
      next -= replaced
      return true
    },
    /** No later marker takes the place of this one. */
    pin(marker: ClosedMarker): void {
      pinned = marker
    },
    /** Reading never begins before `offset` again. */
    forgetBelow(offset: number): void {
      // Those below it matter only by the greatest of them, which is the last.
      const below = markers.filter(({ fromOffset }) => fromOffset <= offset).length
      const dropped = Math.min(Math.max(below - 1, 0), next)
      if (dropped === 0) return
      markers = markers.slice(dropped)
      next -= dropped
    },
    markers: () => markers
  }
}
