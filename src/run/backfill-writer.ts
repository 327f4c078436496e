import type { WindowMetrics } from '../metrics/types.ts'
import { measuredIn } from '../store/tables/window-versions.ts'
import type { Store, StoredWindow } from '../store/types.ts'

/** Windows that are compared and written together: half a day of minutes, some 10 MB with their segments. */
const flushWindows = 720

export interface BackfillWriterOptions {
  readonly store: Pick<Store, 'insertWindows' | 'storedWindows'>
  readonly pipeline: string
  /** Windows that start outside of [fromMs, toMs) are passed over. */
  readonly fromMs: number
  readonly toMs: number
}

export interface BackfillWriterCounts {
  readonly written: number
  /** Stored already, as full or fuller. */
  readonly alreadyThere: number
  /** Not seen whole, and so not written. */
  readonly incomplete: number
}

export type BackfillWriter = ReturnType<typeof createBackfillWriter>

/** Writes windows of the past where the store lacks them. */
export function createBackfillWriter({ store, pipeline, fromMs, toMs }: BackfillWriterOptions) {
  let waiting: WindowMetrics[] = []
  let written = 0
  let alreadyThere = 0
  let incomplete = 0

  async function flush(): Promise<void> {
    const [first, last] = [waiting[0], waiting.at(-1)]
    if (first === undefined || last === undefined) return
    const stored = await store.storedWindows(pipeline, first.start, last.end)
    const missing = waiting.filter(window => isMissing(window, stored.get(window.start)))
    await store.insertWindows(pipeline, missing)
    written += missing.length
    alreadyThere += waiting.length - missing.length
    waiting = []
  }

  return {
    /** Takes a window, in the order of their starts. */
    push(window: WindowMetrics): void {
      if (window.start < fromMs || window.start >= toMs) return
      if (window.complete) waiting.push(window)
      else incomplete++
    },
    /** True where so much waits that nothing more should be read before `flush`. */
    isFull: (): boolean => waiting.length >= flushWindows,
    /** Writes what waits. Rejects with the store's error; what was written stays. */
    flush,
    counts: (): BackfillWriterCounts => ({ written, alreadyThere, incomplete })
  }
}

/**
 * A fuller stored window stays, because it is the one that was judged. One of as many records is replaced only where the
 * new one says more: the stored one was incomplete, or lacks a metric or a dimension that was not measured then.
 */
function isMissing(window: WindowMetrics, stored: StoredWindow | undefined): boolean {
  if (stored === undefined || window.records !== stored.records)
    return window.records > (stored?.records ?? Number.NEGATIVE_INFINITY)
  return !stored.complete || [...measuredIn(window)].some(name => !stored.measured.has(name))
}
