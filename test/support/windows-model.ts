import { createShopMetrics } from '../../src/metrics/create.ts'
import { createEvaluate } from '../../src/metrics/evaluate.ts'
import type { WindowMetrics } from '../../src/metrics/types.ts'
import { encodeMetadata } from '../../src/source/commit-metadata.ts'
import type { PartitionKey } from '../../src/source/partition.ts'
import { type PartitionFacts, resolveStart } from '../../src/source/start.ts'
import { compile, createPartial } from '../../src/window/accumulate.ts'
import { type Closer, createCloser } from '../../src/window/closer.ts'
import type { CountedOrders } from '../../src/window/orders/memory.ts'
import { createSettleOrders, type SettleOrders } from '../../src/window/orders/settle.ts'
import { createPartitionWindows } from '../../src/window/partition-windows.ts'
import type { ClosedWindow, PartitionWindows } from '../../src/window/types.ts'
import type { LogRecord, RecountMarker } from './recount.ts'

export const timing = { sizeMs: 60_000, graceMs: 10_000, idleMs: 30_000 }
export const rates = new Map([
  ['EUR', 1],
  ['USD', 0.8765]
])
const trustAheadMs = 60_000
/** As a recount calls them. */
export const dimensions = ['category', 'country', 'country × category']
const metrics = createShopMetrics({
  segments: {
    dimensions: ['category', 'country'],
    combinations: [['country', 'category']],
    top: 50,
    maxValues: 1_000
  },
  metrics: {}
})
/** A few windows: orders that come again lie within it, and beyond it. */
export const orderSpanMs = 300_000
export const windows = { ...metrics, rates, orderSpanMs }
const accumulate = compile(windows)
const evaluate = createEvaluate(metrics)

/** A partition's log; `control` is an offset without a record. */
export type LogEntry =
  | LogRecord
  | { readonly offset: number; readonly recordTime: number; readonly control: true }

export interface ModelLog {
  /** The partition is there from this time on. */
  readonly appearsAt: number
  readonly entries: readonly LogEntry[]
}

/** What one commit held: all partitions together. */
interface ModelCommit {
  readonly offsets: ReadonlyMap<PartitionKey, number>
  readonly closedUntil: number | undefined
}

/** A line over logs that lie there, with a store and commits that outlast a crash, at a time that is told. */
export interface WindowsModel {
  wait(ms: number): void
  waitUntil(time: number): void
  /** Reads up to so many entries that are there by now. */
  read(key: PartitionKey, entries: number): void
  /** Asks where the partition ends; the answer comes at once, or with `answer`. */
  ask(key: PartitionKey): void
  answer(): void
  close(): readonly ClosedWindow[]
  /** Reads all that is there and closes with fresh answers. */
  catchUp(): void
  /** The others wait for this partition no longer, until it is read to its end; the last one is waited for. */
  skip(key: PartitionKey): void
  /** Stores the rows of so many closed windows, as far as they may be; `isDone` says so to the windows. */
  store(windows: number, isDone: boolean): void
  commit(): void
  /** All is lost but the store and the commits; goes on from there. */
  crash(): void
  /** Reads, closes, stores and commits all that is there, once all is quiet. */
  drain(): void
  /** Starts anew, with the partitions that appeared since, and drains. */
  finish(): void
  readonly stored: ReadonlyMap<number, WindowMetrics>
  /** Windows that were stored again after a crash: what lay there, and what came. */
  readonly rewrites: readonly (readonly [WindowMetrics, WindowMetrics])[]
  readonly commits: readonly ModelCommit[]
  /** When windows were closed, as far as it was committed: what a recount must know beside the logs. */
  closedMarkers(): Map<PartitionKey, RecountMarker[]>
  partitions(): ReadonlyMap<PartitionKey, PartitionWindows>
}

export function createWindowsModel(logs: ReadonlyMap<PartitionKey, ModelLog>, startAt: number): WindowsModel {
  const stored = new Map<number, WindowMetrics>()
  const rewrites: [WindowMetrics, WindowMetrics][] = []
  const commits: ModelCommit[] = []
  const committed = new Map<PartitionKey, { offset: number; metadata: string }>()
  let committedMarkers: { key: PartitionKey; marker: RecountMarker }[] = []
  let now = startAt

  let partitions: Map<PartitionKey, PartitionWindows>
  let closer: Closer
  let settleOrders: SettleOrders
  let markers: { key: PartitionKey; marker: RecountMarker }[]
  let queue: { window: ClosedWindow; needsCommit: boolean }[]
  let asked: { key: PartitionKey; end: number; at: number }[]
  let skipped: Set<PartitionKey>

  const there = (key: PartitionKey) =>
    (logs.get(key) as ModelLog).entries.filter(entry => entry.recordTime <= now)
  const endOf = (key: PartitionKey) => (there(key).at(-1)?.offset ?? -1) + 1

  function begin(): void {
    const keys = [...logs].flatMap(([key, { appearsAt }]) => (appearsAt <= now ? [key] : []))
    const facts = keys.map(
      (key): PartitionFacts => ({
        key,
        begin: 0,
        end: endOf(key),
        committed: committed.get(key),
        startOffset: 0
      })
    )
    const { checkpoints, mustCommit } = resolveStart(facts)
    const closedUntil = Math.max(...[...checkpoints.values()].map(one => one.closedUntil ?? -Infinity))
    partitions = new Map(
      [...checkpoints].map(([key, from]) => [
        key,
        createPartitionWindows(
          { ...timing, accumulate, emptyPartial: start => createPartial(start, windows) },
          from
        )
      ])
    )
    const hasClosed = Number.isFinite(closedUntil)
    closer = createCloser({ ...timing, maxEmptyWindows: 100 }, hasClosed ? closedUntil : undefined)
    settleOrders = createSettleOrders(windows, hasClosed ? ordersBefore(closedUntil) : [])
    markers = [...committedMarkers]
    for (const key of keys) {
      if (hasClosed && !committed.has(key))
        markers.push({ key, marker: { fromOffset: 0, until: closedUntil } })
    }
    queue = []
    asked = []
    skipped = new Set()
    if (mustCommit) commit()
  }

  /** As the store gives them back. */
  function ordersBefore(closedUntil: number): CountedOrders[] {
    return [...stored.values()]
      .filter(({ start, end }) => start >= closedUntil - orderSpanMs && end <= closedUntil)
      .sort((a, b) => a.start - b.start)
      .flatMap(({ start, orders }) => (orders === undefined ? [] : { start, keys: orders.keys }))
  }

  function read(key: PartitionKey, entries: number): void {
    const partition = partitions.get(key)
    if (partition === undefined) return
    const slice = there(key)
      .filter(({ offset }) => offset >= partition.position())
      .slice(0, entries)
    for (const entry of slice) take(partition, entry)
    const last = slice.at(-1)
    if (last !== undefined) partition.moveTo(last.offset + 1)
  }

  function take(partition: PartitionWindows, entry: LogEntry): void {
    if ('control' in entry) return
    const { offset, recordTime } = entry
    const event = 'event' in entry ? entry.event : undefined
    if (event === undefined || event.eventTime > recordTime + trustAheadMs) partition.addDead(offset)
    else partition.add(event, offset, recordTime)
  }

  function close(): readonly ClosedWindow[] {
    for (const key of skipped) if (partitions.get(key)?.readToEnd()) skipped.delete(key)
    const { windows: closed, closedUntil, mustCommit } = closer.close(partitions, skipped)
    if (closed.length === 0) return closed
    const windows = settleOrders(closed)
    queue.push(...windows.map(window => ({ window, needsCommit: mustCommit })))
    for (const [key, partition] of partitions) {
      markers.push({ key, marker: { fromOffset: partition.position(), until: closedUntil as number } })
    }
    return windows
  }

  function store(windows: number, isDone: boolean): void {
    const blocked = queue.findIndex(({ needsCommit }) => needsCommit)
    const ready = queue.splice(0, Math.min(windows, blocked === -1 ? queue.length : blocked))
    for (const { window } of ready) {
      const row = evaluate(window)
      const before = stored.get(row.start)
      if (before !== undefined) rewrites.push([before, row])
      if (before === undefined || row.records >= before.records) stored.set(row.start, row)
    }
    const last = ready.at(-1)
    if (isDone && last !== undefined) for (const one of partitions.values()) one.done(last.window.end)
  }

  function commit(): void {
    const checkpoints = [...partitions].map(([key, one]) => [key, one.checkpoint()] as const)
    for (const [key, checkpoint] of checkpoints) {
      committed.set(key, { offset: checkpoint.offset, metadata: encodeMetadata(checkpoint) })
    }
    commits.push({
      offsets: new Map(checkpoints.map(([key, { offset }]) => [key, offset])),
      closedUntil: checkpoints[0]?.[1].closedUntil
    })
    committedMarkers = [...markers]
    for (const one of queue) one.needsCommit = false
  }

  function ask(key: PartitionKey): void {
    if (partitions.has(key)) asked.push({ key, end: endOf(key), at: now })
  }

  function answer(): void {
    for (const { key, end, at } of asked) partitions.get(key)?.endSeen(end, at)
    asked = []
  }

  function catchUp(): void {
    for (const key of partitions.keys()) {
      read(key, Number.POSITIVE_INFINITY)
      ask(key)
    }
    answer()
    close()
  }

  function drain(): void {
    now += 100 * 86_400_000
    // Once to find that all is quiet, and twice more: what had no window before the first close is counted in the one
    // behind it.
    for (const _ of [1, 2, 3]) {
      now += 86_400_000
      catchUp()
      commit()
    }
    store(Number.POSITIVE_INFINITY, true)
    commit()
  }

  function finish(): void {
    now += 100 * 86_400_000
    begin()
    drain()
  }

  begin()
  return {
    wait(ms) {
      now += ms
    },
    waitUntil(time) {
      now = time
    },
    read,
    ask,
    answer,
    close,
    catchUp,
    skip(key) {
      if (partitions.size > skipped.size + 1) skipped.add(key)
    },
    store,
    commit,
    crash: begin,
    drain,
    finish,
    stored,
    rewrites,
    commits,
    closedMarkers() {
      const byPartition = new Map<PartitionKey, RecountMarker[]>()
      for (const { key, marker } of markers) byPartition.set(key, [...(byPartition.get(key) ?? []), marker])
      return byPartition
    },
    partitions: () => partitions
  }
}
