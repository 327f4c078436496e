import { StoreError } from './errors.ts'
import { readMigrations } from './migrations.ts'
import { quoteName, quoteText } from './quoting.ts'

export interface MigrateOptions {
  /** Runs one statement without a current database; gives the answer's text. */
  run(sql: string, format: string): Promise<string>
  readonly database: string
  readonly retentionDays: number
  readonly migrationsFolder: string
}

/** Applies what is missing, in order, and brings the retention up to date; gives the names of what it applied. */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const { run, database, retentionDays, migrationsFolder } = options
  const migrations = readMigrations(migrationsFolder, { database, retentionDays })
  const known = migrations.at(-1)?.version ?? 0
  const current = await currentVersion(options)
  if (current > known)
    throw new StoreError(
      'NEWER_SCHEMA',
      `The database ${database} has schema version ${current}, this cartwatch knows ${known}: run the newer cartwatch that made it`,
      { retryable: false }
    )
  const applied: string[] = []
  for (const { version, name, statements } of migrations) {
    if (version <= current) continue
    for (const statement of statements) await run(statement, 'TabSeparated')
    await run(
      `INSERT INTO ${quoteName(database)}.schema_versions (version, name) VALUES (${version}, '${name}')`,
      'TabSeparated'
    )
    applied.push(name)
  }
  await setRetention(options)
  return applied
}

async function currentVersion({ run, database }: MigrateOptions): Promise<number> {
  const exists = await run(
    `SELECT count() FROM system.tables WHERE database = ${quoteText(database)} AND name = 'schema_versions'`,
    'TabSeparated'
  )
  if (exists.trim() === '0') return 0
  const version = await run(`SELECT max(version) FROM ${quoteName(database)}.schema_versions`, 'TabSeparated')
  return Number(version.trim())
}

/** Rows go some days after they were inserted, not after their window: a replay of old events stays. */
async function setRetention({ run, database, retentionDays }: MigrateOptions): Promise<void> {
  const other = await run(
    `SELECT name FROM system.tables WHERE database = ${quoteText(database)}
      AND engine_full LIKE '%TTL inserted_at + toIntervalDay(%'
      AND engine_full NOT LIKE '%TTL inserted_at + toIntervalDay(${retentionDays})%'`,
    'TabSeparated'
  )
  for (const table of other.split('\n').filter(name => name !== ''))
    await run(
      `ALTER TABLE ${quoteName(database)}.${table} MODIFY TTL inserted_at + toIntervalDay(${retentionDays})`,
      'TabSeparated'
    )
}
