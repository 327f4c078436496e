import { expect, test } from 'vitest'
import { createUnknownTypesWatch, type UnknownTypesNotice } from '../../../src/decode/unknown-types.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const decode = createCheckedDecode({ currency: 'USD', knownCurrencies: new Set(), maxBytes: 1_000_000 })

function noticesOf(records: readonly unknown[], sampleSize: number): (UnknownTypesNotice | undefined)[] {
  const watch = createUnknownTypesWatch(sampleSize)
  return records.map(record => {
    const value = Buffer.from(JSON.stringify(record))
    return watch.observe(decode(value), { value })
  })
}
const known = { event_type: 'page_view', event_time: 1 }
const strange = { event_type: 'PageViewed', event_time: 1, sku: 7 }

test('a stream of strange types is told of once, at the end of the sample', () => {
  const notices = noticesOf(
    [known, strange, { ...strange, event_type: 'Bought' }, strange, strange, strange],
    4
  )
  expect(notices).toEqual([
    undefined,
    undefined,
    undefined,
    { records: 4, unknown: 3, types: ['PageViewed', 'Bought'], fields: ['event_type', 'event_time', 'sku'] },
    undefined,
    undefined
  ])
})

test('half of the records being unknown is not told of', () => {
  expect(
    noticesOf([known, strange, known, strange, strange, strange], 4).every(notice => notice === undefined)
  ).toBe(true)
})

test('records that name their type or time differently are unknown too', () => {
  expect(
    noticesOf(
      [
        { type: 'purchase', event_time: 1 },
        { name: 'purchase', ts: 1 }
      ],
      2
    )[1]
  ).toEqual({
    records: 2,
    unknown: 2,
    types: [],
    fields: ['type', 'event_time', 'name', 'ts']
  })
})

test('records that are no events for another reason, and oversized ones, are counted and not looked into', () => {
  const watch = createUnknownTypesWatch(2)
  expect(watch.observe({ kind: 'dead', reason: 'invalid_json' }, { value: '{' })).toBe(undefined)
  expect(watch.isDone).toBe(false)
  const large = JSON.stringify({ ...strange, note: 'x'.repeat(70_000) })
  expect(watch.observe(decode(large), { value: large })).toBe(undefined)
  expect(watch.isDone).toBe(true)
})

test('what is remembered is bounded in number and length', () => {
  const records = Array.from({ length: 100 }, (_, i) => ({
    event_type: `t${i}`,
    event_time: 1,
    [`f${i}`.repeat(50)]: 1
  }))
  const notice = noticesOf(records, 100).at(-1)
  expect(notice?.types).toHaveLength(40)
  expect(notice?.fields).toHaveLength(40)
  expect(Math.max(...(notice?.fields ?? []).map(name => name.length))).toBe(64)
})
