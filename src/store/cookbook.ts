import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface CookbookQuery {
  readonly name: string
  readonly description: string
  readonly sql: string
}

const cookbookFile = fileURLToPath(new URL('../../clickhouse/queries.sql', import.meta.url))

/** Names that queries had in earlier versions. */
const formerNames: Readonly<Record<string, string>> = { 'not-told': 'not-notified' }

/** The query of a name, also of one that it had in an earlier version. */
export const queryNamed = (queries: readonly CookbookQuery[], name: string): CookbookQuery | undefined =>
  queries.find(query => query.name === (Object.hasOwn(formerNames, name) ? formerNames[name] : name))

/** The queries of `clickhouse/queries.sql`: each begins with its name and a line that says what it shows. */
export function readCookbook(text = readFileSync(cookbookFile, 'utf8')): readonly CookbookQuery[] {
  return text
    .split(/^-- name: /m)
    .slice(1)
    .map(part => {
      const [name = '', description = '', ...lines] = part.split('\n')
      return {
        name,
        description: description.replace(/^-- /, ''),
        sql: lines.join('\n').trim().replace(/;$/, '')
      }
    })
}

/** The same query on the connection's own database, whatever that is called. */
export function onOwnDatabase(sql: string): string {
  return sql.replaceAll("'realtime'", 'currentDatabase()').replaceAll(/\brealtime\./g, '')
}
