import { expect, test } from 'vitest'
import { fingerprint } from '../../../src/window/fingerprint.ts'

test('a fingerprint is an integer of 53 bits, never 0, and the same for the same text', () => {
  for (const text of ['', 'a', 'session-1', 'ä'.repeat(300), '\u0000']) {
    const print = fingerprint(text)
    expect(Number.isSafeInteger(print) && print > 0).toBe(true)
    expect(fingerprint(`${text}`)).toBe(print)
  }
})

test('names that differ in little have fingerprints of their own, in any lower bits that are looked at', () => {
  const names = Array.from({ length: 200_000 }, (_, index) => `s-1-${index.toString(36)}`)
  expect(new Set(names.map(fingerprint)).size).toBe(200_000)
  const counts = new Uint32Array(256)
  for (const name of names) counts[fingerprint(name) % 256] = (counts[fingerprint(name) % 256] as number) + 1
  // 781 each, and no further from it than five standard deviations.
  expect(Math.min(...counts)).toBeGreaterThan(641)
  expect(Math.max(...counts)).toBeLessThan(921)
})
