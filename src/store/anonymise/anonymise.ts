import { timeParam } from '../conditions.ts'
import { quoteText } from '../quoting.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import type { Anonymise } from './state.ts'
import { type AnonymisedTable, anonymisedTables, type RawRow } from './tables.ts'
import type { AnonymiseOptions } from './types.ts'

const rowsAtOnce = 1_000

/** Integers as text: those of 64 bits are more than a number holds. */
const readSettings = 'SETTINGS output_format_json_quote_64bit_integers = 1'
const writeSettings = 'SETTINGS async_insert = 0, insert_deduplicate = 0'

export const anonymiseCalls = (requests: Requests): Pick<Store, 'anonymise'> => ({
  async anonymise({ pipeline, beforeMs, anonymise, mostRows }: AnonymiseOptions) {
    const before = `fromUnixTimestamp64Milli(toInt64(${timeParam(beforeMs)}), 'UTC')`
    const rows = new Map<string, number>()
    let left = mostRows
    for (const table of anonymisedTables) {
      const parts = { table, pipeline, before, requests }
      let replaced = 0
      for (let batch = rowsAtOnce; batch === rowsAtOnce && left > 0; left -= batch) {
        batch = await replaceRows(parts, anonymise, Math.min(rowsAtOnce, left))
        replaced += batch
      }
      await removePlain(parts)
      if (replaced > 0) rows.set(table.name, replaced)
    }
    return { rows, isDone: left > 0 }
  }
})

interface Parts {
  readonly table: AnonymisedTable
  readonly pipeline: string
  /** A time in SQL. */
  readonly before: string
  readonly requests: Requests
}

/** Plain rows that are old enough, and were stored so long ago that no newer version of theirs waits anywhere. */
const plainRows = ({ pipeline, before }: Parts): string =>
  `pipeline = ${quoteText(pipeline)} AND anonymised = 0 AND inserted_at < toDateTime(${before})`

/** Writes so many rows again without names, with the age that they have; gives how many there were. */
async function replaceRows(parts: Parts, anonymise: Anonymise, limit: number): Promise<number> {
  const { table, before, requests } = parts
  const { database, run } = requests
  const answer = await run(
    `SELECT * FROM ${database}.${table.name} FINAL
      WHERE ${plainRows(parts)} AND ${table.where(before, database)} LIMIT ${limit} ${readSettings}`,
    { format: 'JSONEachRow' }
  )
  const rows = answer
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as RawRow)
  const [first] = rows
  if (first === undefined) return 0
  const lines = rows.map(row => JSON.stringify({ ...row, ...table.change(row, anonymise), anonymised: 1 }))
  await run(
    `INSERT INTO ${database}.${table.name} (${Object.keys(first).join(', ')}) ${writeSettings} FORMAT JSONEachRow`,
    { lines: lines.map(line => `${line}\n`).join('') }
  )
  return rows.length
}

/**
 * Every version of a row that has been written again, also where an earlier run was interrupted before this. Where a newer
 * version is plain, none goes.
 */
async function removePlain(parts: Parts): Promise<void> {
  const { table, requests } = parts
  const { database, run } = requests
  const name = `${database}.${table.name}`
  const where = `${plainRows(parts)} AND ${table.key} IN (SELECT ${table.key.slice(1, -1)} FROM ${name} FINAL WHERE anonymised = 1)`
  const count = await run(`SELECT count() FROM ${name} WHERE ${where}`, { format: 'TabSeparated' })
  if (count.trim() !== '0') await run(`ALTER TABLE ${name} DELETE WHERE ${where} SETTINGS mutations_sync = 1`)
}
