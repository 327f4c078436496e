import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Layout } from '../../../src/decode/layout.ts'
import { contractFields } from '../../../src/decode/layout.ts'
import { native } from '../../../src/decode/layouts/native.ts'
import type { DecodeOptions } from '../../../src/decode/types.ts'
import { createCheckedDecode } from '../../support/decoding.ts'
import { tries } from '../../support/tries.ts'

const options: DecodeOptions = { currency: 'USD', knownCurrencies: new Set(['EUR']), maxBytes: 1_000_000 }
const decode = createCheckedDecode(options)

const value = fc.oneof(
  fc.constantFrom('2026-11-21T10:00:00Z', 'purchase', 'USD', '', null, true, -1, 'paypal', '7'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constant({}),
  fc.constant([])
)
const record = fc.record(
  {
    ...Object.fromEntries(contractFields.map(field => [field, value])),
    event_time: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('2026-11-21T10:00:00Z', 1, '2026-11-21 10:00:00 UTC') },
      value
    ),
    event_type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('purchase', 'search') }, value)
  },
  { requiredKeys: ['event_time', 'event_type'] }
)

const movedTo = (path: (field: string) => readonly string[]): Layout => ({
  ...native,
  fields: Object.fromEntries(contractFields.map(field => [field, path(field)]))
})

function agree(layout: Layout, rewrite: (entries: readonly [string, unknown][]) => object): void {
  const moved = createCheckedDecode({ ...options, layout })
  fc.assert(
    fc.property(record, each => {
      const json = JSON.stringify(rewrite(Object.entries(each)))
      const expected = decode(JSON.stringify(each))
      expect(moved(json)).toStrictEqual(expected)
      expect(moved(Buffer.from(json))).toStrictEqual(expected)
    }),
    { numRuns: tries(700) }
  )
}

describe('a record of another layout gives what the contract gives', () => {
  test('where its fields have other names', () => {
    agree(
      movedTo(field => [`x_${field}`]),
      entries => Object.fromEntries(entries.map(([field, each]) => [`x_${field}`, each]))
    )
  })

  test('where they lie deep within', () => {
    agree(
      movedTo(field => [`shop.list[0]."an ${field}"`]),
      entries => ({
        shop: { list: [Object.fromEntries(entries.map(([field, each]) => [`an ${field}`, each]))] }
      })
    )
  })

  test('where they are the values of named parameters', () => {
    agree(
      movedTo(field => [`params[key=${field}].value`]),
      entries => ({ params: entries.map(([key, each]) => ({ key, value: each })) })
    )
  })

  test('where a field has several places', () => {
    agree(
      movedTo(field => [field, `never.${field}`]),
      entries => Object.fromEntries(entries)
    )
  })
})

describe('a field with several places', () => {
  const byFirst = createCheckedDecode({
    ...options,
    layout: { ...native, fields: { ...native.fields, user_id: ['member', 'guest.id', 'guest.tag'] } }
  })
  test.each([
    [{ member: 'm', guest: { id: 'g' } }, 'm'],
    [{ member: null, guest: { id: 'g', tag: 't' } }, 'g'],
    [{ member: '', guest: { tag: 't' } }, 't'],
    [{ guest: 7 }, undefined]
  ])('has the first value of %j', (fields, userId) => {
    expect(byFirst(JSON.stringify({ event_time: 1, event_type: 'search', ...fields }))).toMatchObject({
      event: { userId, faults: 0 }
    })
  })
})

describe('further fields', () => {
  const head = { event_time: 1, event_type: 'search' }

  test('are given in the order they were asked for, by parse as by template', () => {
    const extra = fc.record(
      {
        brand: fc.oneof(value, fc.string({ unit: 'grapheme', minLength: 250, maxLength: 300, size: 'max' })),
        weight: value,
        isGift: fc.oneof(fc.boolean(), value)
      },
      { requiredKeys: [] }
    )
    const byName = createCheckedDecode({ ...options, extraFields: ['weight', 'brand', 'isGift'] })
    fc.assert(
      fc.property(extra, fields => {
        const json = JSON.stringify({ ...head, ...fields })
        const parsed = byName(json)
        expect(byName(Buffer.from(json))).toStrictEqual(parsed)
        expect(byName(Buffer.from(json))).toStrictEqual(parsed)
        const plain = (each: unknown) =>
          typeof each === 'number'
            ? each + 0 // JSON has no -0.
            : typeof each === 'boolean'
              ? each
              : typeof each === 'string' && each !== ''
                ? each.slice(0, 200)
                : undefined
        const cut = (each: unknown) => (typeof each === 'string' ? each.slice(0, 200) : each)
        const got = parsed.kind === 'event' ? parsed.event.extra.map(cut) : []
        expect(got).toEqual([plain(fields.weight), plain(fields.brand), plain(fields.isGift)])
      }),
      { numRuns: tries(400) }
    )
  })

  test('may be nested, or fields of the contract', () => {
    const byPath = createCheckedDecode({ ...options, extraFields: ['payload.store', 'country', 'none'] })
    const bytes = Buffer.from(JSON.stringify({ ...head, country: 'DE', payload: { store: 7 } }))
    expect([byPath(bytes), byPath(bytes)]).toMatchObject(
      Array(2).fill({ event: { country: 'DE', extra: [7, 'DE', undefined] } })
    )
  })

  test('that are not asked for are one empty list for all', () => {
    const [first, second] = [decode(JSON.stringify(head)), decode(JSON.stringify(head))]
    if (first.kind !== 'event' || second.kind !== 'event') throw new Error('dead')
    expect(first.event.extra).toBe(second.event.extra)
  })
})
