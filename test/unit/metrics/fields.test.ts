import { expect, test } from 'vitest'
import { type ContractField, contractFields } from '../../../src/decode/layout.ts'
import type { ShopEvent } from '../../../src/decode/types.ts'
import { fieldDimension } from '../../../src/metrics/fields.ts'
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
  const rows = segmentsOf(...partitions).filter(({ dimension }) => dimension === fieldDimension)
  return Object.fromEntries(
    rows.map(({ metric, segment, numerator, denominator }) => [
      `${metric}{${segment}}`,
      [numerator, denominator]
    ])
  )
}

test('a field is counted among the events of each type, over all partitions', () => {
  const rows = fieldsOf(
    [
      event('purchase', ['event_time', 'event_type', 'price', 'country'], ['price']),
      event('purchase', ['event_time', 'event_type', 'price'], []),
      event('add_to_cart', ['event_time', 'event_type'], []),
      event('page_view', ['event_time', 'event_type', 'price', 'country'], ['price'])
    ],
    [event('purchase', ['event_time', 'event_type', 'price'], ['price'])]
  )
  expect(rows).toEqual({
    'field_rate{field=event_type × event_type=page_view}': [1, 1],
    'field_rate{field=price × event_type=page_view}': [1, 1],
    'field_number_rate{field=price × event_type=page_view}': [1, 1],
    'field_rate{field=country × event_type=page_view}': [1, 1],
    'field_rate{field=event_type × event_type=add_to_cart}': [1, 1],
    'field_rate{field=event_type × event_type=purchase}': [3, 3],
    'field_rate{field=price × event_type=purchase}': [3, 3],
    'field_number_rate{field=price × event_type=purchase}': [2, 3],
    'field_rate{field=country × event_type=purchase}': [1, 3]
  })
})

test('a type that no record says, as of a topic with one type, is counted too', () => {
  expect(fieldsOf([event('page_view', ['event_time'], [])])).toEqual({
    'field_rate{field=event_type × event_type=page_view}': [0, 1]
  })
  expect(fieldsOf()).toEqual({})
})
