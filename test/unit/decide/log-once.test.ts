import { expect, test } from 'vitest'
import { createNews } from '../../../src/decide/log-once.ts'
import { anomalyAt } from '../../support/alerts.ts'

test('of a run of anomalies the first is news, a change of severity, and what comes back after half an hour', () => {
  const isNews = createNews()
  const at = (minute: number, fields: Parameters<typeof anomalyAt>[1] = {}) =>
    isNews(anomalyAt(minute, { severity: 'high', ...fields }))
  expect(at(1)).toBe(true)
  expect(at(2)).toBe(false)
  expect(at(3, { severity: 'critical' })).toBe(true)
  expect(at(4, { severity: 'critical', segment: 'country=DE' })).toBe(true)
  expect(at(33, { severity: 'critical' })).toBe(false)
  expect(at(64, { severity: 'critical' })).toBe(true)
})
