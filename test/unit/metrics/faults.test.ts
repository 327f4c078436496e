import { expect, test } from 'vitest'
import { type Fault, faultBits, type ShopEvent } from '../../../src/decode/types.ts'
import { segmentsOf } from '../../support/segments-of.ts'
import { shopEvent } from '../../support/shop-event.ts'

const event = (type: ShopEvent['type'], orderId: string | undefined, ...faults: readonly Fault[]) =>
  shopEvent(0, { type, orderId, faults: faults.reduce((sum, fault) => sum | faultBits[fault], 0) })

/** Numerator, denominator and squares of the rows of types, from partitions of these events. */
function rowsOf(...partitions: readonly (readonly ShopEvent[])[]) {
  const rows = segmentsOf(...partitions).filter(({ dimension }) => dimension === 'event_type')
  return Object.fromEntries(
    rows.map(({ metric, segment, numerator, denominator, squares }) => [
      `${metric}{${segment}}`,
      [numerator, denominator, squares]
    ])
  )
}

test('faults of money are counted of each type apart, over all partitions, and of each order together', () => {
  expect(
    rowsOf(
      [
        event('purchase', 'a', 'missing_price'),
        event('purchase', 'a', 'missing_price'),
        event('purchase', 'a', 'missing_price'),
        event('purchase', 'b', 'missing_price'),
        event('purchase', 'c'),
        event('checkout_started', undefined, 'invalid_currency'),
        event('page_view', undefined, 'invalid_field')
      ],
      [event('purchase', 'b', 'missing_price'), event('purchase', 'd', 'negative_price', 'invalid_quantity')]
    )
  ).toEqual({
    'missing_price_rate{event_type=checkout_started}': [0, 1, 0],
    'missing_price_rate{event_type=purchase}': [5, 7, 3 ** 2 + 2 ** 2],
    'negative_price_rate{event_type=purchase}': [1, 7, 1],
    'invalid_quantity_rate{event_type=purchase}': [1, 7, 1],
    'invalid_currency_rate{event_type=checkout_started}': [1, 1, 1]
  })
})

test('a window without events that need a price has no rows of types', () => {
  expect(rowsOf([event('page_view', undefined, 'invalid_field')])).toEqual({})
})
