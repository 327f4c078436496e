import { describe, expect, test } from 'vitest'
import { createDecode } from '../../../src/decode/decode.ts'
import { native } from '../../../src/decode/layouts/native.ts'
import type { Structure } from '../../../src/decode/structure.ts'

const decodeBy = (structure?: Structure) =>
  createDecode({
    currency: 'USD',
    knownCurrencies: new Set(),
    maxBytes: 10_000,
    layout: {
      ...native,
      fields: { ...native.fields, event_time: ['created_at'], order_id: ['id'], price: ['total'] },
      eventTypes: { c: 'purchase', r: 'purchase', u: 'other' },
      structure
    }
  })
const decode = decodeBy()

const row = { id: 71, total: '12.50', created_at: 1_795_255_200_000 }
const source = { connector: 'postgresql', table: 'orders', ts_ms: 1_795_255_201_000 }
const change = (op: string, more: object = {}) => ({
  before: null,
  after: row,
  source,
  op,
  ts_ms: 1_795_255_202_000,
  ...more
})
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

describe('a change of a row', () => {
  test.each([
    ['c', 'purchase'],
    ['r', 'purchase'],
    ['u', 'unknown']
  ])('is the row as it is after it, and its operation %s is the type', (op, type) => {
    expect(decode(bytes(change(op)))).toMatchObject({
      kind: 'event',
      event: { type, orderId: '71', amount: 125_000, eventTime: 1_795_255_200_000, faults: 0 }
    })
  })

  test('comes with a schema, in a list, or with the row as text', () => {
    const expected = decode(bytes(change('c')))
    expect(decode(bytes({ schema: { type: 'struct' }, payload: change('c') }))).toEqual(expected)
    expect(decode(bytes([change('c')]))).toEqual(expected)
    expect(decode(bytes(change('c', { after: JSON.stringify(row) })))).toEqual(expected)
  })

  test('that deletes is left out', () => {
    const deleted = { kind: 'skipped', reason: 'row_deleted' }
    expect(decode(bytes(change('d', { before: row, after: null })))).toEqual(deleted)
    expect(decode(bytes(change('t', { after: null })))).toEqual(deleted)
  })

  test('has the time of the change if the row has none, but not that of a snapshot', () => {
    const untimed = { after: { id: 71, total: 1 } }
    expect(decode(bytes(change('c', untimed)))).toMatchObject({ event: { eventTime: 1_795_255_201_000 } })
    expect(decode(bytes(change('c', { ...untimed, source: {} })))).toMatchObject({
      event: { eventTime: 1_795_255_202_000 }
    })
    expect(decode(bytes(change('r', untimed)))).toEqual({ kind: 'dead', reason: 'missing_event_time' })
  })

  test('counts once where the type is constant: when the row comes', () => {
    const constant = decodeBy({ eventType: { constant: 'purchase' } })
    expect(constant(bytes(change('c')))).toMatchObject({ event: { type: 'purchase' } })
    expect(constant(bytes(change('u')))).toEqual({ kind: 'skipped', reason: 'row_updated' })
  })

  test.each([
    { ...row, op: 'c' },
    { ...row, op: 'c', after: row },
    { ...change('c'), op: 'x' }
  ])('is told by all of its keys: %j is a record', record => {
    expect(decode(bytes({ ...record, event_type: 'c' }))).not.toMatchObject({
      event: { amount: 125_000, orderId: '71', eventTime: 1_795_255_201_000 }
    })
  })
})
