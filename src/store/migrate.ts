import { StoreError } from './errors.ts'
import { type Migration, readMigrations } from './migrations.ts'
import { quoteIdentifier, quoteText } from './quoting.ts'
import { type RetentionOptions, setRetention } from './retention.ts'

export interface MigrateOptions extends RetentionOptions {
  readonly migrationsFolder: string
}

/** Applies what is missing, in order, and brings the retention up to date; gives the names of what it applied. */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const { run, database, migrationsFolder } = options
  const migrations = readMigrations(migrationsFolder, database)
  const known = migrations.at(-1)?.version ?? 0
  const current = await currentVersion(options)
  if (current > known)
    throw new StoreError(
      'NEWER_SCHEMA',
      `The database ${database} has schema version ${current}, this version knows ${known}: run the newer version that migrated it`,
      { retryable: false }
    )
  const applied: string[] = []
  // Where somebody dropped a table or a view all are applied anew: each may be, twice.
  const from = (await hasTables(options, migrations, current)) ? current : 0
  for (const { version, name, statements } of migrations) {
    if (version <= from) continue
    for (const statement of statements) await run(statement, 'TabSeparated')
    await run(
      `INSERT INTO ${quoteIdentifier(database)}.schema_versions (version, name) VALUES (${version}, '${name}')`,
      'TabSeparated'
    )
    applied.push(name)
  }
  await setRetention(options)
  return applied
}

/** Whether the tables and views that the migrations up to a version made are still there. */
async function hasTables(
  { run, database }: MigrateOptions,
  migrations: readonly Migration[],
  version: number
): Promise<boolean> {
  const made = new Set(migrations.filter(migration => migration.version <= version).flatMap(tablesOf))
  const names = ["''", ...[...made].map(quoteText)].join(', ')
  const count = await run(
    `SELECT count() FROM system.tables WHERE database = ${quoteText(database)} AND name IN (${names})`,
    'TabSeparated'
  )
  return Number(count.trim()) === made.size
}

const tablesOf = ({ statements }: Migration): string[] =>
  statements.flatMap(
    statement =>
      /^CREATE (?:TABLE IF NOT EXISTS|VIEW IF NOT EXISTS|OR REPLACE VIEW) \S+\.(\w+)/m.exec(statement)?.[1] ??
      []
  )

async function currentVersion({ run, database }: MigrateOptions): Promise<number> {
  const exists = await run(
    `SELECT count() FROM system.tables WHERE database = ${quoteText(database)} AND name = 'schema_versions'`,
    'TabSeparated'
  )
  if (exists.trim() === '0') return 0
  const version = await run(
    `SELECT max(version) FROM ${quoteIdentifier(database)}.schema_versions`,
    'TabSeparated'
  )
  return Number(version.trim())
}
