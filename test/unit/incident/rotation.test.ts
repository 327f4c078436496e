import { expect, test } from 'vitest'
import { createIncidentTable } from '../../../src/incident/incident-table.ts'
import { createIncidents } from '../../../src/incident/incidents.ts'
import { createRotation } from '../../../src/incident/rotation.ts'
import type { StoredIncident } from '../../../src/incident/types.ts'
import { epoch, incidentOf, plainContext, receivers, routeTo, rules } from '../../support/alerts.ts'

/** When a reminder is due. */
const now = epoch + 5 * 3_600_000

/** Incidents of a segment each, notified at `epoch`. */
const openOnes = (count: number): StoredIncident[] =>
  Array.from({ length: count }, (_, index) =>
    incidentOf({
      id: `incident ${index}`,
      segment: `category=${index}`,
      lastWindowEnd: now,
      lastNotified: { slack: { severity: 'high', windowEnd: epoch, at: epoch, flapping: false } }
    })
  )

test('of many open incidents a part is evaluated at each tick, and each of them in turn', async () => {
  const count = 600
  const incidents = createIncidents({
    pipeline: 'shop',
    rules: { ...rules, remindAfterMs: 4 * 3_600_000 },
    routes: [routeTo('slack')],
    receivers,
    context: plainContext,
    sending: true,
    memory: {
      incidents: async () => openOnes(count),
      notifications: async () => [],
      actions: async () => []
    }
  })
  await incidents.restore(0, epoch)
  const reminded = [0, 1, 2, 3].map(second =>
    incidents.tick(now + second * 1_000).notifications.map(({ incidentId }) => incidentId)
  )
  expect(reminded.map(({ length }) => length)).toEqual([250, 250, 100, 0])
  expect(new Set(reminded.flat()).size).toBe(count)
})

test('a rotation gives incidents as they are now, without those that are over', () => {
  const table = createIncidentTable()
  const [one, two] = openOnes(2) as [StoredIncident, StoredIncident]
  table.put(one)
  table.put(two)
  const rotation = createRotation(table)
  expect(rotation.isOver()).toBe(true)
  rotation.begin({ windowEnd: null, allowed: () => ({ notify: true, page: true }) })
  table.put({ ...one, status: 'resolved' })
  table.put({ ...two, severity: 'critical' })
  expect(rotation.take()?.incidents).toEqual([{ ...two, severity: 'critical' }])
  expect(rotation.isOver()).toBe(true)
})
