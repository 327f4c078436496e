import { expect, test } from 'vitest'
import { createIncidents } from '../../../src/incident/incidents.ts'
import {
  createMemory,
  lineOf,
  minuteOf,
  plainContext,
  receivers,
  rules,
  type Sign,
  toBoth
} from '../../support/alerts.ts'

test('an incident in the digest tells nobody, pages nobody, and is told once it becomes more severe', () => {
  const incidents = createIncidents({
    pipeline: 'shop',
    rules,
    routes: toBoth,
    receivers,
    context: { ...plainContext, digested: 'low' },
    sending: true,
    memory: createMemory()
  })
  const lines = [...'lllmm.....'].flatMap((sign, index) => {
    const { verdict, anomalies, windowEnd } = minuteOf(index + 1, sign as Sign)
    const { notifications } = incidents.onWindow(verdict, anomalies, windowEnd)
    return notifications.map(record => `${index + 1}: ${lineOf(record)} ${record.outcome}`)
  })
  expect(lines).toEqual([
    '1: none trigger low opened off',
    '4: slack trigger medium severity_rose pending',
    '4: pagerduty trigger medium severity_rose pending',
    '10: pagerduty resolve medium recovered pending'
  ])
})
