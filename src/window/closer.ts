import type { ClosedWindow, PartitionWindows } from './types.ts'

export interface CloserOptions {
  readonly sizeMs: number
  /** With more empty windows in a row than this, the gap is left out. */
  readonly maxEmptyWindows: number
}

/** The windows that closed, and what holds back the others. */
export interface Closing<Key extends string = string> {
  readonly windows: readonly ClosedWindow[]
  /** Windows that end at or before it have closed; undefined before the first. */
  readonly closedUntil: number | undefined
  /** True if the log alone would not close them: the checkpoints must be committed before the rows are stored. */
  readonly mustCommit: boolean
  /** Windows of other partitions that wait for the slowest one. */
  readonly waiting: number
  readonly slowestPartition: Key | undefined
}

export interface Closer<Key extends string = string> {
  /**
   * Closes every window that no partition holds back. `skipped` partitions hold nothing back; while one of them is
   * `lagging`, windows are incomplete.
   */
  close(
    partitions: ReadonlyMap<Key, PartitionWindows>,
    skipped: ReadonlySet<Key>,
    lagging?: ReadonlySet<Key>
  ): Closing<Key>
  closedUntil(): number | undefined
}

/** Closes windows over all partitions, in order and without a gap, from the time `from` on. */
export function createCloser<Key extends string>(
  { sizeMs, maxEmptyWindows }: CloserOptions,
  from: number | undefined
): Closer<Key> {
  // Windows of another size may have closed before: the window in which they end is left out.
  let closedUntil = from === undefined ? undefined : Math.ceil(from / sizeMs) * sizeMs

  function close(
    partitions: ReadonlyMap<Key, PartitionWindows>,
    skipped: ReadonlySet<Key>,
    lagging = skipped
  ): Closing<Key> {
    const slowest = slowestOf(partitions, skipped)
    const until = Math.floor(slowest.watermark / sizeMs) * sizeMs
    const windows: ClosedWindow[] = []
    while (Number.isFinite(until)) {
      const start = nextStart(partitions, until)
      if (start === undefined) break
      windows.push(takeWindow(start, partitions, lagging))
      closedUntil = start + sizeMs
    }
    let mustCommit = false
    if (windows.length > 0) {
      for (const one of partitions.values()) mustCommit = one.markClosed(closedUntil as number) || mustCommit
    }
    return {
      windows,
      closedUntil,
      mustCommit,
      waiting: waitingWindows(partitions, closedUntil, sizeMs),
      slowestPartition: slowest.key
    }
  }

  function nextStart(partitions: ReadonlyMap<Key, PartitionWindows>, until: number): number | undefined {
    const oldest = oldestOpen(partitions)
    if (closedUntil === undefined)
      return oldest !== undefined && oldest + sizeMs <= until ? oldest : undefined
    const ready = oldest !== undefined && oldest + sizeMs <= until
    const target = ready ? oldest : until - sizeMs
    // A gap longer than the bound has no rows: continue at the next events, or at the newest window of a silence.
    const start = (target - closedUntil) / sizeMs > maxEmptyWindows ? target : closedUntil
    return start + sizeMs <= until ? start : undefined
  }

  function takeWindow(
    start: number,
    partitions: ReadonlyMap<Key, PartitionWindows>,
    lagging: ReadonlySet<Key>
  ): ClosedWindow {
    const all = [...partitions.values()]
    const complete = lagging.size === 0 && !all.some(one => one.isIncomplete(start))
    const shares = [...partitions].flatMap(([key, one]) => {
      const partial = one.take(start)
      return partial === undefined ? [] : [{ key, partial }]
    })
    return {
      start,
      end: start + sizeMs,
      complete,
      partials: shares.map(({ partial }) => partial),
      partitions: shares.map(({ key }) => key)
    }
  }

  return { close, closedUntil: () => closedUntil }
}

function slowestOf<Key extends string>(
  partitions: ReadonlyMap<Key, PartitionWindows>,
  skipped: ReadonlySet<Key>
): { watermark: number; key: Key | undefined } {
  let slowest: { watermark: number; key: Key | undefined } = {
    watermark: Number.POSITIVE_INFINITY,
    key: undefined
  }
  for (const [key, partition] of partitions) {
    if (skipped.has(key)) continue
    const watermark = partition.watermark()
    if (watermark !== undefined && watermark < slowest.watermark) slowest = { watermark, key }
  }
  return slowest
}

function oldestOpen(partitions: ReadonlyMap<string, PartitionWindows>): number | undefined {
  let oldest: number | undefined
  for (const partition of partitions.values()) {
    const start = partition.oldestOpen()
    if (start !== undefined && (oldest === undefined || start < oldest)) oldest = start
  }
  return oldest
}

function waitingWindows(
  partitions: ReadonlyMap<string, PartitionWindows>,
  closedUntil: number | undefined,
  sizeMs: number
): number {
  let greatest = Number.NEGATIVE_INFINITY
  for (const partition of partitions.values())
    greatest = Math.max(greatest, partition.maxEventTime() ?? greatest)
  const from = closedUntil ?? oldestOpen(partitions)
  if (from === undefined || !Number.isFinite(greatest)) return 0
  return Math.max(0, Math.floor(greatest / sizeMs) - Math.floor(from / sizeMs))
}
