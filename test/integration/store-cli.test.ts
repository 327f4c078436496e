import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFacts } from '../../src/explain/facts.ts'
import { openStore } from '../../src/store/open.ts'
import type { IncidentFilter, NotificationFilter, Store } from '../../src/store/types.ts'
import { anomalyAt, epoch, incidentOf, minuteMs, recordOf } from '../support/alerts.ts'

const source = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href)
const folder = mkdtempSync(join(tmpdir(), 'cartwatch-cli-'))
let store: Store

/** The commands alone, on the folder that `--store` names. */
const program = `
  import { Command } from ${JSON.stringify(import.meta.resolve('@commander-js/extra-typings'))}
  import { anomaliesCommand } from ${source('cli/anomalies.ts')}
  import { incidentsCommand } from ${source('cli/incidents.ts')}
  import { migrateCommand } from ${source('cli/migrate.ts')}
  import { notificationsCommand } from ${source('cli/notifications.ts')}
  import { queryCommand } from ${source('cli/query.ts')}
  import { openStore } from ${source('store/open.ts')}
  const open = ({ store }) => openStore({ folder: store, timeoutMs: 20000, ...(process.env.URL ? { url: process.env.URL } : {}) })
  const cartwatch = new Command('cartwatch')
  const commands = [anomaliesCommand, incidentsCommand, notificationsCommand, queryCommand]
  for (const command of commands) cartwatch.addCommand(command(open))
  cartwatch.addCommand(migrateCommand({ open, pipeline: () => 'shop', audit: async () => {} }))
  await cartwatch.parseAsync(process.argv.slice(1), { from: 'user' })`

async function cartwatch(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env }
  })
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { out, err, code: await exited }
}

beforeAll(async () => {
  store = await openStore({ folder, timeoutMs: 60_000 })
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

describe('the commands of the store, beside a running instance', () => {
  test('on an empty store tell what makes the tables', async () => {
    expect(await cartwatch(['anomalies', '--store', folder])).toEqual({
      out: '',
      err: 'Code: 81. DB::Exception: Database realtime does not exist. (UNKNOWN_DATABASE)\nIf cartwatch has never used this store, it has no tables yet: `cartwatch migrate` creates them.\n',
      code: 1
    })
  })

  test('migrate, and then not again', async () => {
    const first = await cartwatch(['migrate', '--store', folder])
    expect([first.out.split('\n')[0], first.code]).toEqual(['applied 001_database', 0])
    expect((await cartwatch(['migrate', '--store', folder])).out).toBe('The tables are up to date.\n')
  })

  test('list anomalies as JSON lines with the columns of the view', async () => {
    await store.insertAnomalies([
      {
        id: 'a1',
        pipeline: 'shop',
        kind: 'traffic_drop',
        metric: 'events',
        unit: 'count' as const,
        additive: true,
        segment: 'all',
        severity: 'high',
        windowStart: 0,
        windowEnd: 60_000,
        value: 1,
        expected: 5.5,
        details: 'Traffic dropped',
        explainedBy: [],
        evidence: { z: -4 },
        detectedAt: 70_000,
        configHash: 'c0'
      }
    ])
    const { out, err, code } = await cartwatch([
      'anomalies',
      '--store',
      folder,
      '--json',
      '--since',
      '1970-01-01'
    ])
    expect([err, code]).toEqual(['', 0])
    expect(JSON.parse(out)).toEqual({
      version: 1,
      id: 'a1',
      pipeline: 'shop',
      anomaly_type: 'traffic_drop',
      severity: 'high',
      metric: 'events',
      segment: 'all',
      metric_value: 1,
      expected_value: 5.5,
      details: 'Traffic dropped',
      window_start: '1970-01-01T00:00:00.000Z',
      window_end: '1970-01-01T00:01:00.000Z',
      detected_at: '1970-01-01T00:01:10.000Z',
      explained_by: [],
      evidence: '{"z":-4}',
      config_hash: 'c0'
    })
    expect((await cartwatch(['anomalies', '--store', folder, '--since', '1h'])).out).toBe('No anomalies.\n')
  })

  test("print a query's rows in the wanted format, and ClickHouse's error plainly", async () => {
    const sql = 'SELECT id, metric_value FROM anomalies'
    expect(await cartwatch(['query', sql, '--store', folder])).toEqual({
      out: 'id\tmetric_value\na1\t1\n',
      err: '',
      code: 0
    })
    expect((await cartwatch(['query', sql, '--store', folder, '--format', 'CSVWithNames'])).out).toBe(
      '"id","metric_value"\n"a1",1\n'
    )
    const drop = ['query', 'DROP VIEW realtime.anomalies', '--store', folder]
    expect(await cartwatch(drop)).toMatchObject({
      err: expect.stringContaining('--write lets one change the store'),
      code: 1
    })
    const { out, err, code } = await cartwatch(['query', 'SELECT nope FROM anomalies', '--store', folder])
    expect([out, code]).toEqual(['', 1])
    expect(err).toMatch(/^Code: 47\. DB::Exception: .*\(UNKNOWN_IDENTIFIER\)\n$/)
  })

  test('run a query of the cookbook by its name', async () => {
    const { out, code } = await cartwatch(['query', '--name', 'anomalies-by-kind', '--store', folder])
    expect([out, code]).toEqual(['anomaly_type\tseverity\tanomalies\tlatest\n', 0])
    const latest = await cartwatch(['query', '--name', 'latest-anomalies', '--store', folder])
    expect(latest.out).toMatch(/\na1\tshop\ttraffic_drop\t/)
    expect((await cartwatch(['query', '--list'])).out).toMatch(
      /^revenue-against-baseline {2,}The revenue of each of the last 24 full hours /m
    )
    expect(await cartwatch(['query', '--name', 'revenue-against-base', '--store', folder])).toEqual({
      out: '',
      err: 'There is no query revenue-against-base, did you mean revenue-against-baseline? (--list shows them)\n',
      code: 1
    })
    expect(await cartwatch(['query', '--store', folder])).toEqual({
      out: '',
      err: 'Give either a statement or --name; --list shows the queries\n',
      code: 1
    })
  })

  test('say where there is no store, or no server', async () => {
    expect(await cartwatch(['query', 'SELECT 1', '--store', join(folder, 'nowhere')])).toEqual({
      out: '',
      err: `There is no folder ${join(folder, 'nowhere')}\n`,
      code: 1
    })
    expect(await cartwatch(['migrate', '--store', folder], { URL: 'http://127.0.0.1:1' })).toEqual({
      out: '',
      err: 'ClickHouse at http://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1\n',
      code: 1
    })
  })

  test('list incidents and notifications, as they stand last and as JSON', async () => {
    const incident = incidentOf({ id: '3f2a91c4-0000-5000-8000-000000000001' })
    const over = { ...incident, status: 'resolved' as const, lastWindowEnd: incident.lastWindowEnd + 60_000 }
    const other = incidentOf({ id: 'b7000000-0000-5000-8000-000000000002', severity: 'low', openedAt: 0 })
    await store.insertIncidents([incident, other, over])
    const record = recordOf({ incidentId: incident.id, outcome: 'sent', requestId: 'r-1', latencyMs: 40 })
    await store.insertNotifications([{ ...record, outcome: 'pending' }])
    await store.insertNotifications([{ ...record, updatedAt: record.updatedAt + 1 }])
    await store.insertNotifications([recordOf({ id: 'n2', incidentId: other.id, receiver: 'team' })])
    await store.insertAnomalies([anomalyAt(0), anomalyAt(1), anomalyAt(2)])
    const json = async (...args: string[]) =>
      (await cartwatch([...args, '--json', '--store', folder])).out
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line))

    expect((await json('incidents')).map(({ id, status }) => [id, status])).toEqual([
      [incident.id, 'resolved'],
      [other.id, 'open']
    ])
    expect(await json('incidents', '--open', '--severity', 'low')).toMatchObject([
      { id: other.id, opened_at: '1970-01-01T00:00:00.000Z', details: other.lastAnomaly.details }
    ])
    expect(await json('notifications', '--incident', '3f2a91')).toMatchObject([
      { id: record.id, outcome: 'sent', latency_ms: 40, decided_at: '2026-11-21T10:00:00.000Z' }
    ])
    const facts = await readFacts(store, incident, epoch)
    expect(facts.found.map(({ severity, windowEnd }) => [severity, windowEnd])).toEqual([
      ['high', epoch + minuteMs]
    ])
    expect(facts.records.map(({ outcome }) => outcome)).toEqual(['sent'])
    expect(await cartwatch(['notifications', '--incident', 'ffffff', '--store', folder])).toEqual({
      out: '',
      err: 'There is no incident ffffff (cartwatch incidents lists them)\n',
      code: 1
    })
  })

  test('ask for incidents and notifications by what they are', async () => {
    const incidents = async (filter: IncidentFilter) =>
      (await store.findIncidents(filter)).map(({ id }) => id.slice(0, 2))
    expect(await incidents({ kind: 'revenue_drop', status: 'resolved' })).toEqual(['3f'])
    expect(await incidents({ kind: 'data_loss' })).toEqual([])
    expect(await incidents({ idPrefix: 'b7', pipeline: 'shop' })).toEqual(['b7'])
    expect(await incidents({ sinceMs: epoch + minuteMs })).toEqual(['3f', 'b7'])
    expect(await incidents({ sinceMs: epoch + minuteMs + 1 })).toEqual([])
    expect(await incidents({ limit: 1 })).toEqual(['3f'])
    const receivers = async (filter: NotificationFilter) =>
      (await store.findNotifications(filter)).map(({ receiver }) => receiver)
    expect(await receivers({ outcome: 'pending' })).toEqual(['team'])
    expect(await receivers({ receiver: 'slack', action: 'trigger', pipeline: 'shop' })).toEqual(['slack'])
    expect(await receivers({ sinceMs: epoch + 1 })).toEqual([])
  })
})
