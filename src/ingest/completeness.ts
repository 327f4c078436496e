import type { ClosedWindow, PartitionWindows } from '../window/types.ts'
import type { IngestOptions } from './options.ts'

/** An event time further ahead of the present than this comes from a wrong clock. */
const farAheadMs = 300_000
/** If events are ahead of our clock for this long, the least lead is by how much our clock is behind. */
const settleMs = 600_000
/** With a greater share of late events, the windows that these belonged to lack too much. */
const gapShare = 0.2

export function createCompleteness({ sizeMs, graceMs }: Pick<IngestOptions, 'sizeMs' | 'graceMs'>) {
  const usualLead = createUsualLead()
  // A partition ran ahead between two closes: its further events in between are late.
  let aheadFrom = Number.NEGATIVE_INFINITY
  let aheadUntil = Number.NEGATIVE_INFINITY
  let lastPresentMs = Number.NEGATIVE_INFINITY

  function presentOf(partitions: readonly PartitionWindows[], nowMs: number): number {
    let greatest = Number.NEGATIVE_INFINITY
    for (const one of partitions) greatest = Math.max(greatest, one.maxEventTime() ?? greatest)
    const presentMs = nowMs + usualLead(greatest - nowMs, nowMs)
    if (aheadUntil <= presentMs) aheadFrom = lastPresentMs - graceMs
    // Including the window of its last late events.
    if (greatest > presentMs + farAheadMs) aheadUntil = Math.max(aheadUntil, greatest + sizeMs)
    lastPresentMs = presentMs
    return presentMs
  }

  function isGap({ start, end, partials }: ClosedWindow, presentMs: number): boolean {
    if (end > aheadFrom && start < aheadUntil) return true
    let records = 0
    let events = 0
    let late = 0
    for (const partial of partials) {
      records += partial.records
      events += partial.records - partial.dead
      late += partial.late
    }
    // An empty window that is not over yet is no silence.
    if (records === 0) return end > presentMs
    return late > gapShare * events
  }

  return {
    /**
     * Marks closed windows as incomplete where wrong clocks have left a gap: what these windows hold says nothing about the
     * shop. `nowMs` is our clock as they close.
     */
    mark(
      windows: readonly ClosedWindow[],
      partitions: readonly PartitionWindows[],
      nowMs: number
    ): readonly ClosedWindow[] {
      const presentMs = presentOf(partitions, nowMs)
      return windows.map(window => (isGap(window, presentMs) ? { ...window, complete: false } : window))
    }
  }
}

/** The least lead of the last minutes, never below 0: old events say nothing about our clock. */
function createUsualLead(): (leadMs: number, nowMs: number) => number {
  let before = 0
  let least = 0
  let since: number | undefined
  return function usualLead(leadMs, nowMs) {
    since ??= nowMs
    if (nowMs - since >= settleMs) {
      before = least
      least = Math.max(0, leadMs)
      since = nowMs
    }
    least = Math.min(least, Math.max(0, leadMs))
    return Math.min(before, least)
  }
}
