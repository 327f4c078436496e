import type { DecodeRecord } from '../decode/decode-record.ts'
import { keptEvent } from '../decode/scanned-event.ts'
import type { DeadReason, DecodedPart, ShopEvent } from '../decode/types.ts'
import { createAssignmentState } from '../ingest/assignment-state.ts'
import type { IngestOptions } from '../ingest/options.ts'
import { addToTally, emptyTally, type ReadCounts, readCountsOf } from '../ingest/tally.ts'
import { createFileTrust } from '../source/file-time-trust.ts'
import { enteredAt } from '../source/start.ts'
import type { ClosedWindow } from '../window/types.ts'

export interface ReplayOptions {
  readonly windows: IngestOptions
  readonly decode: DecodeRecord
  readonly onWindow: (window: ClosedWindow) => void
  /** An event whose time is too far ahead of the others is a dead letter after all. */
  readonly onRejected?: () => void
  /** So many purchases of an order that was counted before, such as this one. */
  readonly onRepeated?: (purchases: number, orderId: string) => void
}

/** What a replay has read so far. Times in milliseconds since the epoch, undefined before the first event. */
export interface ReplayCounts extends ReadCounts {
  readonly windows: number
  readonly firstEventTime: number | undefined
  readonly lastEventTime: number | undefined
}

export interface Replay {
  /** Takes one line; `lineNumber` grows. */
  take(line: Buffer | string, lineNumber: number): void
  /** Closes what is left. The last window was cut off, so it is incomplete: the end of a file is no silence. */
  end(): void
  counts(): ReplayCounts
}

interface DecodedLine {
  readonly eventTime: number | undefined
  readonly lineNumber: number
  readonly decoded: DecodedPart
}

const partition = 'file/0'

const keptLine = (line: DecodedLine): DecodedLine =>
  line.decoded.kind === 'event'
    ? { ...line, decoded: { kind: 'event', event: keptEvent(line.decoded.event) } }
    : line

/** Runs the lines of a file through the stages of the live pipeline, by the clock of the events alone. */
export function createReplay(options: ReplayOptions): Replay {
  const { windows, decode, onWindow } = options
  const entered = new Map([[partition, enteredAt(0, undefined)] as const])
  const work = createAssignmentState({ ...windows, recordTimes: 'none' }, entered, 0)
  const own = work.partitions.get(partition) as NonNullable<ReturnType<typeof work.partitions.get>>
  const tally = emptyTally()
  let closed = 0
  let firstEventTime: number | undefined
  let lastEventTime: number | undefined
  let nextClose = Number.NEGATIVE_INFINITY

  const trust = createFileTrust<DecodedLine>(({ decoded, lineNumber }, trusted) => {
    if (decoded.kind === 'skipped') addToTally(tally, decoded)
    else if (decoded.kind === 'dead') die(decoded.reason, lineNumber)
    else if (trusted) place(decoded.event, lineNumber)
    else {
      die('future_event_time', lineNumber)
      options.onRejected?.()
    }
  }, keptLine)

  function take(line: Buffer | string, lineNumber: number): void {
    const decoded = decode({ value: line })
    for (const part of decoded.kind === 'several' ? decoded.parts : [decoded]) takePart(part, lineNumber)
  }

  function takePart(decoded: DecodedPart, lineNumber: number): void {
    const eventTime = decoded.kind === 'event' ? decoded.event.eventTime : undefined
    trust.push({ eventTime, lineNumber, decoded })
  }

  function die(reason: DeadReason, lineNumber: number): void {
    own.addDead(lineNumber)
    addToTally(tally, { kind: 'dead', reason })
    own.moveTo(lineNumber + 1)
  }

  function place(event: ShopEvent, lineNumber: number): void {
    tally[own.add(event, lineNumber, event.eventTime)]++
    own.moveTo(lineNumber + 1)
    firstEventTime ??= event.eventTime
    if (lastEventTime !== undefined && event.eventTime <= lastEventTime) return
    lastEventTime = event.eventTime
    if (event.eventTime < nextClose) return
    nextClose = (Math.floor(event.eventTime / windows.sizeMs) + 1) * windows.sizeMs + windows.graceMs
    put(work.close(event.eventTime).windows)
  }

  function put(all: readonly ClosedWindow[]): void {
    for (const window of all) {
      closed++
      for (const { purchases, example } of window.orders?.repeats ?? [])
        options.onRepeated?.(purchases, example)
      onWindow(window)
    }
    if (all.length > 0) work.done((all.at(-1) as ClosedWindow).end)
  }

  return {
    take,
    end() {
      trust.end()
      put(work.close(lastEventTime ?? 0).windows)
      put(work.closeRest())
    },
    counts: () => ({
      ...readCountsOf(tally),
      windows: closed,
      firstEventTime,
      lastEventTime
    })
  }
}
