import { expect, test } from 'vitest'
import { type ContractField, contractFields } from '../../../src/decode/layout.ts'
import type { ShopEvent } from '../../../src/decode/types.ts'
import { segmentsOf } from '../../support/segments-of.ts'
import { shopEvent } from '../../support/shop-event.ts'

const bits = (...fields: readonly ContractField[]) =>
  fields.reduce((sum, field) => sum | (1 << contractFields.indexOf(field)), 0)

const event = (
  type: ShopEvent['type'],
  fields: readonly ContractField[],
  numeric: readonly ContractField[]
) => shopEvent(0, { type, present: bits(...fields), numeric: bits(...numeric) })

/** Numerator and denominator of the rows of fields, from partitions of these events. */
function fieldsOf(...partitions: readonly (readonly ShopEvent[])[]) {
  const rows = segmentsOf(...partitions)
  return Object.fromEntries(
    rows.map(({ metric, segment, numerator, denominator }) => [
      `${metric}{${segment}}`,
      [numerator, denominator]
    ])
  )
}

test('a field is asked of the events whose types usually carry it, over all partitions', () => {
  const rows = fieldsOf(
    [
      event('purchase', ['event_time', 'price', 'country'], ['price']),
      event('purchase', ['event_time', 'price'], []),
      event('add_to_cart', ['event_time'], []),
      event('page_view', ['event_time', 'price', 'country'], ['price'])
    ],
    [event('purchase', ['event_time', 'price'], ['price'])]
  )
  expect(rows['field_rate{field=price}']).toEqual([3, 4])
  expect(rows['field_number_rate{field=price}']).toEqual([2, 3])
  expect(rows['field_rate{field=country}']).toEqual([2, 5])
  expect(rows['field_rate{field=event_time}']).toEqual([5, 5])
  expect(rows['field_number_rate{field=event_time}']).toEqual([0, 5])
  expect(rows['field_rate{field=order_id}']).toEqual([0, 3])
})

test('a field that no event could have, or had, says nothing', () => {
  const rows = fieldsOf([event('page_view', ['event_time'], [])])
  expect(rows['field_rate{field=price}']).toBeUndefined()
  expect(rows['field_rate{field=user_id}']).toEqual([0, 1])
  expect(rows['field_number_rate{field=user_id}']).toBeUndefined()
  expect(fieldsOf()).toEqual({})
})
