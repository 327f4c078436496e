import { describe, expect, test } from 'vitest'
import type { Layout } from '../../../src/decode/layout.ts'
import { native } from '../../../src/decode/layouts/native.ts'
import { maxEventsOfRecord, type Structure } from '../../../src/decode/structure.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const decodeBy = (structure: Structure, layout: Partial<Layout> = {}) =>
  createCheckedDecode({
    currency: 'USD',
    knownCurrencies: new Set(),
    maxBytes: 1_048_576,
    layout: { ...native, ...layout, structure }
  })
const decode = decodeBy({})
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const order = { event_time: 1_795_255_200, order_id: 'o-1', price: 5 }
const view = { event_time: 1_795_255_201, event_type: 'page_view', session_id: 's-1' }

/** What each part of a record became: its type and order, or why it is none. */
function partsOf(value: Buffer | string, by = decode) {
  const decoded = by(value)
  return (decoded.kind === 'several' ? decoded.parts : [decoded]).map(part =>
    part.kind === 'event' ? [part.event.type, part.event.sessionId ?? part.event.orderId] : part
  )
}

describe('the time', () => {
  test('can stand in two fields, a date and a time of day', () => {
    const split = decodeBy({}, { fields: { ...native.fields, event_time: ['day + at'] }, timezone: 'UTC' })
    const timeOf = (day: unknown, at: unknown) => {
      const decoded = split(bytes({ ...view, event_time: undefined, day, at }))
      return decoded.kind === 'event' ? new Date(decoded.event.eventTime).toISOString() : decoded
    }
    expect(timeOf('2026-11-21', '10:11:12.345')).toBe('2026-11-21T10:11:12.345Z')
    expect(timeOf('21.11.2026', '10:11')).toBe('2026-11-21T10:11:00.000Z')
    expect(timeOf(20261121, 101112)).toBe('2026-11-21T10:11:12.000Z')
    expect(timeOf('2026-11-21', '')).toEqual({ kind: 'dead', reason: 'missing_event_time' })
  })
})

describe('the type of every record', () => {
  test('can be one word for all, by parse and by template', () => {
    const constant = decodeBy({ eventType: { constant: 'purchase' } })
    for (let times = 0; times < 3; times++)
      expect(constant(bytes(order))).toMatchObject({ event: { type: 'purchase', orderId: 'o-1', faults: 0 } })
    expect(constant(bytes({ ...order, event_type: '#1001' }))).toMatchObject({ event: { type: 'purchase' } })
  })

  test('can be a number of the shop', () => {
    const numbered = decodeBy({}, { eventTypes: { 5: 'purchase' } })
    for (let times = 0; times < 3; times++) {
      expect(numbered(bytes({ ...order, event_type: 5 }))).toMatchObject({ event: { type: 'purchase' } })
      expect(numbered(bytes({ ...order, event_type: 6 }))).toMatchObject({
        event: { type: 'unknown', typeName: '6' }
      })
    }
  })

  test('can stand in a header, of the words of the layout', () => {
    const byHeader = decodeBy(
      { eventType: { header: 'topic' } },
      { eventTypes: { 'orders/paid': 'purchase', 'orders/edited': 'other' } }
    )
    const typeOf = (headers?: Record<string, unknown>) => byHeader(bytes(order), headers)
    expect(typeOf({ topic: Buffer.from('orders/paid') })).toMatchObject({ event: { type: 'purchase' } })
    expect(typeOf({ topic: 'orders/paid' })).toMatchObject({ event: { type: 'purchase' } })
    expect(typeOf({ topic: [Buffer.from('orders/paid'), 'x'] })).toMatchObject({
      event: { type: 'purchase' }
    })
    expect(typeOf({ topic: 'orders/edited' })).toMatchObject({ event: { type: 'unknown', faults: 0 } })
    expect(typeOf({ other: 'orders/paid' })).toEqual({ kind: 'dead', reason: 'missing_event_type' })
    expect(typeOf()).toEqual({ kind: 'dead', reason: 'missing_event_type' })
  })

  test('is that of the field where the header is not there', () => {
    const byHeader = decodeBy({ eventType: { header: 'topic' } })
    expect(byHeader(bytes(view))).toMatchObject({ event: { type: 'page_view' } })
    expect(byHeader(bytes(view), { topic: 'search' })).toMatchObject({ event: { type: 'search' } })
  })
})

describe('a record of several events', () => {
  const second = { ...view, event_time: view.event_time - 60, session_id: 's-2' }
  const both = [
    ['page_view', 's-2'],
    ['page_view', 's-1']
  ]

  test.each([
    ['a list', JSON.stringify([view, second])],
    ['lines', `${JSON.stringify(view)}\n${JSON.stringify(second)}\n`],
    ['values without anything between', `${JSON.stringify(view)}${JSON.stringify(second)}`],
    ['lists on lines', `[${JSON.stringify(view)}]\r\n[${JSON.stringify(second)}]`],
    ['a list of JSON as text', JSON.stringify([JSON.stringify(view), JSON.stringify(second)])],
    ['a text of a list', JSON.stringify(JSON.stringify([view, second]))],
    ['a list in the frame of a registry', `\0\0\0\0\u0007${JSON.stringify([view, second])}`]
  ])('that is %s is each of them, in order of time', (_, text) => {
    expect(partsOf(text)).toEqual(both)
    expect(partsOf(Buffer.from(text))).toEqual(both)
  })

  test('says of each part that is none why, with the part as it would stand alone', () => {
    expect(partsOf(bytes([view, 7, { event_type: 'search' }]))).toEqual([
      ['page_view', 's-1'],
      { kind: 'dead', reason: 'not_an_object', source: '7' },
      { kind: 'dead', reason: 'missing_event_time', source: '{"event_type":"search"}' }
    ])
    expect(partsOf(`${JSON.stringify(view)}\n{"event_type":`)).toEqual([
      ['page_view', 's-1'],
      { kind: 'dead', reason: 'invalid_json', source: '{"event_type":' }
    ])
  })

  test('that has none is left out, and is dead where nothing in it is an object', () => {
    expect(decode('[]')).toEqual({ kind: 'skipped', reason: 'no_events' })
    expect(decode('[1, "a"]')).toEqual({ kind: 'dead', reason: 'not_an_object' })
    expect(decode('{"a":}\n{"b":}')).toEqual({ kind: 'dead', reason: 'invalid_json' })
  })

  test('that has too many is dead as a whole', () => {
    const many = Array.from({ length: maxEventsOfRecord }, () => ({ event_time: 1, event_type: 'search' }))
    expect(partsOf(bytes(many))).toHaveLength(maxEventsOfRecord)
    expect(decode(bytes([...many, view]))).toEqual({ kind: 'dead', reason: 'too_many_events' })
  })

  test('keeps the digits of long ids', () => {
    const text = `[{"event_time":1,"event_type":"purchase","order_id":12345678901234567891},${JSON.stringify(view)}]`
    expect(partsOf(text)).toEqual([
      ['purchase', '12345678901234567891'],
      ['page_view', 's-1']
    ])
  })

  test('may list them under a path, and each has what the record says for all but its id', () => {
    const byList = decodeBy({ eventsIn: 'data.batch[]' })
    const batch = {
      event_id: 'batch-1',
      country: 'DE',
      device: 'mobile',
      data: { batch: [view, { ...second, device: 'tablet', event_id: 'e-2' }] }
    }
    const decoded = byList(bytes(batch))
    expect(decoded).toMatchObject({
      kind: 'several',
      parts: [
        { event: { sessionId: 's-2', eventId: 'e-2', country: 'DE', device: 'tablet' } },
        { event: { sessionId: 's-1', eventId: undefined, country: 'DE', device: 'mobile' } }
      ]
    })
    expect(byList(bytes([batch, batch]))).toMatchObject({ parts: [{}, {}, {}, {}] })
    expect(byList(bytes({ data: { batch: [view] } }))).toMatchObject({ event: { sessionId: 's-1' } })
    expect(byList(bytes(view))).toMatchObject({ kind: 'event', event: { sessionId: 's-1' } })
    expect(byList(bytes({ data: { batch: [] } }))).toEqual({ kind: 'skipped', reason: 'no_events' })
  })
})

describe('records to leave out', () => {
  const ignoring = decodeBy({
    ignore: [
      { test: [true] },
      { 'client.agent': ['/bot|crawler/i'], country: ['US', 'CA'] },
      { session_id: [''] }
    ]
  })

  test.each([
    { ...view, test: true },
    { ...view, test: 'true' },
    { ...view, client: { agent: 'GoogleBot/2.1' }, country: 'CA' },
    { ...order, event_type: 'purchase' }
  ])('are those for which every condition of an entry holds: %j', record => {
    expect(ignoring(bytes(record))).toEqual({ kind: 'skipped', reason: 'ignored' })
  })

  test.each([
    { ...view, test: false },
    { ...view, test: { value: true } },
    { ...view, client: { agent: 'GoogleBot/2.1' }, country: 'DE' },
    { ...view, client: { agent: `${'x'.repeat(1_000)}bot` }, country: 'US' }
  ])('are no others: %j', record => {
    for (let times = 0; times < 2; times++) expect(ignoring(bytes(record))).toMatchObject({ kind: 'event' })
  })
})

test('a tombstone is left out', () => {
  expect(decode(null)).toEqual({ kind: 'skipped', reason: 'tombstone' })
})
