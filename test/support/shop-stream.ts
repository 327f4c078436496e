import { createHash } from 'node:crypto'
import type { RawRecord } from './kafka-client.ts'

export interface StreamOptions {
  readonly seed: number
  /** Start of the first window, in milliseconds since the epoch. */
  readonly startMs: number
  readonly sizeMs: number
  readonly graceMs: number
  readonly partitions: number
  /** Windows, counted from the first, in which nobody can pay. */
  readonly outage?: { readonly from: number; readonly to: number }
  /** Sessions in a window, in each partition. */
  readonly sessions?: number
}

/** A number of [0, 1) that is the same for the same names. */
export function draw(...names: readonly (string | number)[]): number {
  return createHash('sha256').update(names.join('/')).digest().readUInt32BE(0) / 2 ** 32
}

/**
 * The records of one window of a shop, the same for the same options: sessions that walk to an order in one of three
 * currencies, out of order within the grace, with late events and dead letters among them. Each partition has an event
 * near the window's end, so that the log alone closes the window before.
 */
export function windowOfShop(options: StreamOptions, window: number): RawRecord[] {
  const { startMs, sizeMs, partitions } = options
  const start = startMs + window * sizeMs
  return Array.from({ length: partitions }, (_, partition) => [
    ...recordsOf(options, start, window, partition),
    record(partition, start + sizeMs * 0.95, { event_type: 'page_view', event_time: start + sizeMs * 0.9 })
  ]).flat()
}

/** One event in each partition, so far ahead that every window before it closes. */
export function flushOfShop(
  { startMs, sizeMs, graceMs, partitions }: StreamOptions,
  window: number
): RawRecord[] {
  const time = startMs + window * sizeMs + graceMs
  return Array.from({ length: partitions }, (_, partition) =>
    record(partition, time, { event_type: 'page_view', event_time: time })
  )
}

function recordsOf(options: StreamOptions, start: number, window: number, partition: number): RawRecord[] {
  const { seed, sizeMs, graceMs, outage, sessions = 4 } = options
  const isOut = outage !== undefined && window >= outage.from && window < outage.to
  const drawn = Array.from({ length: sessions }, (_, index): RawRecord[] => {
    const name = `${seed}-${window}-${partition}-${index}`
    const number = (what: string) => draw(name, what)
    const at = start + Math.floor(number('at') * sizeMs * 0.9)
    const event = (event_type: string, fields: object = {}): RawRecord => {
      const event_time = at - Math.floor(number(event_type) * graceMs * 0.9)
      return record(partition, at, { event_type, event_time, session_id: name, ...fields })
    }
    const price = {
      price: Math.floor(number('price') * 10_000) / 100,
      quantity: 1 + Math.floor(number('q') * 3)
    }
    const currency = ['USD', 'USD', 'GBP', 'SEK'][Math.floor(number('currency') * 4)]
    const odd = number('odd')
    return [
      event('page_view'),
      event('add_to_cart', odd < 0.05 ? {} : price),
      event('checkout_started', price),
      ...(isOut ? [] : [event('purchase', { ...price, currency, order_id: `o-${name}` })]),
      ...(odd < 0.1 ? [{ ...event('page_view'), value: `{"broken": ${index}` }] : []),
      ...(odd > 0.95 ? [record(partition, at, { event_type: 'search', event_time: at - 20 * sizeMs })] : [])
    ]
  })
  return drawn.flat().sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0))
}

const record = (partition: number, timestamp: number, event: object): RawRecord => ({
  partition,
  timestamp: Math.floor(timestamp),
  value: JSON.stringify(event)
})
