import type { Connection } from '../clickhouse.ts'

const timeoutMs = 10_000

/** At its start the engine sets aside the parts of tables that it cannot read, and goes on without their rows. */
const partsSetAside = `
  SELECT concat(table, ' (', toString(count()), ')') FROM system.detached_parts
  WHERE reason LIKE '%broken%' OR reason = 'unexpected'
  GROUP BY table ORDER BY table`

/** What is missing from the store of a folder, as a sentence; undefined where nothing is. */
export async function damageOf(engine: Pick<Connection, 'run'>, folder: string): Promise<string | undefined> {
  const answer = await engine.run({ sql: partsSetAside, format: 'TabSeparated', timeoutMs })
  const tables = answer.split('\n').filter(line => line !== '')
  if (tables.length === 0) return undefined
  return (
    `the store folder ${folder} is damaged: the rows of these parts are missing: ${tables.join(', ')}. ` +
    'Restore the folder from a copy, or read the past again with cartwatch backfill. ' +
    "The parts are in the tables' folders named detached; this note ends when they are deleted"
  )
}
