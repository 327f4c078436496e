import { expect, test } from 'vitest'
import { parseDuration, parseShare } from '../../../detectors/rules/units.ts'
import { formatSize, parseSize } from '../../../src/config/byte-size.ts'
import { formatDuration, formatShare } from '../../../src/config/format.ts'

test.each([
  [0, '0s'],
  [250, '250ms'],
  [1_000, '1s'],
  [90_000, '90s'],
  [3_600_000, '1h'],
  [604_800_000, '7d']
])('%d ms is written %s, and read back', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
  expect(parseDuration(text)).toBe(ms)
})

test.each([
  [0.07, '7%'],
  [0.3, '30%'],
  [-0.005, '-0.5%']
])('%d is written %s, and read back', (share, text) => {
  expect(formatShare(share)).toBe(text)
  expect(parseShare(text)).toBe(share)
})

test.each([
  [1_048_576, '1MiB'],
  [1_536, '1536B'],
  [524_288, '512KiB'],
  [0, '0B']
])('%d bytes are written %s, and read back', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text)
  expect(parseSize(text)).toBe(bytes)
})

test.each(['1TB', '-1MiB', '1.5MiB', 'MiB', ''])('%j is no size', text => {
  expect(parseSize(text)).toBeUndefined()
})
