import { cpSync, mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { embeddedConnector } from '../../src/store/connector.ts'
import { openStore } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import type { Store } from '../../src/store/types.ts'

const migrationsFolder = fileURLToPath(new URL('../../clickhouse', import.meta.url))
const timeoutMs = 20_000
const t0 = Date.UTC(2026, 10, 2, 10)
const folders: string[] = []

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cartwatch-schema-'))
  folders.push(folder)
  return folder
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

async function ask(store: Store, sql: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await store.query(sql, 'TabSeparated')) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A store whose schema is that of before segments, with rows as they were written then. */
async function oldDatabase(folder: string): Promise<void> {
  const oldMigrations = newFolder()
  for (const file of readdirSync(migrationsFolder).filter(name => /^00[1-5]_/.test(name)))
    cpSync(join(migrationsFolder, file), join(oldMigrations, file))
  const store = createStore({
    connector: embeddedConnector(folder, 'realtime'),
    timeoutMs,
    migrationsFolder: oldMigrations
  })
  await store.migrate()
  await ask(
    store,
    `INSERT INTO realtime.window_metrics (pipeline, metric, segment, window_start, window_end, value, numerator,
      denominator, sample_size, squares, complete, records, inserted_at) VALUES
      ('shop', 'orders', 'all', '2026-11-02 10:00:00', '2026-11-02 10:01:00', 7, 7, 1, 7, 0, 1, 40, now() - 172800),
      ('shop', 'revenue', 'currency=EUR', '2026-11-02 10:00:00', '2026-11-02 10:01:00', 5, 5, 1, 1, 25, 1, 40, now() - 172800)`
  )
  await ask(
    store,
    `INSERT INTO realtime.anomalies_log (id, pipeline, anomaly_type, severity, metric, segment, metric_value,
      expected_value, details, window_start, window_end, detected_at, evidence, config_hash) VALUES
      ('a', 'shop', 'revenue_drop', 'high', 'revenue', 'all', 1, 2, 'Revenue dropped', '2026-11-02 10:00:00',
      '2026-11-02 10:01:00', '2026-11-02 10:01:10', '{}', 'c0ffee')`
  )
  await store.close()
}

describe('a database of before segments', () => {
  test('is migrated, and its rows are read back with their dimension', async () => {
    const folder = newFolder()
    await oldDatabase(folder)
    const store = await openStore({ folder, timeoutMs })
    expect((await store.migrate())[0]).toBe('006_segments')
    const orders = { value: 7, numerator: 7, denominator: 1, sampleSize: 7, squares: 0 }
    expect(await store.windows('shop', t0, t0 + 60_000)).toEqual([
      {
        start: t0,
        end: t0 + 60_000,
        complete: true,
        records: 40,
        values: new Map([['orders', orders]]),
        segments: [
          {
            metric: 'revenue',
            dimension: 'currency',
            segment: 'currency=EUR',
            value: 5,
            numerator: 5,
            denominator: 1,
            sampleSize: 1,
            squares: 25
          }
        ]
      }
    ])
    expect(await ask(store, 'SELECT metric, dimension FROM realtime.windows ORDER BY metric')).toBe(
      'orders\tall\nrevenue\tcurrency\n'
    )
    expect(await store.anomalies({})).toMatchObject([{ id: 'a', explained_by: [] }])
    await store.close()
  })

  test('drops old segments alone where they are kept for less long, and is altered once for it', async () => {
    const folder = newFolder()
    await oldDatabase(folder)
    const retention = { windows: 90, segments: 1, anomalies: 7, incidents: 8, notifications: 9, audit: 400 }
    const store = await openStore({ folder, timeoutMs, retention })
    await store.migrate()
    const rewrites = "SELECT count() FROM system.mutations WHERE command LIKE '%TTL%'"
    expect(await ask(store, rewrites)).toBe('8\n')
    await store.migrate()
    expect(await ask(store, rewrites)).toBe('8\n')
    await ask(store, 'OPTIMIZE TABLE realtime.window_metrics FINAL')
    expect(await ask(store, 'SELECT segment FROM realtime.window_metrics')).toBe('all\n')
    const ttls = `SELECT name, extract(engine_full, 'TTL (.*) SETTINGS') FROM system.tables
      WHERE database = 'realtime' AND engine_full LIKE '%TTL%' ORDER BY name`
    expect((await ask(store, ttls)).replaceAll('\\', '')).toBe(
      [
        'actions\tinserted_at + toIntervalDay(8)\nanomalies_log\tinserted_at + toIntervalDay(7)',
        'audit\tinserted_at + toIntervalDay(400)',
        'changes\tinserted_at + toIntervalDay(8)',
        'counted_orders\tinserted_at + toIntervalDay(8)',
        'incidents\tinserted_at + toIntervalDay(8)',
        'notifications\tinserted_at + toIntervalDay(9)',
        'recommendations\tinserted_at + toIntervalDay(8)',
        'service_alerts\tinserted_at + toIntervalDay(8)',
        "window_metrics\tinserted_at + toIntervalDay(90) WHERE dimension = 'all', " +
          "inserted_at + toIntervalDay(1) WHERE dimension != 'all'\n"
      ].join('\n')
    )
    await store.close()
  })
})
