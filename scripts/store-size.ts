import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { eventsOf } from '../producer/events.ts'
import { scenarioPlan } from '../producer/plan.ts'
import { loadConfig } from '../src/config/load.ts'
import { buildBackfill } from '../src/run/assembly/backfill.ts'
import type { FileSource } from '../src/source/file.ts'
import { openStore } from '../src/store/open.ts'
import { wallClock } from '../src/telemetry/clock.ts'
import { createLogger } from '../src/telemetry/log.ts'

const usage = `Measures what window_metrics takes in ClickHouse: a steady stream of the producer, through the stages of the
configuration, into a real engine.

  node scripts/store-size.ts [--days 1] [--orders 20] [--config cartwatch.yaml]

Prints rows by dimension, and rows and bytes on disk in all, once merged.`

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '1' },
    orders: { type: 'string', default: '20' },
    config: { type: 'string' },
    help: { type: 'boolean', default: false }
  }
})
const days = Number(values.days)
const ordersPerMinute = Number(values.orders)
const loaded = loadConfig({ path: values.config, env: {} })
if (values.help || !(days > 0) || !(ordersPerMinute > 0) || !loaded.ok) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}

const dayMs = 86_400_000
const linesPerTurn = 5_000
const startMs = Date.UTC(2026, 9, 5)
const plan = scenarioPlan({
  scenario: 'steady',
  seed: 1,
  startMs,
  durationMs: days * dayMs,
  shop: { ordersPerMinute }
})

/** The stream as a file would give it. */
const stream: FileSource = {
  async read(take, settle = async () => {}) {
    let lineNumber = 0
    for (const { line } of eventsOf(plan)) {
      lineNumber++
      take(Buffer.from(line), lineNumber)
      if (lineNumber % linesPerTurn === 0) await settle()
    }
  },
  progress: () => ({ bytesRead: 0, bytesTotal: undefined })
}

const folder = await mkdtemp(join(tmpdir(), 'cartwatch-size-'))
const store = await openStore({ folder, timeoutMs: 60_000 })
const log = createLogger({ level: 'error', clock: wallClock, to: 'stderr' })
try {
  const backfill = buildBackfill({
    loaded,
    store,
    clock: wallClock,
    log,
    file: stream,
    fromMs: undefined,
    toMs: undefined
  })
  const { events, written } = await backfill.run()
  await ask('OPTIMIZE TABLE realtime.window_metrics FINAL')
  const rows = (
    await ask(
      'SELECT dimension, count() AS n FROM realtime.window_metrics GROUP BY dimension ORDER BY n DESC'
    )
  ).map(([dimension = '', count]) => ({ dimension, count: Number(count) }))
  const [[bytes] = []] = await ask(
    "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'window_metrics'"
  )
  console.log(tableOf(rows, { events, windows: written, bytes: Number(bytes) }))
} finally {
  await store.close()
  await rm(folder, { recursive: true, force: true })
}

async function ask(sql: string): Promise<string[][]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await store.query(sql, 'TabSeparated')) chunks.push(chunk)
  const lines = Buffer.concat(chunks).toString().split('\n').slice(0, -1)
  return lines.map(line => line.split('\t'))
}

interface Measured {
  readonly events: number
  readonly windows: number
  readonly bytes: number
}

function tableOf(
  rows: readonly { dimension: string; count: number }[],
  { events, windows, bytes }: Measured
): string {
  const whole = (value: number) => Math.round(value).toLocaleString('en')
  const line = (what: string, all: number) => [what, whole(all / days), whole((all / events) * 1e6)]
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: ['', 'a day', 'a million events'],
    colAligns: ['left', 'right', 'right']
  })
  const total = rows.reduce((sum, { count }) => sum + count, 0)
  table.push(
    line('events', events),
    line('windows', windows),
    ...rows.map(({ dimension, count }) => line(`rows of ${dimension}`, count)),
    line('rows', total),
    line('KiB on disk', bytes / 1_024),
    ['bytes a row', (bytes / total).toFixed(1), '']
  )
  return `${ordersPerMinute} orders a minute\n${table}`
}
