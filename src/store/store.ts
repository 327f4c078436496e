import { fileURLToPath } from 'node:url'
import type { WindowMetrics } from '../metrics/types.ts'
import { anomalyRow } from './anomaly-row.ts'
import type { Connection, SqlParams, Statement } from './clickhouse.ts'
import { ofAnomalies, ofIncidents, ofNotifications, timeParam } from './conditions.ts'
import { chunksOf, linesOf, maxRows, readLines } from './lines.ts'
import { migrate } from './migrate.ts'
import { quoteName } from './quoting.ts'
import { actionOfLine, incidentOfLine, notificationOfLine, windowColumns, windowOfLine } from './reading.ts'
import { reasonOf, type StoreReason } from './reasons.ts'
import {
  actionRows,
  anomalyRows,
  incidentRows,
  notificationRows,
  type Row,
  rowOfAction,
  rowOfAnomaly,
  rowOfIncident,
  rowOfNotification,
  rowsOfWindow,
  type TableRows,
  windowRows
} from './rows.ts'
import type { Retention, Store } from './types.ts'
import { versionColumns, versionOfLine } from './versions.ts'

/** Asks for a connection before each call, so that an engine that ended is started again. */
export interface Connector {
  /** `bare`: without a database, which may not exist yet. */
  connect(bare: boolean): Promise<Connection>
  close(): Promise<void>
}

export interface StoreOptions {
  readonly connector: Connector
  readonly database?: string
  readonly retention?: Retention
  /** The bound of each request. */
  readonly timeoutMs: number
  /** The bound of a user's query until its first byte, and of each wait behind that. */
  readonly queryTimeoutMs?: number
  /** Resolves once a row may be written; an insert that it rejects fails with that. */
  readonly mayInsert?: () => Promise<void>
  /** Where the migrations lie. */
  readonly migrationsFolder?: string
  /** Told of every call that failed, and why. */
  readonly onFailure?: (reason: StoreReason) => void
}

const defaultMigrations = fileURLToPath(new URL('../../clickhouse', import.meta.url))
/** That of the tables as the migrations make them. */
const shippedRetention = { windows: 90, segments: 90, anomalies: 90, incidents: 90, notifications: 90 }
/** Windows read in one request: a week of minutes, some 10 MB. */
const readSpanMs = 7 * 86_400_000

// What our reading and writing rests on, whatever the server's profile says.
const readSettings =
  'output_format_json_quote_64bit_integers = 0, output_format_json_named_tuples_as_objects = 0'
const writeSettings = 'SETTINGS async_insert = 0, insert_deduplicate = 0, precise_float_parsing = 1'

export function createStore({
  connector,
  database = 'realtime',
  retention = shippedRetention,
  timeoutMs,
  queryTimeoutMs = 300_000,
  mayInsert = async () => {},
  migrationsFolder = defaultMigrations,
  onFailure = () => {}
}: StoreOptions): Store {
  const name = quoteName(database)
  let writing: Promise<unknown> = Promise.resolve()

  const run = async (sql: string, rest: Omit<Statement, 'sql' | 'timeoutMs'> = {}, bare = false) => {
    try {
      const connection = await connector.connect(bare)
      return await connection.run({ sql, timeoutMs, ...rest })
    } catch (error) {
      onFailure(reasonOf(error))
      throw error
    }
  }

  const write = ({ table, columns }: TableRows, rows: readonly Row[]) => {
    const sql = `INSERT INTO ${name}.${table} (${columns.join(', ')}) ${writeSettings} FORMAT JSONCompactEachRow`
    return run(sql, { lines: linesOf(rows) })
  }

  const insert = async (into: TableRows, rows: readonly Row[]) => {
    if (rows.length === 0) return
    // One at a time: many small parts at once are what ClickHouse bears worst.
    const turn = writing.then(mayInsert).then(() => write(into, rows))
    writing = turn.catch(() => {})
    await turn
  }

  const select = async <T>(
    sql: string,
    params: SqlParams,
    read: (line: string) => T
  ): Promise<readonly T[]> => {
    const text = await run(`${sql} SETTINGS ${readSettings}, ${bound(timeoutMs)}`, {
      params,
      format: 'JSONCompactEachRow'
    })
    return readLines(text, read)
  }

  return {
    migrate: () =>
      migrate({
        run: (sql, format) => run(sql, { format }, true),
        database,
        retention,
        migrationsFolder
      }),

    async ping() {
      await run('SELECT 1')
    },

    async insertWindows(pipeline, windows) {
      let rows: Row[] = []
      for (const window of windows) {
        for (const row of rowsOfWindow(pipeline, window)) {
          rows.push(row)
          if (rows.length < maxRows) continue
          await insert(windowRows, rows)
          rows = []
        }
      }
      await insert(windowRows, rows)
    },

    async insertAnomalies(anomalies) {
      for (const chunk of chunksOf(anomalies)) await insert(anomalyRows, chunk.map(rowOfAnomaly))
    },

    async insertIncidents(incidents) {
      for (const chunk of chunksOf(incidents)) await insert(incidentRows, chunk.map(rowOfIncident))
    },

    async insertNotifications(notifications) {
      for (const chunk of chunksOf(notifications))
        await insert(notificationRows, chunk.map(rowOfNotification))
    },

    async windows(pipeline, fromMs, toMs, segmentMetrics) {
      const windows: WindowMetrics[] = []
      const span = await spanOf(pipeline, fromMs, toMs)
      for (let from = span.from; from < span.to; from += readSpanMs) {
        const sql = `SELECT ${windowColumns} FROM ${name}.window_metrics FINAL
          WHERE pipeline = {pipeline:String} AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
            AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC') ${segmentCondition(segmentMetrics)}
          GROUP BY start_ms, end_ms HAVING argMax(complete, records) = 1 ORDER BY start_ms, end_ms`
        const params = {
          pipeline,
          from,
          to: Math.min(span.to, from + readSpanMs),
          ...(segmentMetrics && { segmentMetrics })
        }
        for (const window of await select(sql, params, windowOfLine)) windows.push(window)
      }
      return windows
    },

    async storedWindows(pipeline, fromMs, toMs) {
      const sql = `SELECT ${versionColumns} FROM ${name}.window_metrics FINAL
        WHERE pipeline = {pipeline:String} AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
          AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
        GROUP BY start_ms ORDER BY start_ms`
      const params = { pipeline, from: timeParam(fromMs), to: timeParam(toMs) }
      return new Map(await select(sql, params, versionOfLine))
    },

    async detections(pipeline, sinceMs) {
      const sql = `SELECT id, toUnixTimestamp64Milli(detected_at) FROM ${name}.anomalies_log FINAL
        WHERE pipeline = {pipeline:String} AND window_end >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')`
      const read = (line: string) => JSON.parse(line) as [string, number]
      return new Map(await select(sql, { pipeline, since: timeParam(sinceMs) }, read))
    },

    incidents(pipeline, sinceMs) {
      const sql = `SELECT state FROM ${name}.incidents FINAL
        WHERE pipeline = {pipeline:String}
          AND (status = 'open' OR last_window_end >= fromUnixTimestamp64Milli({since:Int64}, 'UTC'))
        ORDER BY opened_at, id`
      return select(sql, { pipeline, since: timeParam(sinceMs) }, incidentOfLine)
    },

    notifications(pipeline, sinceMs) {
      const sql = `SELECT state FROM ${name}.notifications FINAL
        WHERE pipeline = {pipeline:String} AND decided_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
        ORDER BY decided_at, id`
      return select(sql, { pipeline, since: timeParam(sinceMs) }, notificationOfLine)
    },

    async insertActions(actions) {
      // Any instance writes what a person did: neither does it wait for the work's own rows, nor for who works.
      for (const chunk of chunksOf(actions)) await write(actionRows, chunk.map(rowOfAction))
    },

    actions(pipeline, sinceMs) {
      const sql = `SELECT state FROM ${name}.actions FINAL
        WHERE pipeline = {pipeline:String}
          AND (at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
            OR silence_id IN (
              SELECT silence_id FROM ${name}.actions WHERE pipeline = {pipeline:String}
                AND silence_ends_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')))
        ORDER BY at, id`
      return select(sql, { pipeline, since: timeParam(sinceMs) }, actionOfLine)
    },

    findIncidents(filter) {
      const { where, limit, params } = ofIncidents(filter)
      const sql = `SELECT state FROM ${name}.incidents FINAL ${where}
        ORDER BY opened_at DESC, id ${limit}`
      return select(sql, params, incidentOfLine)
    },

    findNotifications(filter) {
      const { where, limit, params } = ofNotifications(filter)
      const sql = `SELECT state FROM ${name}.notifications FINAL ${where}
        ORDER BY decided_at DESC, id ${limit}`
      return select(sql, params, notificationOfLine)
    },

    async anomalies(filter) {
      const { where, limit, params } = ofAnomalies(filter)
      const sql = `SELECT * FROM ${name}.anomalies ${where} ORDER BY detected_at DESC, id ${limit}
        SETTINGS date_time_output_format = 'iso', ${bound(timeoutMs)}`
      const text = await run(sql, { params, format: 'JSONEachRow' })
      return readLines(text, line => anomalyRow.parse(JSON.parse(line)))
    },

    async query(sql, format) {
      const connection = await connector.connect(false)
      const settings = { final: 1, max_execution_time: seconds(queryTimeoutMs) }
      // With `final` a plain SELECT shows each row once, as with FINAL behind every table.
      return connection.stream({ sql, format, settings, timeoutMs: queryTimeoutMs })
    },

    close: () => connector.close()
  }

  /** The narrowest [from, to) that holds every window of the wanted one; empty where there is none. */
  async function spanOf(pipeline: string, fromMs: number, toMs: number) {
    const sql = `SELECT toUnixTimestamp64Milli(min(window_start)), toUnixTimestamp64Milli(max(window_start)), count()
      FROM ${name}.window_metrics
      WHERE pipeline = {pipeline:String} AND segment = 'all'
        AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
        AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`
    const read = (line: string) => JSON.parse(line) as [number, number, number]
    const [found] = await select(sql, { pipeline, from: timeParam(fromMs), to: timeParam(toMs) }, read)
    return found === undefined || found[2] === 0 ? { from: 0, to: 0 } : { from: found[0], to: found[1] + 1 }
  }
}

/** The order of the table is by metric and segment, so that rows left out so are hardly touched. */
function segmentCondition(metrics: readonly string[] | undefined): string {
  if (metrics === undefined) return ''
  if (metrics.length === 0) return "AND segment = 'all'"
  return "AND (segment = 'all' OR metric IN {segmentMetrics:Array(String)})"
}

/** What nobody waits for any more is not worked on either. */
function bound(timeoutMs: number): string {
  return `max_execution_time = ${seconds(timeoutMs)}`
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1_000)
}
