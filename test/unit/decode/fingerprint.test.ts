import { describe, expect, test } from 'vitest'
import { fingerprint } from '../../../src/decode/fingerprint.ts'
import { idPrint } from '../../../src/decode/id-print.ts'

describe.each([
  ['a fingerprint', fingerprint],
  ["an id's print", idPrint]
])('%s', (_, printOf) => {
  test('is an integer of 53 bits, never 0, and the same for the same text', () => {
    for (const text of ['', 'a', 'session-1', 'ä'.repeat(300), '\u0000']) {
      const print = printOf(text)
      expect(Number.isSafeInteger(print) && print > 0).toBe(true)
      expect(printOf(`${text}`)).toBe(print)
    }
  })

  test('is its own of names that differ in little, in any lower bits that are looked at', () => {
    const names = Array.from({ length: 200_000 }, (_, index) => `s-1-${index.toString(36)}`)
    const prints = names.map(printOf)
    expect(new Set(prints).size).toBe(200_000)
    const counts = new Uint32Array(256)
    for (const print of prints) counts[print % 256] = (counts[print % 256] as number) + 1
    // 781 each, and no further from it than five standard deviations.
    expect(Math.min(...counts)).toBeGreaterThan(641)
    expect(Math.max(...counts)).toBeLessThan(921)
  })

  test.each([
    ['a and a with a zero behind it', 'a', 'a\u0000'],
    ['texts whose units would meet in a word', '\u0141\u0041\u0041\u0041', '\u0041\u0042\u0041\u0041'],
    ['the same words in another order', 'aaaabbbb', 'bbbbaaaa'],
    ['a text beyond ASCII and its bytes as Latin-1', 'ü', Buffer.from('ü').toString('latin1')]
  ])('differs of %s', (_, one, other) => {
    expect(printOf(one)).not.toBe(printOf(other))
  })
})

// Stores keep fingerprints of orders: with others, an order would count again after an upgrade.
test.each([
  ['', 6_702_561_005_715_619],
  ['order-1', 3_472_357_103_997_066],
  ['Größe 靴', 1_690_641_752_146_910]
])('the fingerprint of %j is what stores have', (text, print) => {
  expect(fingerprint(text)).toBe(print)
})
