import { describe, expect, test } from 'vitest'
import type { Anomaly } from '../../../../detectors/types.ts'
import { composeMessage } from '../../../../src/channel/message/message.ts'
import { slackMessage } from '../../../../src/channel/slack/message.ts'
import type { NotificationRecord } from '../../../../src/incident/types.ts'
import { anomalyAt, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { factsOf } from '../../../support/channels.ts'

const kind = 'metric_threshold'
const burn = anomalyAt(60, {
  kind,
  segment: 'rule=daily-budget',
  metric: 'gpu_cost',
  additive: false,
  value: 15_234.56,
  expected: 10_000,
  details: 'gpu_cost of 2026-11-21 until 11:00 is $15,234.56, over $10,000.00 by $5,234.56 (52.3%).',
  evidence: { date: '2026-11-21', days: 1, threshold: 10_000, beyond: 5_234.56, beyond_share: 0.523456 }
})
const record = (anomaly: Anomaly, more: Partial<NotificationRecord> = {}) =>
  recordOf({ kind, segment: anomaly.segment, anomalies: [anomaly], ...more })
const linesOf = (anomaly: Anomaly, more: Partial<NotificationRecord> = {}, language: 'en' | 'fr' = 'en') =>
  composeMessage(record(anomaly, more), renderOptionsOf({ language })).facts.map(
    ({ label, text }) => `${label}: ${text}`
  )

describe('a message of a threshold', () => {
  test('over a day says the date, what the day cost, the threshold, and by how much it is over', () => {
    expect(linesOf(burn)).toEqual([
      'Severity: 🟠 high: respond within 15 minutes',
      'Date: 2026-11-21',
      'Daily gpu cost: $15,234.56',
      'Threshold: $10,000.00',
      'Over by: $5,234.56 (52.3%)',
      'Segment: rule=daily-budget'
    ])
    expect(linesOf(burn, { incident: factsOf({ loss: 5_000, lossUnit: 'money' }) }).join()).not.toContain(
      'Loss'
    )
  })

  test('shows them in Slack', () => {
    const text = JSON.stringify(slackMessage(record(burn), renderOptionsOf()))
    for (const part of [
      '*Date*',
      '2026-11-21',
      '*Threshold*',
      '$10,000.00',
      '*Over by*',
      '$5,234.56 (52.3%)'
    ])
      expect(text).toContain(part.replaceAll('*', ''))
  })

  test('over windows says their time; below it says under', () => {
    const idle = anomalyAt(60, {
      kind,
      segment: 'rule=idle × resource_id=gpu-1',
      metric: 'gpu_utilization',
      unit: 'share',
      additive: false,
      value: 0.01,
      expected: 0.05,
      evidence: { beyond_share: 0.8 }
    })
    expect(linesOf(idle).slice(1)).toEqual([
      'Time: 21 Nov 2026, 10:59–11:00 UTC',
      'Current: 1 % (gpu_utilization)',
      'Threshold: 5 %',
      'Under by: 4 % (80.0%)',
      'Segment: rule=idle × resource_id=gpu-1'
    ])
    expect(linesOf({ ...idle, evidence: { beyond_share: null } })).toContain('Under by: 4 %')
  })

  test('is said in French too', () => {
    const lines = linesOf(burn, {}, 'fr').map(line => line.replaceAll(/\s/gu, ' '))
    expect(lines).toContain('gpu cost du jour: 15 234,56 $')
    expect(lines).toContain('Dépassement: 5 234,56 $ (52,3 %)')
  })

  test('others are as they were', () => {
    expect(linesOf({ ...burn, kind: 'metric_change' }).join()).toContain('Expected: ~$10,000.00')
  })
})
