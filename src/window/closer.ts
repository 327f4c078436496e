import type { ClosedWindow, PartitionWindows } from './types.ts'

export interface CloserOptions {
  readonly sizeMs: number
  /** Empty windows in a row that are worth a row each; a longer gap in the events is passed over. */
  readonly maxEmptyWindows: number
}

/** What the partitions let close, and who holds the rest. */
export interface Closing {
  readonly windows: readonly ClosedWindow[]
  /** Windows that end at or before it have closed; undefined before the first. */
  readonly closedUntil: number | undefined
  /** True where the log alone would not close them: the checkpoints must be committed before the rows are stored. */
  readonly mustCommit: boolean
  /** Windows of other partitions that wait for `holder`. */
  readonly waiting: number
  readonly slowestPartition: string | undefined
}

export interface Closer {
  /**
   * Closes every window that no partition holds any more. `skipped` partitions hold nothing back; where one of them is
   * `lagging`, windows lack what is still to be read.
   */
  close(
    partitions: ReadonlyMap<string, PartitionWindows>,
    skipped: ReadonlySet<string>,
    lagging?: ReadonlySet<string>
  ): Closing
  closedUntil(): number | undefined
}

/** Closes windows over all partitions, in order and without a gap, from `from` on. */
export function createCloser({ sizeMs, maxEmptyWindows }: CloserOptions, from: number | undefined): Closer {
  // Windows of another size may have closed before: the one that they end in is passed over.
  let closedUntil = from === undefined ? undefined : Math.ceil(from / sizeMs) * sizeMs

  function close(
    partitions: ReadonlyMap<string, PartitionWindows>,
    skipped: ReadonlySet<string>,
    lagging = skipped
  ): Closing {
    const holding = slowestOf(partitions, skipped)
    const waiting = waitingWindows(partitions, closedUntil, sizeMs)
    if (!Number.isFinite(holding.at))
      return { windows: [], closedUntil, mustCommit: false, waiting, slowestPartition: holding.name }
    const until = Math.floor(holding.at / sizeMs) * sizeMs
    const windows: ClosedWindow[] = []
    while (true) {
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
      slowestPartition: holding.name
    }
  }

  function nextStart(partitions: ReadonlyMap<string, PartitionWindows>, until: number): number | undefined {
    const oldest = oldestOpen(partitions)
    if (closedUntil === undefined)
      return oldest !== undefined && oldest + sizeMs <= until ? oldest : undefined
    const ready = oldest !== undefined && oldest + sizeMs <= until
    const target = ready ? oldest : until - sizeMs
    // A gap longer than the bound has no rows: on to the next events, or to the newest window of a silence.
    const start = (target - closedUntil) / sizeMs > maxEmptyWindows ? target : closedUntil
    return start + sizeMs <= until ? start : undefined
  }

  function takeWindow(
    start: number,
    partitions: ReadonlyMap<string, PartitionWindows>,
    lagging: ReadonlySet<string>
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

function slowestOf(
  partitions: ReadonlyMap<string, PartitionWindows>,
  skipped: ReadonlySet<string>
): { at: number; name: string | undefined } {
  let at = Number.POSITIVE_INFINITY
  let name: string | undefined
  for (const [key, partition] of partitions) {
    if (skipped.has(key)) continue
    const holds = partition.watermark()
    if (holds !== undefined && holds < at) {
      at = holds
      name = key
    }
  }
  return { at, name }
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
