import type { Clock } from '../telemetry/clock.ts'
import { minuteMs } from '../time/units.ts'
import { type QueueEntry, threadOf } from './queue-order.ts'
import { after } from './timers.ts'

export type WriteAhead = ReturnType<typeof createWriteAhead>

const rowWaitMs = 2_000
/** A page that stays open a while longer is a lesser evil than one that is opened again after its end. */
const endWaitMs = 10 * minuteMs

/**
 * Delays sending until a row is stored or has failed: for 2 s at most, and the end of a page for 10 minutes while nothing but
 * ends wait behind its row. `onReady`: the entry waits for no more rows.
 */
export function createWriteAhead(clock: Clock, onReady: (entry: QueueEntry) => void) {
  /** By thread, its latest row that is not stored yet. */
  const unstored = new Map<string, Promise<unknown>>()
  /** By thread, what lets its ends of pages go. */
  const heldEnds = new Map<string, (() => void)[]>()

  function waitFor(entry: QueueEntry, stored: Promise<unknown>, atMostMs = rowWaitMs): () => void {
    entry.awaitedRows += 1
    let isWaiting = true
    const release = () => {
      cancel()
      if (!isWaiting) return
      isWaiting = false
      entry.awaitedRows -= 1
      if (entry.awaitedRows === 0) onReady(entry)
    }
    const cancel = after(clock, atMostMs, release)
    stored.then(release, release)
    return release
  }

  function holdBehind(entry: QueueEntry, thread: string, stored: Promise<unknown>): void {
    if (endsPage(entry))
      heldEnds.set(thread, [...(heldEnds.get(thread) ?? []), waitFor(entry, stored, endWaitMs)])
    else waitFor(entry, stored)
  }

  /** What is not an end must not wait behind one. */
  function letEndsGo(thread: string): void {
    const releases = heldEnds.get(thread)
    if (releases === undefined) return
    heldEnds.delete(thread)
    after(clock, rowWaitMs, () => {
      for (const release of releases) release()
    })
  }

  return {
    /** Holds an entry until its own row is stored, and the row that its thread waits for. */
    hold(entry: QueueEntry, stored: Promise<unknown>): void {
      const thread = threadOf(entry.record)
      waitFor(entry, stored)
      const before = unstored.get(thread)
      if (before) holdBehind(entry, thread, before)
      if (!endsPage(entry)) letEndsGo(thread)
    },
    /** Holds the entries of a thread, and those that come to it, until a row is stored. */
    holdThread(thread: string, entries: readonly QueueEntry[], stored: Promise<unknown>): void {
      unstored.set(thread, stored)
      const forget = () => {
        if (unstored.get(thread) !== stored) return
        unstored.delete(thread)
        heldEnds.delete(thread)
      }
      void stored.then(forget)
      for (const entry of entries) holdBehind(entry, thread, stored)
      if (!entries.every(endsPage)) letEndsGo(thread)
    }
  }
}

const endsPage = ({ record }: QueueEntry): boolean => record.dedupKey !== null && record.action === 'resolve'
