import { expect, test } from 'vitest'
import { withChangesTold } from '../../../../src/run/assembly/changes-told.ts'
import { incidentOf, recordOf } from '../../../support/alerts.ts'
import { createMemoryStore } from '../../../support/memory-store.ts'

const windowAt = (start: number) => ({
  ...{ start, end: start + 60_000, complete: true, records: 1, values: new Map(), segments: [] }
})

test('what was written is told once it is there, and what was not is not', async () => {
  const memory = createMemoryStore()
  const told: (readonly [string, object])[] = []
  const store = withChangesTold(memory, { publish: (name, data) => void told.push([name, data]) })
  await store.insertWindows('shop', [windowAt(0), windowAt(60_000)])
  await store.insertIncidents([incidentOf({ id: 'i1', severity: 'high' })])
  await store.insertNotifications([recordOf({ id: 'n1', incidentId: 'i1', receiver: 'slack' })])
  expect(told).toEqual([
    ['window', { window_start: '1970-01-01T00:01:00.000Z', window_end: '1970-01-01T00:02:00.000Z' }],
    ['incident', { id: 'i1', status: 'open', severity: 'high', acknowledged_by: null }],
    ['delivery', { id: 'n1', incident_id: 'i1', receiver: 'slack', outcome: 'pending' }]
  ])
  memory.isDown = true
  await expect(store.insertIncidents([incidentOf({ id: 'i2' })])).rejects.toThrow()
  expect(told).toHaveLength(3)
})

test('of more than fifty at once it is told that all is to be loaded again', async () => {
  const told: string[] = []
  const store = withChangesTold(createMemoryStore(), { publish: name => void told.push(name) })
  await store.insertIncidents(Array.from({ length: 51 }, (_, index) => incidentOf({ id: `i${index}` })))
  expect(told).toEqual(['reset'])
})
