import type { ClosedWindow, PartitionWindows } from '../window/types.ts'
import type { IngestOptions } from './options.ts'

/** An event time that is further ahead than this is of a clock that is wrong. */
const farAheadMs = 300_000
/** By how much events were ahead of our clock throughout so long a time is by how much our clock is behind. */
const settleMs = 600_000
/** Late events beyond this share leave a gap in the windows that they were meant for. */
const gapShare = 0.2

export interface Completeness {
  /**
   * Marks windows that clocks which disagree have left with a gap as incomplete: the log has closed them, but what they
   * hold says nothing of the shop. `nowMs` is our clock as they close.
   */
  mark(
    windows: readonly ClosedWindow[],
    partitions: readonly PartitionWindows[],
    nowMs: number
  ): readonly ClosedWindow[]
}

export function createCompleteness({
  sizeMs,
  graceMs
}: Pick<IngestOptions, 'sizeMs' | 'graceMs'>): Completeness {
  const usualLead = createUsualLead()
  // Where a partition has run ahead: its further events up to there are late. It was not when we looked before.
  let aheadFrom = Number.NEGATIVE_INFINITY
  let aheadUntil = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY

  function look(partitions: readonly PartitionWindows[], nowMs: number): number {
    let greatest = Number.NEGATIVE_INFINITY
    for (const one of partitions) greatest = Math.max(greatest, one.maxEventTime() ?? greatest)
    const presentMs = nowMs + usualLead(greatest - nowMs, nowMs)
    if (aheadUntil <= presentMs) aheadFrom = lookedAt - graceMs
    // The window of the last late events too.
    if (greatest > presentMs + farAheadMs) aheadUntil = Math.max(aheadUntil, greatest + sizeMs)
    lookedAt = presentMs
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
    // It is not over: that nothing came is no silence.
    if (records === 0) return end > presentMs
    return late > gapShare * events
  }

  return {
    mark(windows, partitions, nowMs) {
      const presentMs = look(partitions, nowMs)
      return windows.map(window => (isGap(window, presentMs) ? { ...window, complete: false } : window))
    }
  }
}

/** The least lead of the last minutes, never below 0: the past that is being read says nothing of our clock. */
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
