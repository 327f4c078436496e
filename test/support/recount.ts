import type { ShopEvent } from '../../src/decode/types.ts'
import { type Fact, type FactOptions, factOfEvent, factOfValue } from './recount-facts.ts'

/** A record of a partition's log, its value as it lies there, or decoded already (`dead`: cannot be an event). */
export type LogRecord = {
  readonly offset: number
  /** The record's own timestamp, in milliseconds. */
  readonly recordTime: number
} & ({ readonly value: Buffer | string | null } | { readonly event: ShopEvent } | { readonly dead: true })

export interface RecountOptions extends FactOptions {
  readonly sizeMs: number
  readonly graceMs: number
  /** An event time further ahead of its record than this is a dead letter; a minute unless said. */
  readonly trustAheadMs?: number
  /** By partition, in the order made: from `fromOffset` on, windows that end at or before `until` were closed. */
  readonly seals?: ReadonlyMap<string, readonly RecountSeal[]>
}

export interface RecountSeal {
  readonly fromOffset: number
  readonly until: number
}

/**
 * A window's metrics by name, as they are stored for the whole shop; `records`, `late` and `dead` beside them, and
 * `revenue{XXX}` for a currency without a rate. A ratio without a denominator is null.
 */
export type Recounted = Record<string, number | null>

/** Where one record belongs. */
export interface Placement {
  readonly offset: number
  readonly kind: 'counted' | 'late' | 'dead'
  readonly windowStart: number
  readonly fact: Fact | undefined
}

/** What every window must come to, from the whole log of every partition: the rules of the design, told again. */
export function recount(
  logs: ReadonlyMap<string, readonly LogRecord[]>,
  options: RecountOptions
): Map<number, Recounted> {
  const byWindow = new Map<number, Placement[]>()
  for (const [partition, log] of logs) {
    for (const placement of placementsOf(log, options, options.seals?.get(partition))) {
      const placed = byWindow.get(placement.windowStart)
      if (placed === undefined) byWindow.set(placement.windowStart, [placement])
      else placed.push(placement)
    }
  }
  return new Map(
    [...byWindow].sort(([a], [b]) => a - b).map(([start, placed]) => [start, metricsOf(placed, options)])
  )
}

/** Places every record of one partition; dead letters that no window could yet take are left out. */
export function placementsOf(
  log: readonly LogRecord[],
  options: RecountOptions,
  seals: readonly RecountSeal[] = []
): Placement[] {
  const { sizeMs, graceMs, trustAheadMs = 60_000 } = options
  const startOf = (time: number) => time - (((time % sizeMs) + sizeMs) % sizeMs)
  const placements: Placement[] = []
  const toCome = [...seals].sort((a, b) => a.fromOffset - b.fromOffset)
  let waiting: LogRecord[] = []
  let greatest: number | undefined
  let sealed = Number.NEGATIVE_INFINITY

  const meetSeals = (offset: number) => {
    while ((toCome[0]?.fromOffset ?? Number.POSITIVE_INFINITY) <= offset) {
      const { until } = toCome.shift() as RecountSeal
      placeWaiting(until)
      sealed = Math.max(sealed, until)
    }
  }

  for (const record of log) {
    meetSeals(record.offset)
    const passed = Math.max(greatest === undefined ? sealed : greatest - graceMs, sealed)
    const openStart = Math.max(greatest === undefined ? sealed : startOf(greatest), sealed)
    const fact = factOf(record, options)
    if (fact === undefined || fact.time > record.recordTime + trustAheadMs) {
      if (openStart === Number.NEGATIVE_INFINITY) waiting.push(record)
      else placements.push({ offset: record.offset, kind: 'dead', windowStart: openStart, fact: undefined })
    } else if (startOf(fact.time) + sizeMs <= passed) {
      placements.push({ offset: record.offset, kind: 'late', windowStart: openStart, fact })
    } else {
      placeWaiting(startOf(fact.time))
      placements.push({ offset: record.offset, kind: 'counted', windowStart: startOf(fact.time), fact })
      greatest = Math.max(greatest ?? fact.time, fact.time)
    }
  }
  meetSeals(Number.MAX_SAFE_INTEGER)
  return placements

  function placeWaiting(windowStart: number): void {
    for (const { offset } of waiting) placements.push({ offset, kind: 'dead', windowStart, fact: undefined })
    waiting = []
  }
}

function factOf(record: LogRecord, options: RecountOptions): Fact | undefined {
  if ('dead' in record) return undefined
  return 'event' in record ? factOfEvent(record.event) : factOfValue(record.value, options)
}

function metricsOf(placed: readonly Placement[], { currency, rates }: RecountOptions): Recounted {
  const facts = placed.flatMap(({ kind, fact }) => (kind === 'counted' && fact !== undefined ? [fact] : []))
  const ofType = (...types: string[]) => facts.filter(({ type }) => types.includes(type))
  const sessionsOf = (some: readonly Fact[]) => new Set(some.flatMap(({ session }) => session ?? [])).size

  const purchases = ofType('purchase')
  const priced = ofType('add_to_cart', 'checkout_started', 'purchase')
  const events = facts.length
  const late = placed.filter(({ kind }) => kind === 'late').length
  const dead = placed.filter(({ kind }) => kind === 'dead').length
  const orders =
    new Set(purchases.flatMap(({ order }) => order ?? [])).size +
    purchases.filter(({ order }) => order === undefined).length
  const carting = sessionsOf(ofType('add_to_cart'))
  const purchasing = sessionsOf(purchases)
  const checkouts = ofType('checkout_started').length

  let revenue = 0n
  const foreign = new Map<string, bigint>()
  for (const { amount, currency: name } of purchases) {
    if (amount === undefined) continue
    const rate = name === currency ? 1 : rates?.get(name)
    if (rate === undefined) foreign.set(name, (foreign.get(name) ?? 0n) + BigInt(amount))
    else revenue += BigInt(Math.round(amount * rate))
  }
  return {
    records: placed.length,
    late,
    dead,
    events,
    visits: sessionsOf(facts),
    orders,
    revenue: Number(revenue) / 10_000,
    cart_adds: ofType('add_to_cart').length,
    carting_sessions: carting,
    purchasing_sessions: purchasing,
    checkouts_started: checkouts,
    cart_abandonment_rate: carting === 0 ? null : Math.max(0, (carting - purchasing) / carting),
    checkout_success_rate: ratio(orders, checkouts),
    missing_price_rate: ratio(priced.filter(({ hasPrice }) => !hasPrice).length, priced.length),
    invalid_rate: ratio(facts.filter(({ isFaulty }) => isFaulty).length, events),
    late_rate: ratio(late, events + late),
    dead_letter_rate: ratio(dead, events + late + dead),
    ...Object.fromEntries([...foreign].map(([name, sum]) => [`revenue{${name}}`, Number(sum) / 10_000]))
  }
}

const ratio = (numerator: number, denominator: number) => (denominator === 0 ? null : numerator / denominator)
