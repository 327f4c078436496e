import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import { type OpenStore, type StoreOptions, UsageError, withStore } from './with-store.ts'

interface QueryOptions extends StoreOptions {
  readonly format?: string
}

const examples = `
Examples:
  cartwatch query "SELECT * FROM realtime.anomalies ORDER BY detected_at DESC LIMIT 5"
  cartwatch query "SELECT metric, max(value) FROM realtime.window_metrics GROUP BY metric" --format CSVWithNames
  cartwatch query "SHOW TABLES FROM realtime" --store ./replayed

Names without a database are those of cartwatch's own. A table's superseded rows are left out (final = 1).
Output goes to standard output as it comes; see ClickHouse's documentation for the names of formats.`

export function queryCommand(open: OpenStore): Command {
  return new Command('query')
    .description('run one SQL statement on the configured store, also beside a running instance')
    .argument('<sql>', 'a statement of ClickHouse SQL')
    .option(
      '--format <name>',
      'a format of ClickHouse (default: PrettyCompact on a terminal, else TabSeparated)'
    )
    .option('--config <file>', 'the configuration file')
    .option('--store <folder>', 'a folder with an embedded store, instead of the configured store')
    .addHelpText('after', examples)
    .action((sql: string, options: QueryOptions) =>
      withStore(open, options, async store => {
        const format = options.format ?? (process.stdout.isTTY ? 'PrettyCompact' : 'TabSeparated')
        if (sql.trim() === '') throw new UsageError('The statement is empty')
        if (!/^\w+$/.test(format)) throw new UsageError(`"${format}" is no format's name`)
        const answer = await store.query(sql, format)
        await pipeline(Readable.from(answer, { objectMode: false }), process.stdout, { end: false })
      })
    )
}
