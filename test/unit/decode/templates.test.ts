import { describe, expect, test } from 'vitest'
import { layouts } from '../../../src/decode/layouts/catalogue.ts'
import { native } from '../../../src/decode/layouts/native.ts'
import type { SliceableBuffer, TemplateKeys } from '../../../src/decode/template.ts'
import { createTemplates, type ReadByTemplate, templateKeysOf } from '../../../src/decode/templates.ts'

const keys = templateKeysOf(native, []) as TemplateKeys
const bytesOf = (record: unknown): SliceableBuffer => Buffer.from(JSON.stringify(record)) as SliceableBuffer

test('the first record of a shape is parsed, the next ones are read', () => {
  const readByTemplate = createTemplates(keys)
  expect(readByTemplate(bytesOf({ price: 1 }))).toBe(undefined)
  expect(readByTemplate(bytesOf({ price: 2 }))).toMatchObject({ price: 2 })
})

test('six shapes that take turns are all kept', () => {
  const readByTemplate = createTemplates(keys)
  const shapes = Array.from({ length: 6 }, (_, i) => ({ [`k${i}`]: 0, price: i }))
  for (const shape of shapes) readByTemplate(bytesOf(shape))
  for (const shape of [...shapes, ...shapes]) {
    expect(readByTemplate(bytesOf(shape))).toMatchObject({ price: shape.price })
  }
})

test('records that leave keys out share one template, so that any number of them is read', () => {
  const readByTemplate = createTemplates(keys)
  const all = ['user_id', 'session_id', 'product_id', 'category', 'country'] as const
  const records = Array.from({ length: 32 }, (_, bits) => ({
    event_id: 'e',
    ...Object.fromEntries(all.filter((_, bit) => bits & (1 << bit)).map(key => [key, key]))
  }))
  for (const record of [...records].reverse()) readByTemplate(bytesOf(record))
  for (const record of records) expect(readByTemplate(bytesOf(record))).toMatchObject(record)
})

test('a record of over 2 KB is left to the parse', () => {
  const readByTemplate = createTemplates(keys)
  const large = bytesOf({ price: 1, note: 'x'.repeat(2_048) })
  readByTemplate(large)
  expect(readByTemplate(large)).toBe(undefined)
})

/** How many records of one shape are parsed until one is read. */
function parsedBefore(readByTemplate: ReadByTemplate): number {
  const steady = bytesOf({ price: 1 })
  let parsed = 0
  while (readByTemplate(steady) === undefined) parsed++
  return parsed
}

test('after 64 records in a row of ever new shapes, 65,536 are left to the parse, then they are tried again', () => {
  const readByTemplate = createTemplates(keys)
  for (let i = 0; i < 63; i++) readByTemplate(bytesOf({ [`k${i}`]: i }))
  expect(parsedBefore(readByTemplate)).toBe(65_537)
})

test('one that is read among those of new shapes lets them be learned on, as long as half of them are read', () => {
  const known = bytesOf({ price: 1 })
  const mixed = (unknown: number) => {
    const readByTemplate = createTemplates(keys)
    readByTemplate(known)
    for (let i = 0; i < 1_024; i++) {
      readByTemplate(i % 4 < unknown ? bytesOf({ [`k${i}`]: i }) : known)
    }
    return parsedBefore(readByTemplate)
  }
  expect(mixed(1)).toBe(0)
  expect(mixed(3)).toBeGreaterThan(60_000)
})

describe('the layouts that templates read', () => {
  test('are those with one key for each field, whatever its name', () => {
    const rees46 = templateKeysOf(layouts.rees46, ['brand']) as TemplateKeys
    const readByTemplate = createTemplates(rees46)
    const record = {
      event_time: '2019-10-01 00:00:00 UTC',
      event_type: 'view',
      price: 5,
      brand: 'aqua ü',
      user_session: 's'
    }
    expect(readByTemplate(bytesOf(record))).toBe(undefined)
    expect(readByTemplate(bytesOf(record))).toMatchObject({
      eventTimeMs: Date.UTC(2019, 9, 1),
      event_type: 'view',
      price: 5,
      session_id: 's',
      order_id: 's',
      extra: ['aqua ü']
    })
    const without = bytesOf({ event_time: '2019-10-01 00:00:00 UTC', event_type: 'view' })
    readByTemplate(without)
    expect(readByTemplate(without)).toMatchObject({
      session_id: undefined,
      order_id: undefined,
      extra: [undefined]
    })
  })

  test.each([
    ['nested paths', layouts.segment, []],
    ['several places of a field', { ...native, fields: { user_id: ['user', 'guest'] } }, []],
    ['keys beyond ASCII', { ...native, fields: { user_id: ['größe'] } }, []],
    ['microseconds', { ...native, timeUnit: 'microseconds' as const }, []],
    ['texts that stand for nothing', { ...native, absent: ['-'] }, []],
    [
      'an event time that is another field too',
      { ...native, fields: { event_time: ['t'], event_id: ['t'] } },
      []
    ],
    ['a further field that is nested', native, ['payload.store']],
    ['a further field that is one of the contract', native, ['country']],
    ['a further field that is asked for twice', native, ['brand', 'brand']]
  ])('are none with %s', (_, layout, extraFields) => {
    expect(templateKeysOf(layout, extraFields)).toBe(undefined)
  })
})
