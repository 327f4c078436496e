import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll } from 'vitest'
import { decodeMetadata } from '../../src/source/commit-metadata.ts'
import { type Embedded, openEmbedded } from '../../src/store/embedded/open.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/types.ts'
import type { TestKafka } from './kafka-client.ts'
import { type OnTestFinished, oneMustRun } from './program.ts'
import { isRecounted, type LogRecord, type Recounted, type RecountOptions, recount } from './recount.ts'
import { until } from './until.ts'

/** An engine that the test runs itself, so that it outlives the programs which write into it. */
export interface TestEngine {
  readonly endpoint: Embedded
  /** The `store:` section that names it, and its address where something stands before it. */
  section(url?: string): Readonly<Record<string, string>>
  /** The rows of a SELECT, by column. */
  rows<Row>(sql: string): Promise<Row[]>
}

/** One embedded engine for the suite that calls it. */
export function useEngine(): TestEngine {
  const opened = {
    folder: '',
    store: undefined as Store | undefined,
    engine: undefined as Embedded | undefined
  }

  beforeAll(async () => {
    opened.folder = await mkdtemp(join(tmpdir(), 'cartwatch-engine-'))
    opened.engine = await openEmbedded(opened.folder)
    opened.store = await openStore({ folder: opened.folder, timeoutMs: 60_000 })
    await opened.store.migrate()
  })
  afterAll(async () => {
    await opened.store?.close()
    await opened.engine?.close()
    await rm(opened.folder, { recursive: true, force: true })
  })

  const endpoint = () => {
    if (opened.engine === undefined) throw new Error('useEngine() serves inside tests and hooks')
    return opened.engine
  }
  return {
    get endpoint() {
      return endpoint()
    },
    section: (url = endpoint().url) => ({ url, user: endpoint().user, password: endpoint().password }),
    rows: <Row>(sql: string) => rowsOf<Row>(opened.store as Store, sql)
  }
}

/** The rows of a SELECT on the engine of a folder, which is opened for the test. */
export async function rowsIn(folder: string, onTestFinished: OnTestFinished): Promise<TestEngine['rows']> {
  const store = await openStore({ folder, timeoutMs: 60_000 })
  onTestFinished(store.close)
  return <Row>(sql: string) => rowsOf<Row>(store, sql)
}

/** The rows of a SELECT on any store. */
export async function rowsOf<Row>(store: Store, sql: string): Promise<Row[]> {
  const answer = await text(await store.query(sql, 'JSONEachRow'))
  return answer
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Row)
}

type Rows = TestEngine['rows']

/** What the numerator of a rate counts. */
const countedBy: Readonly<Record<string, string>> = { late_rate: 'late', dead_letter_rate: 'dead' }

interface WindowRow {
  readonly metric: string
  readonly dimension: string
  readonly segment: string
  readonly start: number
  readonly value: number | null
  readonly numerator: number
  readonly records: number
  readonly complete: number
}

/** Stored windows by their start, as the recount gives them. */
export async function storedWindows(rows: Rows, pipeline: string): Promise<Map<number, Recounted>> {
  const all = await windowRows(rows, pipeline)
  const windows = new Map<number, Recounted>()
  for (const { metric, dimension, segment, start, value, numerator, records } of all) {
    const window = windows.get(start) ?? { records }
    windows.set(start, window)
    const name = segment === 'all' ? metric : `${metric}{${segment.replace('currency=', '')}}`
    if (isRecounted(metric, dimension)) window[name] = value
    const counted = segment === 'all' ? countedBy[metric] : undefined
    if (counted !== undefined) window[counted] = numerator
  }
  return windows
}

/** More than a fifth is late: such a window lacks too much, and is incomplete. */
export const isMostlyLate = ({ records, dead, late }: Recounted): boolean =>
  Number(late) > 0.2 * (Number(records) - Number(dead))

/** Whether each window was seen whole, by its start. */
export async function completeness(rows: Rows, pipeline: string): Promise<Map<number, boolean>> {
  const all = await windowRows(rows, pipeline)
  return new Map(all.map(({ start, complete }) => [start, complete === 1]))
}

const windowRows = (rows: Rows, pipeline: string) =>
  rows<WindowRow>(
    `SELECT metric, dimension, segment, toInt64(toUnixTimestamp64Milli(window_start)) AS start, value, numerator,
       toInt64(records) AS records, complete
     FROM realtime.window_metrics FINAL WHERE pipeline = '${pipeline}' ORDER BY window_start
     SETTINGS output_format_json_quote_64bit_integers = 0`
  )

/** A topic as the recount reads it: every record that a reader of committed transactions sees, by partition. */
export async function logsOf(kafka: TestKafka, topic: string): Promise<Map<string, LogRecord[]>> {
  const logs = new Map<string, LogRecord[]>()
  for (const { partition, offset, timestamp, value } of await kafka.readToEnd(topic)) {
    const key = `${topic}/${partition}`
    const log = logs.get(key) ?? []
    log.push({ offset, recordTime: timestamp, value })
    logs.set(key, log)
  }
  return logs
}

export interface PipelineConfig {
  readonly pipeline: string
  readonly topic: string
  readonly brokers: string
  readonly store: Readonly<Record<string, unknown>>
  /** Short where the group is to miss a member; else so long that it misses none on a busy machine. */
  readonly session?: '6s' | '12s'
  readonly kafka?: Readonly<Record<string, unknown>>
  readonly windows?: Readonly<Record<string, unknown>>
  /** Further sections. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** A configuration with windows of a second, which only the log closes unless `windows.idle` says more. */
export function pipelineConfig(options: PipelineConfig) {
  const { pipeline, topic, brokers, store, session = '30s', kafka, windows, more } = options
  return {
    pipeline,
    kafka: { brokers, topics: [topic], group: topic, session_timeout: session, ...kafka },
    windows: { size: '1s', grace: '500ms', idle: '1h', max_ahead: 1_000, give_up: '2h', ...windows },
    store: { timeout: session === '30s' ? '20s' : '5s', ...store },
    http: { port: 0 },
    ...more
  }
}

/** Those of the configuration's default. */
export const defaultDimensions = ['category', 'country', 'device', 'payment_method']

export const pipelineRecount = { currency: 'USD', sizeMs: 1_000, graceMs: 500, dimensions: defaultDimensions }

/**
 * Waits until the group's commit says, for every partition that has one, that all windows up to a time are done. Fails
 * at once where none of the topic's programs is left to do them.
 */
export function doneUntil(
  kafka: TestKafka,
  topic: string,
  timeMs: number,
  { deadlineMs, group = topic }: { deadlineMs?: number; group?: string } = {}
): Promise<true> {
  return until(
    `the windows of ${topic} up to ${new Date(timeMs).toISOString()} to be done`,
    async () => {
      const commits = [...(await kafka.groupOffsets(group, topic)).values()].filter(
        ({ offset }) => offset >= 0
      )
      const closed = commits.map(({ offset, metadata }) => decodeMetadata(offset, metadata).closedUntil ?? 0)
      const isDone = closed.length > 0 && Math.min(...closed) >= timeMs
      if (!isDone) oneMustRun(topic)
      return isDone
    },
    deadlineMs
  )
}

/** The recounted windows before a time, which must be stored digit for digit. */
export async function recountedUntil(
  kafka: TestKafka,
  topic: string,
  timeMs: number,
  options: RecountOptions = pipelineRecount
): Promise<Map<number, Recounted>> {
  const counted = recount(await logsOf(kafka, topic), options)
  return new Map([...counted].filter(([start]) => start < timeMs))
}

/** Stored windows without those in which nothing happened, which no recount knows. */
export async function storedUntil(
  rows: Rows,
  pipeline: string,
  timeMs: number
): Promise<Map<number, Recounted>> {
  const stored = await storedWindows(rows, pipeline)
  return new Map([...stored].filter(([start, { records }]) => start < timeMs && records !== 0))
}
