import type { ShopEvent } from '../decode/types.ts'
import type { Accumulate } from './accumulate.ts'
import type { Checkpoint, ClosedMarker, Partial, PartitionWindows, Placed } from './types.ts'

export interface PartitionOptions {
  readonly sizeMs: number
  readonly graceMs: number
  readonly idleMs: number
  readonly accumulate: Accumulate
  readonly emptyPartial: (start: number) => Partial
}

const known = (time: number) => (Number.isFinite(time) ? time : undefined)

/** A record that came so soon after the partition was read to its end came while we looked. */
const seenComingMs = 30_000

/** Events at the entry into a log that are looked at for where it was. */
const settlingEvents = 100

/** What a commit must know of a window that is not done: where it began, and what had been seen before. */
interface OpenedAt {
  readonly offset: number
  readonly maxEventTime: number | undefined
  readonly maxRecordTime: number | undefined
}

export function createPartitionWindows(options: PartitionOptions, from: Checkpoint): PartitionWindows {
  const { sizeMs, graceMs, idleMs, accumulate, emptyPartial } = options
  const open = new Map<number, Partial>()
  const openedAt = new Map<number, OpenedAt>()

  let position = from.offset
  // Windows of another size may have been done before: the one that they end in is passed over.
  let doneUntil = Math.ceil((from.closedUntil ?? Number.NEGATIVE_INFINITY) / sizeMs) * sizeMs
  let maxEventTime = from.maxEventTime ?? Number.NEGATIVE_INFINITY
  let maxRecordTime = from.maxRecordTime
  let incompleteUntil = from.incompleteUntil
  // Late is what came after a closed marker, not what is read after it: on a replay each record meets the closed markers that
  // were in force when it was first read.
  let closedMarkers: readonly ClosedMarker[] = from.closedMarkers
  let markerIndex = 0
  let closedUntil = Number.NEGATIVE_INFINITY
  let idleWatermark = Number.NEGATIVE_INFINITY
  let atEnd = false
  // By answers that found us at the end: the last one, and the first one since an event was counted.
  let endSeenAt: number | undefined
  let restingSince: number | undefined
  // When the newest event came, by our own clock, where we saw it come.
  let cameAt: number | undefined
  let hasNewest = false
  let hasCounted = false
  let deadBeforeEvents: { first: number; count: number } | undefined
  // It says which window took them, so no later marker may take its place.
  let placedDeadBefore: ClosedMarker | undefined
  let current: Partial | undefined
  let settling = 0
  let leastLagMs = Number.POSITIVE_INFINITY

  const windowOf = (time: number) => Math.floor(time / sizeMs) * sizeMs

  function applyMarkers(offset: number): void {
    while (
      markerIndex < closedMarkers.length &&
      (closedMarkers[markerIndex] as ClosedMarker).fromOffset <= offset
    ) {
      const met = closedMarkers[markerIndex] as ClosedMarker
      closedUntil = Math.max(closedUntil, met.until)
      markerIndex++
      // With no event to tell their window, dead letters go where further ones would: into the first that is open.
      if (deadBeforeEvents === undefined) continue
      placedDeadBefore = met
      countDeadBefore(windowOf(met.until))
    }
  }

  function partialAt(start: number, offset: number): Partial {
    if (current !== undefined && current.start === start) return current
    let partial = open.get(start)
    if (partial === undefined) {
      partial = emptyPartial(start)
      open.set(start, partial)
      openedAt.set(start, {
        offset,
        maxEventTime: known(maxEventTime),
        maxRecordTime
      })
    }
    current = partial
    return partial
  }

  /** Late events and dead letters have no window of their own: they count in the oldest that is surely open. */
  const openWindow = () => windowOf(Math.max(maxEventTime, closedUntil))

  function countDeadBefore(start: number): void {
    if (deadBeforeEvents === undefined) return
    const { first, count } = deadBeforeEvents
    deadBeforeEvents = undefined
    if (start + sizeMs <= doneUntil) return
    const partial = partialAt(start, first)
    partial.dead += count
    partial.records += count
  }

  function add(event: ShopEvent, offset: number, recordTime: number): Placed {
    if (markerIndex < closedMarkers.length) applyMarkers(offset)
    const time = event.eventTime
    const own = windowOf(time)
    if (own + sizeMs <= Math.max(maxEventTime - graceMs, closedUntil)) {
      const start = openWindow()
      if (start + sizeMs <= doneUntil) return 'replayed'
      const partial = partialAt(start, offset)
      partial.late++
      partial.records++
      return 'late'
    }
    if (incompleteUntil === undefined || settling > 0) enter(time, recordTime)
    countDeadBefore(own)
    hasCounted = true
    const isDone = own + sizeMs <= doneUntil
    if (!isDone) accumulate(partialAt(own, offset), event, recordTime)
    if (time > maxEventTime) {
      maxEventTime = time
      maxRecordTime = recordTime
      hasNewest = true
    }
    return isDone ? 'replayed' : 'counted'
  }

  /** The event first read may be a straggler: one that came far sooner after its time tells better where we entered. */
  function enter(time: number, recordTime: number): void {
    const lagMs = recordTime - time
    if (incompleteUntil === undefined) settling = settlingEvents
    else settling--
    if (incompleteUntil !== undefined && lagMs >= leastLagMs - sizeMs) return
    leastLagMs = lagMs
    incompleteUntil = Math.max(incompleteUntil ?? Number.NEGATIVE_INFINITY, time + graceMs)
  }

  function addDead(offset: number): void {
    if (markerIndex < closedMarkers.length) applyMarkers(offset)
    const start = openWindow()
    if (!Number.isFinite(start)) {
      deadBeforeEvents = {
        first: deadBeforeEvents?.first ?? offset,
        count: (deadBeforeEvents?.count ?? 0) + 1
      }
      return
    }
    if (start + sizeMs <= doneUntil) return
    const partial = partialAt(start, offset)
    partial.dead++
    partial.records++
  }

  function moveTo(offset: number): void {
    if (offset === position) return
    position = offset
    if (markerIndex < closedMarkers.length) applyMarkers(offset)
    atEnd = false
    // Events came, so the clock says nothing of this partition any more. Late ones alone do not set it back: a producer
    // whose clock is hours behind would hold the windows of all others.
    if (hasCounted) idleWatermark = Number.NEGATIVE_INFINITY
  }

  function jumpTo(offset: number): void {
    hasCounted = true
    moveTo(offset)
    incompleteUntil = undefined
  }

  function endSeen(endOffset: number, askedAt: number, answeringSince = Number.NEGATIVE_INFINITY): void {
    atEnd = position >= endOffset
    if (!atEnd) return
    const sawIt = endSeenAt !== undefined && askedAt - endSeenAt <= seenComingMs
    endSeenAt = askedAt
    if (hasCounted) restingSince = undefined
    restingSince ??= askedAt
    if (hasNewest) cameAt = sawIt ? askedAt : undefined
    hasNewest = false
    hasCounted = false
    // What could not be written while the broker was away may still come: its silence then says nothing.
    const answeredFor = askedAt - answeringSince
    if (maxRecordTime === undefined || answeredFor < idleMs) return
    const quiet = quietFor(askedAt, restingSince, maxRecordTime)
    if (quiet > answeredFor && incompleteUntil !== undefined)
      incompleteUntil = Math.max(incompleteUntil, maxEventTime + quiet - answeredFor)
    idleWatermark = maxEventTime + quiet - idleMs
  }

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

  function holdsAt(): number | undefined {
    if (Number.isFinite(maxEventTime)) return Math.max(maxEventTime - graceMs, idleWatermark)
    return atEnd ? undefined : Number.NEGATIVE_INFINITY
  }

  /** Where records were lost on the way, only the next one tells how far. */
  function isIncomplete(start: number): boolean {
    return incompleteUntil === undefined ? Number.isFinite(maxEventTime) : start < incompleteUntil
  }

  function take(start: number): Partial | undefined {
    const partial = open.get(start)
    open.delete(start)
    if (current === partial) current = undefined
    return partial
  }

  function markClosed(until: number): boolean {
    applyMarkers(position)
    // What the partition's own watermark says again on a replay need not be remembered.
    if (until <= Math.max(closedUntil, maxEventTime - graceMs)) return false
    const last = closedMarkers[markerIndex - 1]
    const replaced = last?.fromOffset === position && last !== placedDeadBefore ? 1 : 0
    closedMarkers = [
      ...closedMarkers.slice(0, markerIndex - replaced),
      { fromOffset: position, until },
      // They grow with their offsets, so that the last one below a place is the greatest.
      ...closedMarkers.slice(markerIndex).filter(later => later.until > until)
    ]
    markerIndex -= replaced
    applyMarkers(position)
    return true
  }

  function done(until: number): void {
    doneUntil = Math.max(doneUntil, until)
    for (const start of openedAt.keys()) {
      if (start + sizeMs <= until) openedAt.delete(start)
    }
    forgetMarkers()
  }

  /** Closed markers below the checkpoint matter only by the greatest of them, which is the last. */
  function forgetMarkers(): void {
    const { offset } = oldestNeeded()
    const below = closedMarkers.filter(one => one.fromOffset <= offset).length
    const dropped = Math.min(Math.max(below - 1, 0), markerIndex)
    if (dropped === 0) return
    closedMarkers = closedMarkers.slice(dropped)
    markerIndex -= dropped
  }

  /** The oldest record that a window which is not done needs, and what was known before it. */
  function oldestNeeded(): OpenedAt {
    if (deadBeforeEvents !== undefined) {
      return { offset: deadBeforeEvents.first, maxEventTime: undefined, maxRecordTime: undefined }
    }
    let oldest: OpenedAt = { offset: position, maxEventTime: known(maxEventTime), maxRecordTime }
    for (const at of openedAt.values()) {
      if (at.offset < oldest.offset) oldest = at
    }
    return oldest
  }

  function checkpoint(): Checkpoint {
    forgetMarkers()
    return { ...oldestNeeded(), closedUntil: known(doneUntil), incompleteUntil, closedMarkers }
  }

  return {
    add,
    addDead,
    moveTo,
    position: () => position,
    jumpTo,
    endSeen,
    readToEnd: () => atEnd,
    endSeenAt: () => endSeenAt,
    watermark: holdsAt,
    maxEventTime: () => known(maxEventTime),
    oldestOpen: () => (open.size === 0 ? undefined : Math.min(...open.keys())),
    take,
    isIncomplete,
    markClosed,
    done,
    checkpoint,
    openWindows: () => open.size,
    openStarts: () => open.keys()
  }
}
