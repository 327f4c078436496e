import { expect, test } from 'vitest'
import { createLogOnce } from '../../../src/decide/log-once.ts'
import { anomalyAt } from '../../support/alerts.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

test('of a run of anomalies the log warns of the first, of another severity, and of what comes back after half an hour', () => {
  const log = createRecordedLog()
  const logOnce = createLogOnce(log)
  const at = (minute: number, fields: Parameters<typeof anomalyAt>[1] = {}) => {
    logOnce(anomalyAt(minute, { severity: 'high', ...fields }))
    return log.lines.at(-1)?.level
  }
  expect(at(1)).toBe('warn')
  expect(at(2)).toBe('debug')
  expect(at(3, { severity: 'critical' })).toBe('warn')
  expect(at(4, { severity: 'critical', segment: 'country=DE' })).toBe('warn')
  expect(at(33, { severity: 'critical' })).toBe('debug')
  expect(at(64, { severity: 'critical' })).toBe('warn')
})

test('a warning names the incident, the kind, the severity and the end of the window, and says what was found', () => {
  const log = createRecordedLog()
  const anomaly = anomalyAt(1, { severity: 'high' })
  const logOnce = createLogOnce(log)
  logOnce(anomaly, 'incident-1')
  expect(log.lines).toEqual([
    {
      level: 'warn',
      message: anomaly.details,
      fields: {
        component: 'detection',
        pipeline: 'shop',
        correlation_id: 'incident-1',
        kind: anomaly.kind,
        segment: 'all',
        severity: 'high',
        window_end: new Date(anomaly.windowEnd).toISOString()
      }
    }
  ])
})
