import { expect, test } from 'vitest'
import type { Layout } from '../../../src/decode/layout.ts'
import { native } from '../../../src/decode/layouts/native.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const decodeBy = (fields: Layout['fields'] = {}, extraFields: readonly string[] = []) =>
  createCheckedDecode({
    currency: 'USD',
    knownCurrencies: new Set(),
    maxBytes: 10_000,
    layout: { ...native, fields: { ...native.fields, ...fields } },
    extraFields
  })
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const at = 1_795_255_200_000
/** As KafkaJS gives headers. */
const cloud = {
  ce_specversion: Buffer.from('1.0'),
  ce_id: Buffer.from('e-7'),
  ce_type: Buffer.from('purchase'),
  ce_source: Buffer.from('/shop/de'),
  ce_time: Buffer.from(new Date(at).toISOString())
}

test('a CloudEvent in binary mode has its time, type and id in headers', () => {
  const decode = decodeBy()
  for (let times = 0; times < 3; times++)
    expect(decode(bytes({ order_id: 'o-1', price: 5 }), cloud)).toMatchObject({
      kind: 'event',
      event: { type: 'purchase', eventTime: at, eventId: 'e-7', orderId: 'o-1', amount: 50_000, faults: 0 }
    })
})

test('what the event itself says comes first, and an event without those headers is as before', () => {
  const decode = decodeBy()
  const own = { event_time: at + 1, event_type: 'page_view', event_id: 'own' }
  const expected = { event: { type: 'page_view', eventTime: at + 1, eventId: 'own' } }
  expect(decode(bytes(own), cloud)).toMatchObject(expected)
  expect(decode(bytes(own), {})).toMatchObject(expected)
  expect(decode(bytes({ price: 5 }), { ce_time: cloud.ce_time })).toEqual({
    kind: 'dead',
    reason: 'missing_event_time'
  })
})

test('several events of one record share the time and the type, and not the id', () => {
  const decoded = decodeBy()(bytes([{ price: 5 }, { price: 6 }]), cloud)
  expect(decoded).toMatchObject({
    kind: 'several',
    parts: [
      { event: { type: 'purchase', eventTime: at, eventId: undefined } },
      { event: { type: 'purchase', eventTime: at, eventId: undefined } }
    ]
  })
})

test('a header is a place of a field like any other', () => {
  const decode = decodeBy(
    {
      country: ['country', 'header:ce_source'],
      user_id: ['"header:x.user id"'],
      device: ['header:app + os']
    },
    ['header:tenant']
  )
  const headers = {
    ce_source: '/shop/de',
    'x.user id': Buffer.from('u-1'),
    app: ['ios', 'web'],
    tenant: 'north'
  }
  const event = { event_time: at, event_type: 'page_view', os: '26' }
  expect(decode(bytes(event), headers)).toMatchObject({
    event: { country: '/shop/de', userId: 'u-1', device: 'ios.26', extra: ['north'], faults: 0 }
  })
  expect(decode(bytes({ ...event, country: 'DE' }), headers)).toMatchObject({ event: { country: 'DE' } })
  expect(decode(bytes(event))).toMatchObject({
    event: { country: undefined, userId: undefined, device: undefined, extra: [undefined] }
  })
})
