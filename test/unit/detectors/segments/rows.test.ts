import { expect, test } from 'vitest'
import { columnOf, firstValue, shop, whole } from '../../../../detectors/segments/columns.ts'
import { createReadRow } from '../../../../detectors/segments/rows.ts'
import { createTopValues } from '../../../../detectors/segments/top-values.ts'
import type { MetricValue, SegmentValue, WindowMetrics } from '../../../../src/metrics/types.ts'
import type { Segment } from '../../../../src/window/segment.ts'

const count = (number: number): MetricValue => ({
  value: number,
  numerator: number,
  denominator: 1,
  sampleSize: number,
  squares: 0
})
const events = (value: string, number: number): SegmentValue => ({
  metric: 'events',
  dimension: 'country',
  segment: `country=${value}`,
  ...count(number)
})
const bought = (value: string, money: number, orders: number): readonly SegmentValue[] => [
  { ...events(value, orders), metric: 'orders' },
  { ...events(value, money), metric: 'revenue' }
]
const window: WindowMetrics = {
  start: 0,
  end: 60_000,
  complete: true,
  records: 100,
  values: new Map([
    ['events', count(100)],
    ['orders', count(8)],
    ['revenue', count(500)]
  ]),
  segments: []
}

function reader() {
  const slots = createTopValues<Segment>(8, () => undefined)
  const read = createReadRow('country', slots, firstValue + 8)
  return (values: readonly SegmentValue[], index: number) => {
    const row = read(values, window, index)
    const at = (place: number) => [
      row[columnOf(place, 'events')],
      row[columnOf(place, 'orders')],
      row[columnOf(place, 'money')]
    ]
    return {
      shop: at(shop),
      whole: at(whole),
      of: (value: string) => at(firstValue + (slots.find(`country=${value}`) as number))
    }
  }
}

test('a row has the shop, the dimension with all that is left out, and each value', () => {
  const row = reader()([events('DE', 40), ...bought('DE', 120, 3), events('US', 30), events('other', 5)], 0)
  expect(row.shop).toEqual([100, 8, 500])
  expect(row.whole).toEqual([75, 3, 120])
  expect(row.of('DE')).toEqual([40, 3, 120])
  expect(row.of('US')).toEqual([30, 0, 0])
})

test('a known value that is absent had nothing', () => {
  const read = reader()
  read([events('DE', 40), events('US', 30)], 0)
  expect(read([events('DE', 40)], 1).of('US')).toEqual([0, 0, 0])
})

test('one that may be among those left out had at most as much as the least that was kept', () => {
  const read = reader()
  read([events('DE', 40), events('US', 30)], 0)
  const row = read([events('DE', 6), events('FR', 4), events('other', 50), ...bought('other', 90, 2)], 1)
  expect(row.of('US')).toEqual([4, 2, 90])
  expect(row.whole).toEqual([60, 2, 90])
})

test('a dimension has no place for what is left out', () => {
  const read = reader()
  read([events('DE', 40), events('other', 3)], 0)
  expect(read([events('DE', 40)], 1).whole).toEqual([40, 0, 0])
})
