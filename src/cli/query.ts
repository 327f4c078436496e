import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command } from '@commander-js/extra-typings'
import { nearest } from '../config/nearest.ts'
import { onOwnDatabase, queryNamed, readCookbook } from '../store/cookbook.ts'
import { visibleLines } from '../telemetry/visible-text.ts'
import { overview } from './overview.ts'
import { roundedFields } from './rounded.ts'
import { type OpenStore, onStore, UsageError, withStore } from './with-store.ts'

const examples = `
Examples:
  cartwatch query --list                              the queries of the cookbook, docs/queries.md
  cartwatch query --name revenue-against-baseline
  cartwatch query "SELECT * FROM realtime.anomalies ORDER BY detected_at DESC LIMIT 5"
  cartwatch query "SELECT metric, max(value) FROM realtime.window_metrics GROUP BY metric" --format CSVWithNames
  cartwatch query "SHOW TABLES FROM realtime" --store ./replayed

Tables named without a database are those of cartwatch. Superseded rows are left out (final = 1).
A statement that changes something needs --write. Results are streamed to standard output. ClickHouse's documentation lists the formats.`

export function queryCommand(open: OpenStore) {
  const command = new Command('query')
    .description(overview.query.summary)
    .argument('[sql]', 'a statement of ClickHouse SQL')
    .option('--name <query>', 'a query of the cookbook instead of a statement')
    .option('--list', 'list the queries of the cookbook')
    .option(
      '--format <name>',
      'a format of ClickHouse (default: PrettyCompact on a terminal, else TabSeparatedWithNames, rounded)'
    )
    .option('--write', 'let the statement change the store')
  return onStore(command, examples).action(async (statement, options) => {
    if (options.list) {
      process.stdout.write(cookbookList())
      return
    }
    await withStore(open, options, async store => {
      const sql = sqlOf(statement, options.name)
      const { isTTY } = process.stdout
      const format = options.format ?? (isTTY ? 'PrettyCompact' : 'TabSeparatedWithNames')
      if (!/^\w+$/.test(format)) throw new UsageError(`"${format}" is not the name of a format`)
      const answer = await store.query(sql, format, options.write !== true)
      const raw = Readable.from(answer, { objectMode: false })
      if (isTTY) await pipeline(raw, visibleText(), process.stdout, { end: false })
      else if (options.format === undefined)
        await pipeline(raw, roundedFields(), process.stdout, { end: false })
      else await pipeline(raw, process.stdout, { end: false })
    })
  })
}

/** What is stored may hold what a terminal obeys: there it is shown as its escape; a file or a pipe gets it as it is. */
export function visibleText(): Transform {
  const decoder = new TextDecoder()
  return new Transform({
    transform(chunk: Buffer, _, done) {
      done(null, visibleLines(decoder.decode(chunk, { stream: true })))
    },
    flush(done) {
      done(null, visibleLines(decoder.decode()))
    }
  })
}

function sqlOf(statement: string | undefined, name: string | undefined): string {
  if ((statement === undefined) === (name === undefined))
    throw new UsageError('Give either a statement or --name; --list shows the queries')
  if (name === undefined) {
    if (statement?.trim() === '') throw new UsageError('The statement is empty')
    return statement as string
  }
  const queries = readCookbook()
  const named = queryNamed(queries, name)
  if (named !== undefined) return onOwnDatabase(named.sql)
  const near = nearest(
    name,
    queries.map(query => query.name)
  )
  throw new UsageError(
    `There is no query ${name}${near === undefined ? '' : `, did you mean ${near}?`} (--list shows them)`
  )
}

function cookbookList(): string {
  const queries = readCookbook()
  const width = Math.max(...queries.map(({ name }) => name.length))
  return queries.map(({ name, description }) => `${name.padEnd(width)}  ${description}\n`).join('')
}
