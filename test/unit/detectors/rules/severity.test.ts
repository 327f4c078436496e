import { expect, test } from 'vitest'
import { severityOf, worse } from '../../../../detectors/rules/severity.ts'

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
  expect(worse('low', 'high')).toBe('high')
  expect(worse('critical', 'medium')).toBe('critical')
})
