import { expect, test } from 'vitest'
import { setRetention, ttlsOf } from '../../../src/store/retention.ts'
import type { Retention } from '../../../src/store/types.ts'

const everything: Retention = {
  windows: 90,
  segments: 90,
  anomalies: 90,
  incidents: 90,
  notifications: 90,
  audit: 400
}

/** What is altered in a database whose tables have the TTLs of `current`. */
async function altered(current: Retention, retention: Retention): Promise<readonly string[]> {
  const ran: string[] = []
  const engines = Object.entries(ttlsOf(current)).map(([table, ttl]) => [
    table,
    `ReplacingMergeTree(version) ORDER BY (pipeline, id) TTL ${ttl} SETTINGS index_granularity = 8192`
  ])
  const run = async (sql: string) => {
    if (sql.startsWith('SELECT'))
      return [...engines, ['windows', '']].map(one => `${JSON.stringify(one)}\n`).join('')
    ran.push(sql)
    return ''
  }
  await setRetention({ run, database: 'realtime', retention })
  return ran
}

test('a retention that is in force alters nothing', async () => {
  const apart = { ...everything, segments: 30 }
  expect(await altered(everything, everything)).toEqual([])
  expect(await altered(apart, apart)).toEqual([])
})

test('only the tables whose retention differs are altered', async () => {
  expect(await altered(everything, { ...everything, anomalies: 730, notifications: 365 })).toEqual([
    'ALTER TABLE realtime.anomalies_log MODIFY TTL inserted_at + toIntervalDay(730)',
    'ALTER TABLE realtime.notifications MODIFY TTL inserted_at + toIntervalDay(365)'
  ])
})

test('segments of another age than the whole shop have a rule of their own, and lose it again', async () => {
  const apart = { ...everything, segments: 30 }
  expect(await altered(everything, apart)).toEqual([
    "ALTER TABLE realtime.window_metrics MODIFY TTL inserted_at + toIntervalDay(90) WHERE dimension = 'all', " +
      "inserted_at + toIntervalDay(30) WHERE dimension != 'all'"
  ])
  expect(await altered(apart, everything)).toEqual([
    'ALTER TABLE realtime.window_metrics MODIFY TTL inserted_at + toIntervalDay(90)'
  ])
})

test('a table whose retention was taken away by hand gets it back', async () => {
  const ran: string[] = []
  const run = async (sql: string) => {
    ran.push(sql)
    return sql.startsWith('SELECT') ? '["incidents","ReplacingMergeTree ORDER BY id"]\n' : ''
  }
  await setRetention({ run, database: 'realtime', retention: { ...everything, incidents: 9 } })
  expect(ran).toContain('ALTER TABLE realtime.incidents MODIFY TTL inserted_at + toIntervalDay(9)')
})
