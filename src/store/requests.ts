import type { Connection, SqlParams, Statement } from './clickhouse.ts'
import { chunksOf, jsonLines, readLines } from './json-lines.ts'
import { type StoreReason, storeReasonOf } from './reasons.ts'
import { rowsOf, type Table } from './tables/table.ts'

/** Asks for a connection before each call, so that an engine that ended is started again. */
export interface Connector {
  /** `bare`: without a database, which may not exist yet. */
  connect(bare: boolean): Promise<Connection>
  close(): Promise<void>
}

export interface RequestOptions {
  readonly connector: Connector
  /** Quoted. */
  readonly database: string
  /** The bound of each request. */
  readonly timeoutMs: number
  /** Resolves once a row may be written; an insert that it rejects fails with that. */
  readonly mayInsert: () => Promise<void>
  /** Called for every request that failed, with the reason. */
  readonly onFailure: (reason: StoreReason) => void
}

/** What the tables ask of the store. Every request is bounded, and its failure counted. */
export interface Requests {
  /** Quoted. */
  readonly database: string
  run(sql: string, rest?: Omit<Statement, 'sql' | 'timeoutMs'>, bare?: boolean): Promise<string>
  /** Inserts when what was inserted before is done and when rows may be written. */
  insert<T>(table: Table<T>, items: Iterable<T>): Promise<void>
  /** Inserts at once. */
  write<T>(table: Table<T>, items: Iterable<T>): Promise<void>
  /** `read` is given each row, a JSON array. */
  select<T>(sql: string, params: SqlParams, read: (line: string) => T): Promise<readonly T[]>
  /** `read` is given each row, a JSON object with times as ISO 8601. */
  selectObjects<T>(sql: string, params: SqlParams, read: (line: string) => T): Promise<readonly T[]>
}

// Settings that reading and writing rely on, whatever the server's profile.
const readSettings =
  'output_format_json_quote_64bit_integers = 0, output_format_json_named_tuples_as_objects = 0'
const writeSettings = 'SETTINGS async_insert = 0, insert_deduplicate = 0, precise_float_parsing = 1'

export function createRequests(options: RequestOptions): Requests {
  const { connector, database, timeoutMs, mayInsert, onFailure } = options
  // The server stops a query that nobody waits for any more.
  const bound = `max_execution_time = ${seconds(timeoutMs)}`
  let writing: Promise<unknown> = Promise.resolve()

  const run: Requests['run'] = async (sql, rest = {}, bare = false) => {
    try {
      const connection = await connector.connect(bare)
      return await connection.run({ sql, timeoutMs, ...rest })
    } catch (error) {
      onFailure(storeReasonOf(error))
      throw error
    }
  }

  const writeChunk = <T>(table: Table<T>, chunk: readonly T[]) => {
    const columns = Object.keys(table.columns).join(', ')
    const sql = `INSERT INTO ${database}.${table.name} (${columns}) ${writeSettings} FORMAT JSONCompactEachRow`
    return run(sql, { lines: jsonLines(rowsOf(table, chunk)) })
  }

  return {
    database,
    run,

    async insert(table, items) {
      for (const chunk of chunksOf(items)) {
        // One at a time: ClickHouse copes badly with many small parts at once.
        const turn = writing.then(mayInsert).then(() => writeChunk(table, chunk))
        writing = turn.catch(() => {})
        await turn
      }
    },

    async write(table, items) {
      for (const chunk of chunksOf(items)) await writeChunk(table, chunk)
    },

    async select(sql, params, read) {
      const text = await run(`${sql} SETTINGS ${readSettings}, ${bound}`, {
        params,
        format: 'JSONCompactEachRow'
      })
      return readLines(text, read)
    },

    async selectObjects(sql, params, read) {
      const text = await run(`${sql} SETTINGS date_time_output_format = 'iso', ${bound}`, {
        params,
        format: 'JSONEachRow'
      })
      return readLines(text, read)
    }
  }
}

export function seconds(ms: number): number {
  return Math.ceil(ms / 1_000)
}
