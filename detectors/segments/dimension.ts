import type { SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import type { Segment } from '../../src/window/segment.ts'
import type { WindowTime } from '../baseline/series.ts'
import { columnsOf, firstValue, windowsColumn } from './columns.ts'
import { createCumulative } from './cumulative.ts'
import { createDaily } from './daily.ts'
import type { DimensionOptions, Past } from './past.ts'
import { createReadRow } from './rows.ts'
import { createSegmentVariance } from './segment-variance.ts'
import { createTopValues } from './top-values.ts'

interface Kept {
  readonly sums: Float64Array
  row: number
}

/** The same time of day is known from so many windows on, an older one counting for less. */
const leastDaily = 0.5
const binMs = 1_800_000

/** The segments of one dimension, window by window. */
// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function createDimension(name: string, windowMs: number, options: DimensionOptions) {
  const { longest, memory, warmup } = options
  const columns = columnsOf(firstValue + options.slots)
  const capacity = longest + 1
  const slots = createTopValues<Segment>(options.slots, slot => clear(firstValue + slot))
  const readRow = createReadRow(name, slots, firstValue + options.slots)
  const observed = createCumulative(columns, 2 * capacity)
  const trained = createCumulative(columns, memory + capacity)
  const trainedAt = new Float64Array(memory + capacity + 1)
  const daily = createDaily(columns)
  const straying = createSegmentVariance(columns, options)
  const trains = new Uint8Array(capacity)
  const locals = new Float64Array(capacity)
  const spans = new Map<number, Kept>()
  const rollings = new Map<number, Kept>()
  const newers = new Map<number, Kept>()
  const pastsOf = new Map<number, readonly Past[]>()
  const settled = new Float64Array(columns)
  const nothing = new Float64Array(columns)
  let row: Float64Array = nothing
  let newest = Number.NaN

  const width = () => columnsOf(firstValue + slots.size())

  /** The same sums are asked for again and again at one close; their buffers last for all. */
  function kept(known: Map<number, Kept>, key: number): { sums: Float64Array; isFresh: boolean } {
    const own = known.get(key) ?? { sums: new Float64Array(columns), row: Number.NaN }
    known.set(key, own)
    const isFresh = own.row === observed.size()
    own.row = observed.size()
    return { sums: own.sums, isFresh }
  }

  function clear(place: number): void {
    for (let column = columnsOf(place); column < columnsOf(place + 1); column += 1) {
      for (const table of [observed, trained, daily, straying]) table.clear(column)
    }
  }

  function push(window: number, localMs: number, values: Float64Array): void {
    const at = (observed.size() + 1) % capacity
    if (trains[at] === 1) settle(locals[at] as number)
    observed.push(values)
    trains[at] = 0
    locals[at] = localMs
    newest = window
  }

  /** The oldest window, which no span reaches any more, joins its time of day. */
  function settle(localMs: number): void {
    const last = observed.size() - longest
    observed.sums(last - 1, last, settled, columns)
    daily.add(localMs, settled)
  }

  /** Columns of the windows `from` to `to` windows ago, `from` not included; they hold until the next window. */
  function trailing(from: number, to: number): Float64Array {
    const { sums, isFresh } = kept(spans, from * capacity + to)
    if (!isFresh) observed.sums(Math.max(0, observed.size() - from), observed.size() - to, sums, width())
    return sums
  }

  /** The newest trained row that lies before the span. */
  function before(span: number): number {
    let at = trained.size()
    while (
      trained.size() - at < trained.kept() &&
      (trainedAt[at % trainedAt.length] as number) > newest - span
    )
      at -= 1
    return at
  }

  function rolling(span: number): Past | undefined {
    const to = before(span)
    const from = Math.max(trained.size() - trained.kept(), to - memory)
    if (to - from < warmup) return undefined
    const { sums } = kept(rollings, span)
    trained.sums(from, to, sums, width())
    return { baseline: 'rolling', sums, newer: () => newerHalf(span, from, to) }
  }

  function newerHalf(span: number, from: number, to: number): Float64Array {
    const { sums, isFresh } = kept(newers, span)
    if (!isFresh) trained.sums(Math.floor((from + to) / 2), to, sums, width())
    return sums
  }

  function sameTime(): readonly Past[] {
    const enough = leastDaily * Math.max(1, binMs / windowMs)
    return daily
      .around(locals[observed.size() % capacity] as number)
      .filter(sums => (sums[windowsColumn] as number) >= enough)
      .map(sums => ({ baseline: 'time_of_day', sums }))
  }

  /** What a span is compared with: first the windows before it, then the same times of day, once they are known. */
  function pasts(span: number): readonly Past[] {
    const known = pastsOf.get(span)
    if (known) return known
    const recent = rolling(span)
    const fresh = recent ? [recent, ...sameTime()] : []
    pastsOf.set(span, fresh)
    return fresh
  }

  return {
    name,
    enter(at: WindowTime, values: readonly SegmentValue[], window: WindowMetrics): void {
      pastsOf.clear()
      const steps = Number.isNaN(newest) ? 1 : Math.min(at.window - newest, capacity)
      for (let ago = steps - 1; ago > 0; ago -= 1) push(at.window - ago, at.localMs - ago * windowMs, nothing)
      row = window.complete ? readRow(values, window, at.window) : nothing
      push(at.window, at.localMs, row)
    },
    /** Ends a window: the newest `disowned` windows do not train, the others do. */
    learn(disowned: number): void {
      const rows = observed.size()
      for (let ago = 0; ago < Math.min(disowned, capacity, rows); ago += 1)
        trains[(rows - ago) % capacity] = 0
      while (
        trained.kept() > 0 &&
        (trainedAt[trained.size() % trainedAt.length] as number) > newest - disowned
      )
        trained.pop()
      if (disowned > 0 || row[windowsColumn] === 0) {
        straying.interrupt()
        return
      }
      straying.learn(newest, firstValue + slots.size(), trailing, pasts)
      trained.push(row)
      trainedAt[trained.size() % trainedAt.length] = newest
      trains[rows % capacity] = 1
    },
    /** Places in use, values from `firstValue` on. */
    places: () => firstValue + slots.size(),
    nameOf: (place: number) => slots.nameOf(place - firstValue),
    trailing,
    /** One column of them. */
    sum: (column: number, from: number, to: number) =>
      observed.sum(column, Math.max(0, observed.size() - from), observed.size() - to),
    pasts,
    /** Variance ÷ mean of a value's count among the others. */
    dispersion: straying.dispersion,
    /** Variance of the logarithm of a value's share over its forecast. */
    spread: straying.spread
  }
}

export type Dimension = ReturnType<typeof createDimension>
