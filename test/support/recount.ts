import type { ShopEvent } from '../../src/decode/types.ts'
import { fieldDimension } from '../../src/metrics/fields.ts'
import { type Fact, type FactOptions, factOfEvent, factOfValue } from './recount-facts.ts'
import { metricsOf } from './recount-metrics.ts'

/** A record of a partition's log, its value as it lies there, or decoded already (`dead`: cannot be an event). */
export type LogRecord = {
  readonly offset: number
  /** The record's own timestamp, in milliseconds. */
  readonly recordTime: number
} & ({ readonly value: Buffer | string | null } | { readonly event: ShopEvent } | { readonly dead: true })

export interface RecountOptions extends FactOptions {
  /** Fields whose values are segments; none unless said. */
  readonly dimensions?: readonly string[]
  readonly sizeMs: number
  readonly graceMs: number
  /** An event time further ahead of its record than this is a dead letter; a minute unless said. */
  readonly trustAheadMs?: number
  /** For so long an order that comes again counts once; a day unless said. */
  readonly orderSpanMs?: number
  /** By partition, in the order made: from `fromOffset` on, windows that end at or before `until` were closed. */
  readonly closedMarkers?: ReadonlyMap<string, readonly RecountMarker[]>
}

export interface RecountMarker {
  readonly fromOffset: number
  readonly until: number
}

/**
 * A window's metrics by name, as they are stored for the whole shop, without those that are read off a sketch;
 * `records`, `late` and `dead` beside them, `revenue{XXX}` for a currency without a rate, and `orders{category=shoes}`
 * for a segment. A ratio without a denominator is null.
 */
export type Recounted = Record<string, number | null>

/** Not told again: quantiles, which fields records had, and which partitions late ones came from. */
export const isRecounted = (metric: string, dimension: string): boolean =>
  !['order_value_p50', 'freshness_p95'].includes(metric) && ![fieldDimension, 'partition'].includes(dimension)

/** Where one record belongs. */
export interface Placement {
  readonly offset: number
  readonly kind: 'counted' | 'late' | 'dead'
  readonly windowStart: number
  readonly fact: Fact | undefined
  readonly recordTime: number
  /** Its order was counted before. */
  readonly isRepeat?: true
}

/** What every window must come to, from the whole log of every partition: the rules of the design, told again. */
export function recount(
  logs: ReadonlyMap<string, readonly LogRecord[]>,
  options: RecountOptions
): Map<number, Recounted> {
  const byWindow = new Map<number, Placement[]>()
  for (const [partition, log] of logs) {
    for (const placement of placementsOf(log, options, options.closedMarkers?.get(partition))) {
      const placed = byWindow.get(placement.windowStart)
      if (placed === undefined) byWindow.set(placement.windowStart, [placement])
      else placed.push(placement)
    }
  }
  const inOrder = [...byWindow].sort(([a], [b]) => a - b)
  const repeats = repeatedPurchases(inOrder, options.orderSpanMs ?? 86_400_000)
  return new Map(
    inOrder.map(([start, placed]) => [
      start,
      metricsOf(
        placed.map(one => (repeats.has(one) ? { ...one, isRepeat: true as const } : one)),
        options
      )
    ])
  )
}

/** An order's id that says that there is none. */
const writtenForNone = /^(undefined|null|none|nan|n\/a|na|unknown|false|true|0+|-+)$/i

/** The purchases that an earlier one of the same order, customer, products and money repeats. */
function repeatedPurchases(
  windows: readonly (readonly [number, readonly Placement[]])[],
  spanMs: number
): ReadonlySet<Placement> {
  const repeats = new Set<Placement>()
  const counted = new Map<string, { readonly start: number; readonly pieces: Fact[] }>()
  if (spanMs === 0) return repeats
  for (const [start, placed] of windows) {
    const purchases = placed.filter(({ fact }) => fact?.type === 'purchase')
    const byTime = purchases.sort((a, b) => (a.fact as Fact).time - (b.fact as Fact).time)
    // Late ones are compared with all that the window counts.
    const late = byTime.filter(({ kind }) => kind === 'late')
    for (const one of [...byTime.filter(({ kind }) => kind === 'counted'), ...late]) {
      const fact = one.fact as Fact
      const { order, session, user, currency, lines, hasQuantity, time, id } = fact
      if (order === undefined || order === session || writtenForNone.test(order)) continue
      const products = lines.map(({ product, quantity, amount }) => `${product} ${quantity} ${amount}`)
      const name = JSON.stringify([order, user, currency, products.sort()])
      const before = counted.get(name)
      const isKnown = before !== undefined && before.start >= start - spanMs
      if (one.kind === 'late') {
        if (isKnown) repeats.add(one)
        continue
      }
      if (!isKnown) {
        counted.set(name, { start, pieces: [fact] })
        continue
      }
      // Two at the same time are two lines if they have ids, and two pieces where there are no quantities.
      const canBePiece =
        (id !== undefined || !hasQuantity) && lines.length === 1 && lines[0]?.product !== undefined
      const isPiece = canBePiece && before.pieces[0]?.time === time
      const isSent = id !== undefined && before.pieces.some(piece => piece.id === id)
      if (isPiece && !isSent) before.pieces.push(fact)
      else repeats.add(one)
    }
  }
  return repeats
}

/** Places every record of one partition; dead letters that no window could yet take are left out. */
export function placementsOf(
  log: readonly LogRecord[],
  options: RecountOptions,
  closedMarkers: readonly RecountMarker[] = []
): Placement[] {
  const { sizeMs, graceMs, trustAheadMs = 60_000 } = options
  const startOf = (time: number) => time - (((time % sizeMs) + sizeMs) % sizeMs)
  const placements: Placement[] = []
  const toCome = [...closedMarkers].sort((a, b) => a.fromOffset - b.fromOffset)
  let waiting: LogRecord[] = []
  let greatest: number | undefined
  let closedUntil = Number.NEGATIVE_INFINITY

  const meetSeals = (offset: number) => {
    while ((toCome[0]?.fromOffset ?? Number.POSITIVE_INFINITY) <= offset) {
      const { until } = toCome.shift() as RecountMarker
      placeWaiting(until)
      closedUntil = Math.max(closedUntil, until)
    }
  }

  for (const record of log) {
    const { recordTime } = record
    meetSeals(record.offset)
    if (isNoEvent(record)) continue
    const passed = Math.max(greatest === undefined ? closedUntil : greatest - graceMs, closedUntil)
    const openStart = Math.max(greatest === undefined ? closedUntil : startOf(greatest), closedUntil)
    const fact = factOf(record, options)
    if (fact === undefined || fact.time > recordTime + trustAheadMs) {
      if (openStart === Number.NEGATIVE_INFINITY) waiting.push(record)
      else
        placements.push({
          offset: record.offset,
          kind: 'dead',
          windowStart: openStart,
          fact: undefined,
          recordTime
        })
    } else if (startOf(fact.time) + sizeMs <= passed) {
      placements.push({ offset: record.offset, kind: 'late', windowStart: openStart, fact, recordTime })
    } else {
      placeWaiting(startOf(fact.time))
      placements.push({
        offset: record.offset,
        kind: 'counted',
        windowStart: startOf(fact.time),
        fact,
        recordTime
      })
      greatest = Math.max(greatest ?? fact.time, fact.time)
    }
  }
  meetSeals(Number.MAX_SAFE_INTEGER)
  return placements

  function placeWaiting(windowStart: number): void {
    for (const { offset, recordTime } of waiting)
      placements.push({ offset, kind: 'dead', windowStart, fact: undefined, recordTime })
    waiting = []
  }
}

/** A tombstone and an empty list are no events, and nothing is wrong with them. */
const isNoEvent = (record: LogRecord): boolean =>
  'value' in record && (record.value === null || String(record.value) === '[]')

function factOf(record: LogRecord, options: RecountOptions): Fact | undefined {
  if ('dead' in record) return undefined
  return 'event' in record ? factOfEvent(record.event) : factOfValue(record.value, options)
}
