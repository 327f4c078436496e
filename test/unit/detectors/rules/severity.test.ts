import { expect, test } from 'vitest'
import { isAbove, moreSevere, rank, severityOf } from '../../../../detectors/rules/severity.ts'

test('the worst rung that is reached counts', () => {
  const ladder = [
    { severity: 'high', from: 4 },
    { severity: 'critical', from: 6 }
  ] as const
  expect(severityOf('medium', ladder, 3.9)).toBe('medium')
  expect(severityOf('medium', ladder, 4)).toBe('high')
  expect(severityOf('medium', ladder, 60)).toBe('critical')
})

test('of two severities the worse one', () => {
  expect(moreSevere('low', 'high')).toBe('high')
  expect(moreSevere('critical', 'medium')).toBe('critical')
})

test('severities are ranked from low to critical', () => {
  const all = ['critical', 'low', 'high', 'medium'] as const
  expect(all.toSorted((a, b) => rank(a) - rank(b))).toEqual(['low', 'medium', 'high', 'critical'])
  expect([isAbove('high', 'medium'), isAbove('high', 'high'), isAbove('low', 'high')]).toEqual([
    true,
    false,
    false
  ])
})
