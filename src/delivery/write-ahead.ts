import type { Clock } from '../telemetry/clock.ts'
import { type QueueEntry, threadOf } from './queue-order.ts'
import { after } from './timers.ts'

/** Keeps jobs from going until rows are there, whatever becomes of those, or were waited for long enough. */
export interface WriteAhead {
  /** Waits for the job's own row, and for that of what went before in its thread. */
  add(job: QueueEntry, recorded: Promise<unknown>): void
  /** Lets all that wait in a thread wait for a row too, and whatever comes until that is there. */
  addThread(thread: string, waiting: readonly QueueEntry[], recorded: Promise<unknown>): void
}

export interface WriteAheadOptions {
  readonly clock: Clock
  /** A job waits for no row any more. */
  readonly onFree: (job: QueueEntry) => void
}

const recordWaitMs = 2_000

export function createWriteAhead({ clock, onFree }: WriteAheadOptions): WriteAhead {
  /** By thread, the last row that is not there yet. */
  const unrecorded = new Map<string, Promise<unknown>>()

  function hold(job: QueueEntry, recorded: Promise<unknown>): void {
    job.awaitedRows += 1
    let isHeld = true
    const release = () => {
      callOff()
      if (!isHeld) return
      isHeld = false
      job.awaitedRows -= 1
      if (job.awaitedRows === 0) onFree(job)
    }
    const callOff = after(clock, recordWaitMs, release)
    recorded.then(release, release)
  }

  return {
    add(job, recorded) {
      hold(job, recorded)
      const before = unrecorded.get(threadOf(job.record))
      if (before) hold(job, before)
    },
    addThread(thread, waiting, recorded) {
      unrecorded.set(thread, recorded)
      void recorded.then(() => unrecorded.get(thread) === recorded && unrecorded.delete(thread))
      for (const job of waiting) hold(job, recorded)
    }
  }
}
