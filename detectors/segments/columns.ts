import type { SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'

/** What is followed of every segment: events, orders and their money. */
export const quantities = ['events', 'orders', 'money'] as const
export type Quantity = (typeof quantities)[number]

const indexOf: Readonly<Record<Quantity, number>> = { events: 0, orders: 1, money: 2 }

/** Places of a row: the whole shop, all of the dimension, then one for each value. */
export const shop = 0
export const whole = 1
export const firstValue = 2

/** From one place's column to that of the next. */
export const stride = quantities.length

/** The first column counts windows. */
export const windowsColumn = 0

export const columnOf = (place: number, quantity: Quantity): number => 1 + stride * place + indexOf[quantity]

export const columnsOf = (places: number): number => 1 + stride * places

/** Counts beyond a dimension's bound, under the name of no value. */
export const otherOf = (dimension: string): string => `${dimension}=other`

/** Adds a segment's number to a place of the row, where it is one that is followed. */
export function addValue(row: Float64Array, place: number, { metric, numerator }: SegmentValue): void {
  if (metric === 'events') add(row, columnOf(place, 'events'), numerator)
  else if (metric === 'orders') add(row, columnOf(place, 'orders'), numerator)
  else if (metric === 'revenue') add(row, columnOf(place, 'money'), numerator)
}

/** The place that a column is of. */
export const columnIndexOf = (column: number): number => Math.floor((column - 1) / stride)

export function addShop(row: Float64Array, { values }: WindowMetrics): void {
  add(row, windowsColumn, 1)
  add(row, columnOf(shop, 'events'), values.get('events')?.numerator ?? 0)
  add(row, columnOf(shop, 'orders'), values.get('orders')?.numerator ?? 0)
  add(row, columnOf(shop, 'money'), values.get('revenue')?.numerator ?? 0)
}

function add(row: Float64Array, column: number, value: number): void {
  row[column] = (row[column] as number) + value
}
