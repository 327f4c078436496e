import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { quoteIdentifier } from './quoting.ts'

export interface Migration {
  readonly version: number
  readonly name: string
  readonly statements: readonly string[]
}

/** Reads `001_name.sql` … of a folder in order; a statement ends with `;` at the end of a line. */
export function readMigrations(folder: string, database: string): readonly Migration[] {
  const files = readdirSync(folder).filter(file => /^\d{3}_\w+\.sql$/.test(file))
  return files.sort().map(file => ({
    version: Number(file.slice(0, 3)),
    name: file.replace(/\.sql$/, ''),
    statements: statementsOf(readFileSync(join(folder, file), 'utf8'), database)
  }))
}

function statementsOf(text: string, database: string): readonly string[] {
  return text
    .replaceAll(/\brealtime\b/g, () => quoteIdentifier(database))
    .split(/;[ \t]*(?:\n|$)/)
    .map(statement => statement.trim())
    .filter(statement => statement !== '')
}
