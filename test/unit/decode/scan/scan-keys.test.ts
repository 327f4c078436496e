import { expect, test } from 'vitest'
import type { Layout } from '../../../../src/decode/layout.ts'
import { layouts } from '../../../../src/decode/layouts/catalogue.ts'
import { native } from '../../../../src/decode/layouts/native.ts'
import { createScanRecord } from '../../../../src/decode/scan/scan-record.ts'

const common = { currency: 'USD', knownCurrencies: new Set<string>(), maxBytes: 10_000 }
const scanOf = (layout: Layout, extraFields: readonly string[] = []) =>
  createScanRecord({ ...common, layout, extraFields })

test.each<[string, Layout, readonly string[]]>([
  ['the contract', native, []],
  ['the contract with further fields', native, ['brand', 'shelf']],
  ['REES46', layouts.rees46, ['brand']],
  [
    'names of a shop',
    { ...native, fields: { ...native.fields, user_id: ['"customer no."'], device: ['"a b"'] } },
    []
  ]
])('records of %s are read from their bytes', (_, layout, extraFields) => {
  expect(scanOf(layout, extraFields)).toBeDefined()
})

test.each<[string, Layout, readonly string[]]>([
  ['nested paths', layouts.segment, []],
  ['several places of a field', { ...native, fields: { user_id: ['user', 'guest'] } }, []],
  ['keys beyond ASCII', { ...native, fields: { user_id: ['größe'] } }, []],
  ['a header in place of a field', { ...native, fields: { user_id: ['header:user'] } }, []],
  ['microseconds', { ...native, timeUnit: 'microseconds' }, []],
  ['times of another zone', { ...native, timezone: 'Asia/Tokyo' }, []],
  ['texts that stand for nothing', { ...native, absent: ['-'] }, []],
  ["an order's total", { ...native, fields: { ...native.fields, order_total: ['total'] } }, []],
  ['records that are left out', { ...native, structure: { ignore: [{ test: [true] }] } }, []],
  ['one type for all', { ...native, structure: { eventType: { constant: 'purchase' } } }, []],
  ['a list of events', { ...native, structure: { eventsIn: 'hits[]' } }, []],
  [
    'an event time that is another field too',
    { ...native, fields: { event_time: ['t'], event_id: ['t'] } },
    []
  ],
  ['a price that is an id too', { ...native, fields: { price: ['x'], order_id: ['x'] } }, []],
  ['a further field that is nested', native, ['payload.store']],
  ['a further field that is one of the contract', native, ['country']],
  ['a further field that is asked for twice', native, ['brand', 'brand']],
  ['more keys than there are bits', native, Array.from({ length: 18 }, (_, index) => `further${index}`)]
])('records with %s are parsed', (_, layout, extraFields) => {
  expect(scanOf(layout, extraFields)).toBeUndefined()
})

test('an event keeps nothing of the one before it', () => {
  const scan = scanOf(native, ['brand'])
  const read = (record: object) => {
    const bytes = Buffer.from(
      JSON.stringify({ event_time: '2026-11-20T08:00:00Z', event_type: 'purchase', ...record })
    )
    return scan?.(bytes, 0, bytes.length)
  }
  const full = {
    user_id: 'u',
    session_id: 's',
    order_id: 'o',
    event_id: 'e',
    price: 5,
    quantity: 2,
    currency: 'EUR',
    country: 'DE'
  }
  expect(read({ ...full, brand: 'aqua' })).toMatchObject({ userId: 'u', quantity: 2, extra: ['aqua'] })
  expect(read({})).toMatchObject({
    ...{
      userId: undefined,
      sessionId: undefined,
      orderId: undefined,
      eventId: undefined,
      country: undefined
    },
    prints: new Float64Array(4),
    ...{ amount: undefined, quantity: 1, currency: 'USD', extra: [undefined] }
  })
})
