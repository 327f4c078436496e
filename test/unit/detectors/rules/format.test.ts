import { expect, test } from 'vitest'
import { createWords } from '../../../../detectors/rules/format.ts'

test('amounts, counts and spans are written for people', () => {
  const words = createWords('USD', 60_000)
  expect(words.money(1_850)).toBe('$1,850')
  expect(words.money(3.5)).toBe('$3.50')
  expect(words.money(0)).toBe('$0')
  expect(words.count(12_345)).toBe('12,345')
  expect(words.count(2.54)).toBe('2.5')
  expect(words.share(0.867)).toBe('87%')
  expect(words.span(1)).toBe('1 minute')
  expect(words.span(60)).toBe('1 hour')
  expect(createWords('EUR', 30_000).span(3)).toBe('90 seconds')
})
