import type { ShopEvent } from '../decode/types.ts'
import type { Accumulate } from './accumulate.ts'
import { holdLate } from './orders/held.ts'
import { createOpenPlaces, known } from './partition/checkpoint.ts'
import { createPartitionClock } from './partition/clock.ts'
import { createEntryPoint } from './partition/entry-point.ts'
import { createLateRule } from './partition/late-rule.ts'
import { createOpenWindows } from './partition/open-windows.ts'
import { createUnplacedDead } from './partition/unplaced-dead.ts'
import type { Checkpoint, Partial, PartitionWindows, Placed, WindowTiming } from './types.ts'

export interface PartitionOptions extends WindowTiming {
  readonly accumulate: Accumulate
  readonly emptyPartial: (start: number, like: Partial | undefined) => Partial
}

// oxlint-disable-next-line max-lines-per-function -- one state; clock, late rule, open windows and checkpoint are files of their own
export function createPartitionWindows(options: PartitionOptions, from: Checkpoint): PartitionWindows {
  const { sizeMs, accumulate, emptyPartial } = options
  const clock = createPartitionClock(options, from)
  const late = createLateRule(options, clock, from.closedMarkers)
  const entry = createEntryPoint(options, () => Number.isFinite(clock.maxEventTime()), from.incompleteUntil)
  const places = createOpenPlaces(sizeMs, clock, from.closedUntil)
  const windows = createOpenWindows(emptyPartial, places.open)
  const unplaced = createUnplacedDead()
  let position = from.offset
  // No closed marker lies ahead and the entry is settled: then an event need not be checked for either.
  let isSteady = false

  const windowOf = (time: number) => Math.floor(time / sizeMs) * sizeMs

  function meetMarkers(offset: number): void {
    const met = late.meet(offset)
    if (met === undefined || unplaced.first() === undefined) return
    // With no event to tell their window, dead letters go where further ones would: into the first that is open.
    late.pin(met)
    placeDead(windowOf(met.until))
  }

  function placeDead(start: number): void {
    const dead = unplaced.takeAll()
    if (dead !== undefined) countDead(start, dead.first, dead.count)
  }

  function settle(eventTime: number, recordTime: number): void {
    entry.see(eventTime, recordTime)
    placeDead(windowOf(eventTime))
    isSteady = entry.isSettled() && !late.hasMarkersAhead()
  }

  function countDead(start: number, offset: number, count: number): void {
    if (places.isDone(start)) return
    const partial = windows.at(start, offset)
    partial.dead += count
    partial.records += count
  }

  function countLate(event: ShopEvent, offset: number): Placed {
    const start = late.openStart()
    if (places.isDone(start)) return 'replayed'
    const partial = windows.at(start, offset)
    partial.late++
    partial.records++
    if (partial.held !== undefined && event.type === 'purchase') holdLate(partial.held, event)
    return 'late'
  }

  function add(event: ShopEvent, offset: number, recordTime: number): Placed {
    if (!isSteady) meetMarkers(offset)
    const { eventTime } = event
    const start = windowOf(eventTime)
    if (late.isLate(start + sizeMs)) return countLate(event, offset)
    if (!isSteady) settle(eventTime, recordTime)
    const isDone = places.isDone(start)
    if (!isDone) accumulate(windows.at(start, offset), event, recordTime)
    clock.count(eventTime, recordTime)
    return isDone ? 'replayed' : 'counted'
  }

  function addDead(offset: number): void {
    meetMarkers(offset)
    const start = late.openStart()
    if (Number.isFinite(start)) countDead(start, offset, 1)
    else unplaced.add(offset)
  }

  function moveTo(offset: number): void {
    if (offset === position) return
    position = offset
    meetMarkers(offset)
    clock.move()
  }

  function jumpTo(offset: number): void {
    clock.loseRecords()
    moveTo(offset)
    entry.loseRecords()
    isSteady = false
  }

  function endSeen(endOffset: number, askedAt: number, answeringSince = Number.NEGATIVE_INFINITY): void {
    const unseenUntil = clock.endSeen(position >= endOffset, askedAt, answeringSince)
    if (unseenUntil !== undefined) entry.extendTo(unseenUntil)
  }

  function markClosed(until: number): boolean {
    meetMarkers(position)
    const isNews = late.mark(position, until)
    meetMarkers(position)
    return isNews
  }

  function done(until: number): void {
    places.done(until)
    late.forgetBelow(oldestNeeded().offset)
  }

  function oldestNeeded() {
    const offset = unplaced.first()
    return offset === undefined
      ? places.oldest(position)
      : { offset, maxEventTime: undefined, maxRecordTime: undefined }
  }

  function checkpoint(): Checkpoint {
    const oldest = oldestNeeded()
    late.forgetBelow(oldest.offset)
    return {
      ...oldest,
      closedUntil: places.doneUntil(),
      incompleteUntil: entry.incompleteUntil(),
      closedMarkers: late.markers()
    }
  }

  return {
    add,
    addDead,
    moveTo,
    position: () => position,
    jumpTo,
    endSeen,
    readToEnd: clock.isAtEnd,
    endSeenAt: clock.endSeenAt,
    watermark: clock.watermark,
    maxEventTime: () => known(clock.maxEventTime()),
    oldestOpen: windows.oldest,
    take: windows.take,
    isIncomplete: entry.isIncomplete,
    markClosed,
    done,
    checkpoint,
    openWindows: windows.size,
    openStarts: windows.starts
  }
}
