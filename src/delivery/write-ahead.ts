import type { Clock } from '../telemetry/clock.ts'
import { type QueueEntry, threadOf } from './queue-order.ts'
import { after } from './timers.ts'

export type WriteAhead = ReturnType<typeof createWriteAhead>

const rowWaitMs = 2_000

/** Delays sending until a row is stored or has failed, at most 2 s. `onReady`: the entry waits for no more rows. */
export function createWriteAhead(clock: Clock, onReady: (entry: QueueEntry) => void) {
  /** By thread, its latest row that is not stored yet. */
  const unstored = new Map<string, Promise<unknown>>()

  function waitFor(entry: QueueEntry, stored: Promise<unknown>): void {
    entry.awaitedRows += 1
    let isWaiting = true
    const release = () => {
      cancel()
      if (!isWaiting) return
      isWaiting = false
      entry.awaitedRows -= 1
      if (entry.awaitedRows === 0) onReady(entry)
    }
    const cancel = after(clock, rowWaitMs, release)
    stored.then(release, release)
  }

  return {
    /** Holds an entry until its own row is stored, and the row that its thread waits for. */
    hold(entry: QueueEntry, stored: Promise<unknown>): void {
      waitFor(entry, stored)
      const before = unstored.get(threadOf(entry.record))
      if (before) waitFor(entry, before)
    },
    /** Holds the entries of a thread, and those that come to it, until a row is stored. */
    holdThread(thread: string, entries: readonly QueueEntry[], stored: Promise<unknown>): void {
      unstored.set(thread, stored)
      void stored.then(() => unstored.get(thread) === stored && unstored.delete(thread))
      for (const entry of entries) waitFor(entry, stored)
    }
  }
}
