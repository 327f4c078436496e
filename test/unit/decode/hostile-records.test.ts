import { describe, expect, test } from 'vitest'
import { layouts } from '../../../src/decode/layouts/catalogue.ts'
import type { Decoded } from '../../../src/decode/types.ts'
import { hostileClasses, hostileRecords, type MakeHostile } from '../../generators/hostile.ts'
import { createCheckedDecode } from '../../support/decoding.ts'
import { type Fact, factOfEvent, factOfValue } from '../../support/recount-facts.ts'

const options = { currency: 'USD', knownCurrencies: new Set<string>(), maxBytes: 1_048_576 }
const time = Date.UTC(2026, 10, 21, 10)
const pricedTypes = ['purchase', 'add_to_cart', 'checkout_started']
const knownTypes = [...pricedTypes, 'page_view', 'search', 'product_view', 'remove_from_cart', 'refund']

/** What both know of an event. */
const shared = (fact: Fact | undefined) =>
  fact && {
    ...fact,
    type: knownTypes.includes(fact.type) ? fact.type : 'unknown',
    hasPrice: fact.hasPrice || !pricedTypes.includes(fact.type)
  }
const factOf = (decoded: Decoded) =>
  decoded.kind === 'event' ? shared(factOfEvent(decoded.event)) : undefined

const cases = Object.entries(hostileClasses).flatMap(([size, classes]) =>
  Object.entries(classes).map(([name, make]) => ({
    name,
    make,
    count: { small: 60, deep: 2, large: 1 }[size]
  }))
)
const recordsOf = (name: string, make: MakeHostile, count = 0) =>
  [...hostileRecords(1, count, index => time + index, { [name]: make })].map(({ value }) => value)

describe.each(cases)('records with $name', ({ name, make, count }) => {
  const records = recordsOf(name, make, count)

  test('are dead, or count, as the recount says, however they are read', () => {
    const decode = createCheckedDecode(options)
    for (const value of [...records, ...records]) {
      const expected = shared(factOfValue(value, options))
      const decoded = decode(value)
      expect(factOf(decoded), value?.toString('latin1', 0, 2_000)).toEqual(expected)
      // As text, which no template reads; what is no UTF-8 is longer there.
      if (value !== null && value[0] !== 0 && value.length * 3 < options.maxBytes)
        expect(decode(value.toString())).toEqual(decoded)
    }
  })

  test.each(Object.entries(layouts))('leave the decoder of the layout %s as it was', (_, layout) => {
    const decode = createCheckedDecode({ ...options, layout })
    for (const value of records.slice(0, 15)) expect(decode(value)).toEqual(decode(value))
    expect(Object.getOwnPropertyNames({}.constructor.prototype)).not.toContain('category')
  })
})
