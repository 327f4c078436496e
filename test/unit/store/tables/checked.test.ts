import { expect, test } from 'vitest'
import { storeOver } from '../../../support/store-over.ts'

const storeOf = (id: string, state: string) => storeOver(async () => `${JSON.stringify([id, state])}\n`)

const anomaly = {
  kind: 'revenue_drop',
  metric: 'revenue',
  segment: 'all',
  severity: 'high',
  windowStart: 0,
  windowEnd: 60_000,
  value: 245,
  expected: 1_850,
  details: 'Revenue dropped.',
  evidence: { baseline: 1_850, ['__proto__']: 1, guard: null },
  id: 'a',
  pipeline: 'shop',
  configHash: 'c0ffee',
  detectedAt: 70_000
}
const incident = {
  id: 'i',
  pipeline: 'shop',
  kind: 'revenue_drop',
  segment: 'all',
  status: 'open',
  severity: 'critical',
  openedAt: 60_000,
  lastAnomalyAt: 120_000,
  resolvedAt: null,
  lastWindowEnd: 120_000,
  lastAnomaly: anomaly,
  clearWindows: 0,
  lastClearAt: null,
  notifiedAt: 60_000,
  dedupKey: null,
  dedupReceivers: [],
  anomalies: 2
}
const notification = {
  id: 'n',
  pipeline: 'shop',
  incidentId: 'i',
  receiver: 'slack',
  action: 'trigger',
  kind: 'revenue_drop',
  segment: 'all',
  severity: 'critical',
  dedupKey: null,
  anomalies: [anomaly],
  reason: 'opened',
  decidedAt: 70_000,
  outcome: 'sent',
  attempts: 1,
  answer: 'ok',
  updatedAt: 71_000
}

test('an incident of the first version is read with defaults for what that did not write', async () => {
  const lastAnomaly = { ...anomaly, unit: 'money', additive: true, explainedBy: [] }
  const { pipeline: _, notifiedAt: __, dedupKey: ___, dedupReceivers: ____, ...ofAlert } = incident
  const added = {
    lastAnomaly,
    peak: { value: 245, expected: 1_850, severity: 'critical', windowEnd: 60_000 },
    loss: null,
    explainedBy: [],
    flapping: false
  }
  expect(await storeOf('i', JSON.stringify(incident)).incidents('shop', 0)).toEqual([
    {
      ...incident,
      ...added,
      alerts: [{ ...ofAlert, ...added, openings: [60_000] }],
      acknowledged: null,
      lastNotified: {},
      suppressedReasons: {},
      silencedBy: null,
      pages: 1
    }
  ])
})

test('a notification of the first version is read with defaults for what that did not write', async () => {
  expect(await storeOf('n', JSON.stringify(notification)).notifications('shop', 0)).toEqual([
    {
      ...notification,
      reason: { type: 'opened' },
      anomalies: [{ ...anomaly, unit: 'money', additive: true, explainedBy: [] }],
      incident: null,
      recent: [],
      inhibits: [],
      messageRef: null,
      requestId: null,
      latencyMs: null
    }
  ])
})

test('what only a newer version knows is kept, and so written again', async () => {
  const newer = { ...incident, lastAnomaly: { ...anomaly, newer: [1] }, newer: { deep: true } }
  const [read] = await storeOf('i', JSON.stringify(newer)).findIncidents({})
  expect(read).toMatchObject({ newer: { deep: true }, lastAnomaly: { newer: [1] } })
})

test.each([
  [
    'incidents',
    () =>
      storeOf('i7', JSON.stringify({ ...incident, severity: 'grave', openedAt: '12:00' })).findIncidents({}),
    'severity: Invalid option: expected one of "low"|"medium"|"high"|"critical"; openedAt: Invalid input: expected number, received string'
  ],
  [
    'notifications',
    () => storeOf('i7', '{"id":').notifications('shop', 0),
    'Invalid input: expected object, received undefined'
  ],
  ['actions', () => storeOf('i7', 'null').actions('shop', 0), 'Invalid input: expected object, received null']
])('a row of %s that does not fit is refused by its table and id', async (table, read, why) => {
  await expect(read()).rejects.toMatchObject({
    code: 'QUERY',
    retryable: false,
    message: `Cannot read the row i7 of ${table}: ${why}`
  })
})

test('a row of anomalies that does not fit is refused by its id', async () => {
  const store = storeOver(async () => '{"id":"a9","severity":"grave"}\n')
  await expect(store.anomalies({})).rejects.toThrow('Cannot read the row a9 of anomalies: pipeline: ')
})
