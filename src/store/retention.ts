import { z } from 'zod'
import { quoteIdentifier, quoteText } from './quoting.ts'
import type { Retention } from './types.ts'

export interface RetentionOptions {
  /** Runs one statement without a current database; gives the answer's text. */
  run(sql: string, format: string): Promise<string>
  readonly database: string
  readonly retention: Retention
}

const engineLine = z.tuple([z.string(), z.string()])

/** Updates the TTL of every existing table, if it differs: an ALTER rewrites parts. */
export async function setRetention({ run, database, retention }: RetentionOptions): Promise<void> {
  const answer = await run(
    `SELECT name, engine_full FROM system.tables WHERE database = ${quoteText(database)}`,
    'JSONCompactEachRow'
  )
  const lines = answer.split('\n').filter(line => line !== '')
  const engines = new Map(lines.map(line => engineLine.parse(JSON.parse(line))))
  for (const [table, ttl] of Object.entries(ttlsOf(retention))) {
    const engine = engines.get(table)
    const current = / TTL (.*?)(?: SETTINGS |$)/.exec(engine ?? '')?.[1]
    if (engine !== undefined && current !== ttl)
      await run(`ALTER TABLE ${quoteIdentifier(database)}.${table} MODIFY TTL ${ttl}`, 'TabSeparated')
  }
}

/** By table, as ClickHouse writes it: rows go some days after they were inserted, so a replay of old events stays. */
export function ttlsOf(retention: Retention): Readonly<Record<string, string>> {
  const { windows, segments, anomalies, incidents, notifications, audit } = retention
  return {
    // Longer than any span of `events.duplicate_orders`.
    counted_orders: after(8),
    window_metrics:
      windows === segments
        ? after(windows)
        : `${after(windows)} WHERE dimension = 'all', ${after(segments)} WHERE dimension != 'all'`,
    anomalies_log: after(anomalies),
    incidents: after(incidents),
    actions: after(incidents),
    changes: after(incidents),
    service_alerts: after(incidents),
    recommendations: after(incidents),
    notifications: after(notifications),
    audit: after(audit)
  }
}

const after = (days: number) => `inserted_at + toIntervalDay(${days})`
