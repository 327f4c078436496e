import { expect, test } from 'vitest'
import { idPrint } from '../../../src/decode/id-print.ts'

test('a print is an integer of 53 bits, never 0, and the same for the same text', () => {
  for (const text of ['', 'a', 'session-1', 'ä'.repeat(300), '\u0000']) {
    const print = idPrint(text)
    expect(Number.isSafeInteger(print) && print > 0).toBe(true)
    expect(idPrint(`${text}`)).toBe(print)
  }
})

test('ids that differ in little have prints of their own, in any lower bits that are looked at', () => {
  const ids = Array.from({ length: 200_000 }, (_, index) => `s-1-${index.toString(36)}`)
  expect(new Set(ids.map(idPrint)).size).toBe(200_000)
  const counts = new Uint32Array(256)
  for (const id of ids) counts[idPrint(id) % 256] = (counts[idPrint(id) % 256] as number) + 1
  // 781 each, and no further from it than five standard deviations.
  expect(Math.min(...counts)).toBeGreaterThan(641)
  expect(Math.max(...counts)).toBeLessThan(921)
})

test.each([
  ['a and a with a zero behind it', 'a', 'a\u0000'],
  ['texts whose units would meet in a word', '\u0141\u0041\u0041\u0041', '\u0041\u0042\u0041\u0041'],
  ['the same words in another order', 'aaaabbbb', 'bbbbaaaa'],
  ['a text beyond ASCII and its bytes as Latin-1', 'ü', Buffer.from('ü').toString('latin1')]
])('%s differ', (_, one, other) => {
  expect(idPrint(one)).not.toBe(idPrint(other))
})
