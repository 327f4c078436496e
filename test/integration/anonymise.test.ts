import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLedger } from '../../src/audit/ledger.ts'
import { createAuditCheck } from '../../src/audit/verify.ts'
import { anomalyOfServiceAlert, type ServiceAlert } from '../../src/incident/service-alert.ts'
import type { OperatorAction, StoredIncident } from '../../src/incident/types.ts'
import { anything } from '../../src/routing/matchers.ts'
import { createAnonymise } from '../../src/store/anonymise/state.ts'
import type { Store } from '../../src/store/types.ts'
import { dayMs } from '../../src/time/units.ts'
import { escalationOf, incidentOf, recordOf } from '../support/alerts.ts'
import { type NewStore, openNewStore } from '../support/new-store.ts'

const atMs = Date.now()
/** What was written now is old by then. */
const later = atMs + 2 * dayMs
const secret = 'a-secret-that-anonymises'
const anonymise = createAnonymise(secret)
const planted = /planted/

let store: Store
let close: NewStore['close']

beforeAll(async () => {
  ;({ store, close } = await openNewStore())
})
afterAll(() => close())

/** Superseded rows count, too: what is to be gone is gone. */
const ask = async (sql: string): Promise<string> =>
  text(await store.query(`${sql} SETTINGS final = 0`, 'JSONEachRow'))

const acknowledged = { by: 'planted ann', via: 'slack', at: atMs, severity: 'high' } as const
const taken = [{ level: 2, at: atMs, by: 'planted bob' }]
const more = { lastWindowEnd: atMs, acknowledged, escalation: escalationOf({ taken }) }
const resolved = incidentOf({ id: 'resolved', status: 'resolved', resolvedAt: atMs, ...more })
const open = incidentOf({ id: 'open', ...more })

const actionOf = (id: string, overrides: Partial<OperatorAction> = {}): OperatorAction => ({
  ...{ id, pipeline: 'shop', action: 'acknowledge', at: atMs, by: 'planted ann', via: 'cli' },
  ...{ incidentId: 'resolved', severity: 'high', silence: null },
  ...overrides
})

const silenceOf = (id: string, endsAt: number): OperatorAction =>
  actionOf(id, {
    action: 'silence',
    incidentId: null,
    severity: null,
    silence: {
      ...{ id: `silence ${id}`, by: 'planted bob', reason: 'planted reason', startsAt: atMs, endsAt },
      matchers: { ...anything, labels: { team: ['kept team'] } }
    }
  })

const alertOf = (id: string, incidentId: string): ServiceAlert => ({
  ...{
    id,
    pipeline: 'shop',
    kind: 'policy_violation',
    segment: `model=${id}`,
    severity: 'high',
    status: 'firing'
  },
  ...{ at: atMs, occurredAt: atMs, metric: 'bias', value: 0.3, expected: 0.1 },
  details: 'planted description',
  evidence: { description: 'planted text', affected_groups: 'planted group', count: 7 },
  labels: { team: 'kept team' },
  incidentId
})

const ofService: StoredIncident = (() => {
  const lastAnomaly = anomalyOfServiceAlert(alertOf('m1', 'service'), 'c0ffee')
  const { kind, segment } = lastAnomaly
  const incident = incidentOf({
    id: 'service',
    status: 'resolved',
    kind,
    segment,
    lastAnomaly,
    lastWindowEnd: atMs
  })
  return { ...incident, alerts: incident.alerts.map(alert => ({ ...alert, kind, segment, lastAnomaly })) }
})()

const notificationOf = (id: string, incidentId: string, outcome: 'sent' | 'pending' = 'sent') =>
  recordOf({
    ...{ id, incidentId, outcome, decidedAt: atMs, updatedAt: atMs, dedupKey: `key of ${id}` },
    answer: '250 planted mailbox',
    incident: resolved,
    anomalies: [anomalyOfServiceAlert(alertOf('m1', 'service'), 'c0ffee')],
    escalated: { level: 2, levels: 3, by: 'planted bob', mention: ['U0PLANTED', 'planted'] }
  })

const all = async () => {
  const tables = [
    'actions',
    'changes',
    'incidents',
    'notifications',
    'service_alerts',
    'anomalies_log',
    'audit'
  ]
  const rows = await Promise.all(tables.map(name => ask(`SELECT * FROM realtime.${name}`)))
  return new Map(tables.map((name, at) => [name, (rows[at] ?? '').split('\n').filter(line => line !== '')]))
}

const run = (mostRows = 10_000, beforeMs = later) =>
  store.anonymise({ pipeline: 'shop', beforeMs, anonymise, mostRows })

async function auditBreaks() {
  const check = createAuditCheck({ references: await store.auditReferences(), keptFromMs: 0 })
  for (const row of await store.auditPage(undefined, 1_000)) check.take(row)
  return check.end()
}

test('writes what there is to be anonymised, and what is not', async () => {
  await store.insertIncidents([{ ...resolved, status: 'open', lastWindowEnd: atMs - 60_000 }])
  await store.insertIncidents([resolved, open, ofService])
  await store.insertActions([
    actionOf('a1'),
    silenceOf('over', atMs + dayMs),
    silenceOf('lasting', later + dayMs)
  ])
  const deploy = { id: 'deploy', pipeline: 'shop', at: atMs, kind: 'deploy', what: 'checkout 4.2' } as const
  await store.insertChanges([{ ...deploy, by: 'planted ann', via: 'api', link: null }])
  await store.insertServiceAlerts([alertOf('m1', 'service'), alertOf('m2', 'open')])
  await store.insertAnomalies([anomalyOfServiceAlert(alertOf('m1', 'service'), 'c0ffee')])
  await store.insertNotifications([
    ...[notificationOf('n1', 'resolved'), notificationOf('n2', 'open')],
    notificationOf('n3', 'resolved', 'pending')
  ])
  const ledger = createLedger({ writer: 'host:1', pipeline: 'shop', store, now: () => atMs })
  ledger.record({ action: 'started' })
  for (const actor of ['planted ann', 'planted bob', 'planted ann'])
    ledger.record({ action: 'silence', actor, origin: 'planted address' })
  await ledger.flush()
  const before = await run(10_000, atMs - dayMs)
  expect(before).toEqual({ rows: new Map(), isDone: true })
})

test('a bounded run goes on where the one before it ended', async () => {
  expect(await run(1)).toEqual({ rows: new Map([['actions', 1]]), isDone: false })
  const { rows, isDone } = await run()
  expect(isDone).toBe(true)
  expect(rows).toEqual(
    new Map([
      ['actions', 1],
      ['changes', 1],
      ['incidents', 2],
      ['notifications', 1],
      ['service_alerts', 1],
      ['anomalies_log', 1],
      ['audit', 3]
    ])
  )
  expect(await run()).toEqual({ rows: new Map(), isDone: true })
})

test('no name and no text of a person is left, in whatever version of a row, but where it is needed', async () => {
  const left = [...(await all())].flatMap(([table, lines]) =>
    lines.filter(line => planted.test(line)).map(line => `${table} ${JSON.parse(line).id}`)
  )
  expect(left.sort()).toEqual([
    'actions lasting',
    'incidents open',
    'notifications n2',
    'notifications n3',
    'service_alerts m2'
  ])
})

test('the same name has the same hash everywhere, and counts by person still work', async () => {
  const ann = anonymise('planted ann')
  expect(ann).toMatch(/^anon:[0-9a-f]{16}$/)
  expect(createAnonymise('another-secret-of-16')('planted ann')).not.toBe(ann)
  const [incident] = await store.findIncidents({ idPrefix: 'resolved' })
  expect(incident?.acknowledged).toEqual({ ...acknowledged, by: ann })
  expect(incident?.escalation?.taken[0]?.by).toBe(anonymise('planted bob'))
  expect(
    await ask(
      `SELECT actor, count() AS n FROM realtime.audit WHERE action = 'silence' GROUP BY actor ORDER BY n`
    )
  ).toBe(
    `${JSON.stringify({ actor: anonymise('planted bob'), n: 1 })}\n${JSON.stringify({ actor: ann, n: 2 })}\n`
  )
})

test('what a restart needs is as it was: ids, keys, notifications, silences in force', async () => {
  const [incident] = await store.findIncidents({ idPrefix: 'resolved' })
  const { acknowledged: _, escalation: __, ...kept } = resolved
  expect(incident).toMatchObject(JSON.parse(JSON.stringify(kept)))
  expect((await store.findIncidents({ idPrefix: 'open' }))[0]).toMatchObject({
    acknowledged,
    escalation: open.escalation
  })
  const [first] = await store.findNotifications({ incidentId: 'resolved', outcome: 'sent' })
  expect(first).toMatchObject({ id: 'n1', dedupKey: 'key of n1', outcome: 'sent', decidedAt: atMs })
  expect(first?.escalated?.mention).toEqual([anonymise('U0PLANTED'), anonymise('planted')])
  const actions = await store.actions('shop', later)
  expect(actions.map(({ id, silence }) => [id, silence?.reason])).toEqual([['lasting', 'planted reason']])
  const known = await store.knownServiceAlerts('shop', ['m1', 'm2'], [{ kind: 'drift', segment: 'model=m9' }])
  expect(known.incidentOf).toEqual(
    new Map([
      ['m1', 'service'],
      ['m2', 'open']
    ])
  )
  const ages = await ask(
    `SELECT count() AS n FROM realtime.actions WHERE inserted_at > toDateTime('${new Date(atMs + 3_600_000).toISOString().slice(0, 19).replace('T', ' ')}')`
  )
  expect(ages).toBe('{"n":0}\n')
})

test('labels and numbers of services stay, their words do not', async () => {
  const [line] = ((await all()).get('service_alerts') ?? []).filter(text => text.includes('"m1"'))
  expect(JSON.parse(JSON.parse(line ?? '').state)).toMatchObject({
    details: anonymise('planted description'),
    evidence: { description: anonymise('planted text'), count: 7 },
    labels: { team: 'kept team' },
    value: 0.3
  })
})

test('the audit log verifies, and says how many rows have no names', async () => {
  expect(await auditBreaks()).toMatchObject({ breaks: [], rows: 4, anonymised: 3 })
})

test('a newer version of an anonymised row stays, and is anonymised once it is old', async () => {
  await store.insertIncidents([{ ...resolved, status: 'open', lastWindowEnd: atMs + 60_000 }])
  await run()
  const [incident] = await store.findIncidents({ idPrefix: 'resolved' })
  expect(incident).toMatchObject({ status: 'open', acknowledged })
  await store.insertIncidents([{ ...resolved, lastWindowEnd: atMs + 120_000 }])
  expect((await run()).rows).toEqual(new Map([['incidents', 1]]))
  expect((await all()).get('incidents')?.filter(line => planted.test(line))).toHaveLength(1)
})

test('another pipeline is left alone', async () => {
  await store.insertActions([actionOf('other', { pipeline: 'other' })])
  expect(await run()).toEqual({ rows: new Map(), isDone: true })
})

const merges = async (what: 'STOP' | 'START'): Promise<string> =>
  text(await store.query(`SYSTEM ${what} MERGES realtime.actions`, 'JSONEachRow'))

test('a run that was cut short between writing and removing is made good by the next', async () => {
  // Whenever the engine merges it keeps one of them by itself: until they are counted it does not.
  await merges('STOP')
  await store.insertActions([actionOf('cut')])
  const copy = `SELECT * REPLACE ('anon:0123456789abcdef' AS by, '{}' AS state, 1 AS anonymised) FROM realtime.actions`
  await ask(`INSERT INTO realtime.actions ${copy} WHERE id = 'cut'`)
  const count = `SELECT count() AS n FROM realtime.actions WHERE id = 'cut'`
  expect(await ask(count)).toBe('{"n":2}\n')
  await merges('START')
  expect((await run()).rows).toEqual(new Map())
  expect(await ask(count)).toBe('{"n":1}\n')
  expect(await ask(`SELECT by FROM realtime.actions WHERE id = 'cut'`)).toContain('anon:')
})
