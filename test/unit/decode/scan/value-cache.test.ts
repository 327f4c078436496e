import { expect, test } from 'vitest'
import { ValueCache } from '../../../../src/decode/scan/value-cache.ts'

/** How many of the values are known when they come for the third time; they stand in a record, each before the same. */
function knownOf(values: readonly string[]): number {
  const cache = new ValueCache<string>()
  let known = 0
  for (let round = 1; round <= 3; round++)
    for (const value of values) {
      const bytes = Buffer.from(`{"a":${value},"device":"mobile","country":"DE"}`)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const isFound = cache.find(view, 5, bytes.length)
      if (isFound)
        expect([cache.value, cache.end, cache.isNumber]).toEqual([
          value,
          5 + value.length,
          !value.startsWith('"')
        ])
      else cache.keep(view, 5, 5 + value.length, bytes.length, value, !value.startsWith('"'))
      if (isFound && round === 3) known++
    }
  return known / values.length
}

const numbered = (before: string, count: number) =>
  Array.from({ length: count }, (_, index) => `"${before}${index}"`)

test.each([
  ['countries', ['"DE"', '"FR"', '"US"', '"GB"', '"NL"', '"Österreich"']],
  ['names that begin alike', numbered('value-', 100)],
  ['names that begin alike for long', numbered('electronics.smartphones.', 100)],
  [
    'catalogues beside each other',
    [...numbered('electronics.', 40), ...numbered('apparel.shoes.', 40), '"toys"']
  ],
  ['numbers', Array.from({ length: 100 }, (_, index) => `${44_600_000 + index}`)]
])('most of %s are known when they come again', (_, values) => {
  expect(knownOf(values)).toBeGreaterThan(0.8)
})

test('a value that begins as a known one is another', () => {
  expect(knownOf(['123', '1234', '12345', '"abc"', '"abcd"', '"abc\\""'])).toBeGreaterThan(0)
})

test('values of over 64 bytes, or next to the end of the bytes, are read anew', () => {
  expect(knownOf([`"${'x'.repeat(70)}"`])).toBe(0)
  const cache = new ValueCache<string>()
  const bytes = Buffer.from('{"a":"bc"}')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  cache.keep(view, 5, 9, bytes.length, 'bc', false)
  expect(cache.find(view, 5, bytes.length)).toBe(false)
})
