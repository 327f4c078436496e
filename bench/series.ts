import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { WindowMetrics } from '../src/metrics/types.ts'
import { openStore } from '../src/store/open.ts'
import type { Store } from '../src/store/types.ts'
import { createWeb } from '../src/web/web.ts'
import type { Segment } from '../src/window/segment.ts'
import { closedInbound, configOf } from '../test/support/inbound.ts'
import { written } from './sheet.ts'

const usage = `How long the API takes for a view over stored windows of one minute, and how long the rows of a window take to be
inserted meanwhile. The store is the embedded engine.

  node bench/series.ts [--days 90] [--series 40] [--rounds 3]`

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '90' },
    series: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const minuteMs = 60_000
const [days, count, rounds] = [values.days, values.series, values.rounds].map(Number) as [
  number,
  number,
  number
]
const toMs = Math.floor(Date.now() / minuteMs) * minuteMs
const fromMs = toMs - days * 1_440 * minuteMs
const segments: readonly Segment[] = [
  'all',
  ...Array.from({ length: count - 1 }, (_, index) => `country=c${index}` as const)
]

const folder = await mkdtemp(join(tmpdir(), 'cartwatch-series-'))
const store = await openStore({ folder, timeoutMs: 60_000 })
try {
  await store.migrate()
  await fill(store)
  const inbound = closedInbound()
  const config = configOf()
  const http = { ...config.http, port: 0 }
  const web = createWeb({
    http,
    readiness: () => ({ components: {}, receivers: {} }),
    sends: () => ({ total: 0, sent: 0, averageMs: null, p95Ms: null }),
    status: async () => '{}',
    metrics: async () => '',
    metricsType: 'text/plain',
    inbound: { ...inbound, shop: { ...inbound.shop, store } }
  })
  const url = await web.listen()
  await ask(url, 'all')
  const quiet = await views(url)
  const { inserts: idle } = await withInserts(async () => {
    await new Promise(resolve => setTimeout(resolve, 3_000))
  })
  const busy = await withInserts(() => views(url))
  const atOnce = await withInserts(async () => {
    await Promise.all(segments.map(segment => ask(url, segment)))
  })
  const row = (name: string, times: readonly number[]) => [
    name,
    String(times.length),
    ...[0.5, 0.95, 1].map(share => `${Math.round(quantile(times, share))} ms`)
  ]
  const head = ['', 'times', 'median', '95 %', 'longest']
  const rows = [
    row(`view of ${days} days, nothing else going on`, quiet),
    row('the same while windows are inserted', busy.result),
    row(`rows of a window of ${count} series, nothing else going on`, idle),
    row('the same while views are asked for, one after the other', busy.inserts),
    row(`the same while ${count} views are asked for at once`, atOnce.inserts)
  ]
  console.log(written({ head, rows }, 'text'))
  await web.close()
} finally {
  await store.close()
  await rm(folder, { recursive: true, force: true })
}

/** By the engine itself: a row each minute of each series. */
async function fill(into: Store): Promise<void> {
  for (const segment of segments) {
    const sql = `INSERT INTO realtime.window_metrics
      (pipeline, metric, dimension, segment, window_start, window_end, value, numerator, denominator, sample_size, squares, complete, records)
      SELECT 'shop', 'events', '${segment === 'all' ? 'all' : 'country'}', '${segment}',
        fromUnixTimestamp64Milli(toInt64(${fromMs} + number * ${minuteMs}), 'UTC') AS begin, begin + toIntervalMinute(1),
        rand() % 1000 AS n, n, 1, n, 0, 1, 100
      FROM numbers(${days * 1_440})`
    for await (const _ of await into.query(sql, 'JSON'));
  }
}

async function ask(url: string, segment: string): Promise<number> {
  const began = performance.now()
  const query = new URLSearchParams({
    ...{ metric: 'events', segment, points: '1500' },
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString()
  })
  const response = await fetch(`${url}/api/series?${query}`)
  const body = (await response.json()) as { readonly at?: readonly number[] }
  if (!body.at?.length) throw new Error(`no series: ${response.status} ${JSON.stringify(body)}`)
  return performance.now() - began
}

async function views(url: string): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++)
    for (const segment of segments) times.push(await ask(url, segment))
  return times
}

/** Inserts a window every tenth of a second until the work is done: far more than a shop has. */
async function withInserts<Result>(work: () => Promise<Result>) {
  const inserts: number[] = []
  let isOver = false
  const writing = (async () => {
    for (let index = 0; !isOver; index++) {
      const began = performance.now()
      await store.insertWindows('shop', [windowAt(toMs + index * minuteMs)])
      inserts.push(performance.now() - began)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  })()
  try {
    return { result: await work(), inserts }
  } finally {
    isOver = true
    await writing
  }
}

function windowAt(start: number): WindowMetrics {
  const of = { value: 1, numerator: 1, denominator: 1, sampleSize: 1, squares: 0 }
  return {
    ...{ start, end: start + minuteMs, complete: true, records: 1 },
    values: new Map([['events', of]]),
    segments: segments
      .filter(segment => segment !== 'all')
      .map(segment => ({ metric: 'events', dimension: 'country', segment, ...of }))
  }
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
