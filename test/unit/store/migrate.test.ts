import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { ttlsOf } from '../../../src/store/retention.ts'

const migrationsFolder = fileURLToPath(new URL('../../../clickhouse', import.meta.url))

const retention = { windows: 90, segments: 90, anomalies: 90, incidents: 90, notifications: 90, audit: 400 }

/** A database that knows only how far its schema is, and how many of its tables are there. */
function databaseAt(
  version: number | undefined,
  tables = version === undefined || version < 9 ? 9 : version < 16 ? Math.min(version + 1, 14) : 15
) {
  const ran: string[] = []
  const counted: string[] = []
  const run = async (sql: string) => {
    if (sql.includes("name = 'schema_versions'")) return version === undefined ? '0\n' : '1\n'
    if (sql.startsWith('SELECT max(version)')) return `${version}\n`
    if (sql.includes('name IN (')) {
      counted.push(sql)
      return `${version === undefined ? 0 : tables}\n`
    }
    if (sql.startsWith('SELECT name, engine_full'))
      return Object.entries(ttlsOf(retention))
        .map(([table, ttl]) => `${JSON.stringify([table, `Engine ORDER BY id TTL ${ttl} SETTINGS a = 1`])}\n`)
        .join('')
    ran.push(sql.replace(/^--.*\n/gm, '').split('\n')[0] ?? '')
    return ''
  }
  return { ran, counted, apply: () => migrate({ run, database: 'realtime', retention, migrationsFolder }) }
}

test('an empty database gets every migration, in order, each noted behind its statements', async () => {
  const { ran, apply } = databaseAt(undefined)
  const applied = await apply()
  expect(applied[0]).toBe('001_database')
  expect(ran.slice(0, 4)).toEqual([
    'CREATE DATABASE IF NOT EXISTS realtime',
    'CREATE TABLE IF NOT EXISTS realtime.schema_versions',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (1, '001_database')",
    'CREATE TABLE IF NOT EXISTS realtime.window_metrics'
  ])
})

test('only what is missing is applied', async () => {
  const { ran, apply } = databaseAt(6, 7)
  expect(await apply()).toEqual([
    '007_actions',
    '008_learned',
    '009_counted_orders',
    '010_alerts',
    '011_escalation',
    '012_service_alerts',
    '013_audit',
    '014_recommendations',
    '015_band',
    '016_changes'
  ])
  expect(ran).toEqual([
    'ALTER TABLE realtime.incidents',
    'ALTER TABLE realtime.notifications',
    'CREATE TABLE IF NOT EXISTS realtime.actions',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (7, '007_actions')",
    'CREATE TABLE IF NOT EXISTS realtime.learned',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (8, '008_learned')",
    'CREATE TABLE IF NOT EXISTS realtime.counted_orders',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (9, '009_counted_orders')",
    'ALTER TABLE realtime.incidents',
    'CREATE OR REPLACE VIEW realtime.alerts AS',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (10, '010_alerts')",
    'ALTER TABLE realtime.incidents',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (11, '011_escalation')",
    'CREATE TABLE IF NOT EXISTS realtime.service_alerts',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (12, '012_service_alerts')",
    'CREATE TABLE IF NOT EXISTS realtime.audit',
    'ALTER TABLE realtime.actions',
    'ALTER TABLE realtime.incidents',
    'ALTER TABLE realtime.notifications',
    'ALTER TABLE realtime.service_alerts',
    'ALTER TABLE realtime.anomalies_log',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (13, '013_audit')",
    'CREATE TABLE IF NOT EXISTS realtime.recommendations',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (14, '014_recommendations')",
    'ALTER TABLE realtime.window_metrics',
    'CREATE OR REPLACE VIEW realtime.windows AS',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (15, '015_band')",
    'CREATE TABLE IF NOT EXISTS realtime.changes',
    "INSERT INTO realtime.schema_versions (version, name) VALUES (16, '016_changes')"
  ])
})

test('a table that was dropped is made again, by every migration anew', async () => {
  const { apply } = databaseAt(16, 3)
  expect((await apply()).map(name => name.slice(0, 3))).toEqual([
    '001',
    '002',
    '003',
    '004',
    '005',
    '006',
    '007',
    '008',
    '009',
    '010',
    '011',
    '012',
    '013',
    '014',
    '015',
    '016'
  ])
  expect(await databaseAt(16).apply()).toEqual([])
})

test('what a schema has is looked for by the names of its tables', async () => {
  const { counted, apply } = databaseAt(2, 4)
  await apply()
  expect(counted).toEqual([
    "SELECT count() FROM system.tables WHERE database = 'realtime' AND name IN ('', 'schema_versions', 'window_metrics', 'windows')"
  ])
})

test('a newer schema is refused and left alone', async () => {
  const { ran, apply } = databaseAt(900)
  await expect(apply()).rejects.toMatchObject({
    code: 'NEWER_SCHEMA',
    retryable: false,
    message:
      'The database realtime has schema version 900, this version knows 16: run the newer version that migrated it'
  })
  expect(ran).toEqual([])
})

test('a view that was dropped is made again, too', async () => {
  const { apply } = databaseAt(16, 9)
  expect(await apply()).toHaveLength(16)
  expect(await databaseAt(16, 15).apply()).toEqual([])
})
