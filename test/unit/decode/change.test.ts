import { describe, expect, test } from 'vitest'
import { native } from '../../../src/decode/layouts/native.ts'
import type { Structure } from '../../../src/decode/structure.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const decodeBy = (structure?: Structure) =>
  createCheckedDecode({
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

describe('changes that others than Debezium tell of', () => {
  const maxwell = (type: string, more: object = {}) => ({
    database: 'shop',
    table: 'orders',
    type,
    ts: 1_795_255_201,
    xid: 23,
    data: row,
    ...more
  })
  const dms = (operation: string, more: object = {}) => ({
    data: row,
    metadata: {
      timestamp: '2026-11-21T10:00:01.000000Z',
      'record-type': 'data',
      operation,
      'schema-name': 'shop',
      'table-name': 'orders',
      ...more
    }
  })

  test.each([
    ['an insert of Maxwell', maxwell('insert'), 'purchase'],
    ['a row that Maxwell reads at its start', maxwell('bootstrap-insert'), 'purchase'],
    ['an update of Maxwell', maxwell('update', { old: { total: '9.00' } }), 'unknown'],
    ['an insert of AWS DMS', dms('insert'), 'purchase'],
    ['a row that AWS DMS loads', dms('load'), 'purchase'],
    ['an update of AWS DMS', dms('update'), 'unknown']
  ])('%s is its row', (_, record, type) => {
    expect(decode(bytes(record))).toMatchObject({
      kind: 'event',
      event: { type, orderId: '71', amount: 125_000, eventTime: row.created_at, faults: 0 }
    })
  })

  test.each([
    ['a row that Maxwell deletes', maxwell('delete'), 'row_deleted'],
    ['a row that AWS DMS deletes', dms('delete'), 'row_deleted'],
    [
      'a table that Maxwell alters',
      { database: 'shop', table: 'orders', type: 'table-alter', ts: 1, def: {} },
      'no_events'
    ],
    ['the start of a bootstrap', maxwell('bootstrap-start', { data: {} }), 'no_events'],
    [
      'a table that AWS DMS creates',
      { metadata: dms('create-table', { 'record-type': 'control' }).metadata },
      'no_events'
    ]
  ])('%s is left out', (_, record, reason) => {
    expect(decode(bytes(record))).toEqual({ kind: 'skipped', reason })
  })

  test('the time of the change is that of a row without its own, and not of a snapshot', () => {
    const { created_at: _, ...timeless } = row
    const timeOf = (record: object) => {
      const decoded = decode(bytes(record))
      return decoded.kind === 'event' ? decoded.event.eventTime : decoded
    }
    expect(timeOf(maxwell('insert', { data: timeless }))).toBe(1_795_255_201_000)
    expect(timeOf({ ...dms('insert'), data: timeless })).toBe(Date.UTC(2026, 10, 21, 10, 0, 1))
    expect(timeOf({ ...dms('load'), data: timeless })).toEqual({ kind: 'dead', reason: 'missing_event_time' })
  })

  test('an event with a database, or with metadata, is none of them', () => {
    const event = {
      created_at: row.created_at,
      event_type: 'c',
      id: 'o',
      total: 5,
      database: 'x',
      metadata: { a: 1 }
    }
    expect(decode(bytes(event))).toMatchObject({ kind: 'event', event: { orderId: 'o' } })
  })
})
