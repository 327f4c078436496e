import type { SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import { addShop, addValue, columnOf, columnsOf, firstValue, otherOf, shop, whole } from './columns.ts'
import type { TopValues } from './top-values.ts'

/** A window's numbers of one dimension, column by column; the row holds until the next call. */
export type ReadRow = (values: readonly SegmentValue[], window: WindowMetrics, index: number) => Float64Array

/**
 * A known value that is absent had nothing; but where some were left out as `other`, it may be among them: it is then
 * taken for as much as it can have had at most, so that it is never mistaken for one that fell.
 */
export function createReadRow(dimension: string, slots: TopValues, places: number): ReadRow {
  const row = new Float64Array(columnsOf(places))
  const other = otherOf(dimension)
  const rest = new Float64Array(columnsOf(1))

  function leftOut(index: number, leastKept: number): void {
    const orders = rest[columnOf(shop, 'orders')] as number
    const money = rest[columnOf(shop, 'money')] as number
    const most = Math.min(leastKept, rest[columnOf(shop, 'events')] as number)
    const mostOrders = Math.min(most, orders)
    for (let slot = 0; slot < slots.size(); slot += 1) {
      if (slots.seenAt(slot) === index) continue
      row[columnOf(firstValue + slot, 'events')] = most
      row[columnOf(firstValue + slot, 'orders')] = mostOrders
      row[columnOf(firstValue + slot, 'money')] = orders > 0 ? (mostOrders * money) / orders : 0
    }
  }

  return function readRow(values, window, index) {
    row.fill(0)
    rest.fill(0)
    addShop(row, window)
    let leastKept = Number.POSITIVE_INFINITY
    let hasOther = false
    for (const value of values) {
      addValue(row, whole, value)
      if (value.segment === other) {
        hasOther = true
        addValue(rest, shop, value)
        continue
      }
      const place = firstValue + slots.take(value.segment, index)
      addValue(row, place, value)
      if (value.metric === 'events') leastKept = Math.min(leastKept, value.numerator)
    }
    if (hasOther) leftOut(index, leastKept)
    return row
  }
}
