import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { freePort } from '../src/demo/broker/free-port.ts'
import type { Recount } from './events.ts'
import { type Run, startMeasured } from './measure.ts'
import { sumOf, until } from './polling.ts'

/** The newest windows stay open, for no later event closes them. */
const openAtEnd = 2

export interface CartwatchRun extends Run {
  readonly windowsEqual: number
}

/**
 * cartwatch, in a fresh process with a store of its own, over the first `count` events of the topic. Rejects where a
 * stored row differs from the recount, or where more than the newest windows are missing.
 */
export async function runCartwatch(
  bootstrap: string,
  topic: string,
  count: number,
  recount: Recount,
  folder: string
): Promise<CartwatchRun> {
  const port = await freePort()
  const config = join(folder, 'cartwatch.yaml')
  await writeFile(config, configuration(bootstrap, topic, port, folder))
  const { child, usage } = startMeasured(['src/main.ts', 'run', '--config', config], folder)
  child.stdout?.resume()
  try {
    const metrics = `http://127.0.0.1:${port}/metrics`
    const eventsPerSecond = await Promise.race([
      rateUpTo(count, metrics),
      usage.then(() => {
        throw new Error('cartwatch ended before it had read all events')
      })
    ])
    await until(
      async () => (await sumOf(metrics, 'cartwatch_windows_closed_total')) >= recount.size - openAtEnd
    )
    child.kill('SIGTERM')
    const used = await usage
    return { eventsPerSecond, ...used, windowsEqual: await compare(recount, join(folder, 'store')) }
  } finally {
    child.kill('SIGKILL')
  }
}

const configuration = (bootstrap: string, topic: string, port: number, folder: string) =>
  stringify({
    pipeline: 'bench',
    alerts: 'off',
    dead_letter: 'count',
    currency: 'USD',
    kafka: { brokers: [bootstrap], topics: [topic], group: `bench-${port}`, start: 'earliest' },
    windows: { idle: '1s' },
    store: { folder: join(folder, 'store') },
    http: { port },
    log: { level: 'error' }
  })

/**
 * Events a second between the first answer with some events and the last without all of them: an answer that finds
 * the work done does not say since when. Resolves once all are read.
 */
async function rateUpTo(count: number, metrics: string): Promise<number> {
  const samples: { at: number; events: number }[] = []
  await until(async () => {
    const events = await sumOf(metrics, 'cartwatch_events_total')
    if (events > 0 && events < count) samples.push({ at: performance.now(), events })
    return events >= count
  })
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || first === last) throw new Error(`${count} events are too few to measure by`)
  return ((last.events - first.events) / (last.at - first.at)) * 1_000
}

/** How many windows equal the recount in every value compared; rejects with those that do not. */
async function compare(recount: Recount, store: string): Promise<number> {
  const rows = await storedRows(store)
  const wrong: string[] = []
  for (const [start, expected] of [...recount].sort(([a], [b]) => a - b).slice(0, -openAtEnd)) {
    const wanted = {
      events: expected.events,
      revenue: expected.revenue,
      orders: expected.orders.size,
      visits: expected.visits.size
    }
    for (const [metric, value] of Object.entries(wanted)) {
      const stored = rows.get(`${metric} ${start}`)
      const counted = metric === 'revenue' && stored !== undefined ? Math.round(stored * 10_000) : stored
      if (counted !== value)
        wrong.push(`${metric} ${new Date(start).toISOString()}: ${counted}, not ${value}`)
    }
  }
  if (wrong.length > 0) throw new Error(`${wrong.length} rows differ from the recount:\n${wrong.join('\n')}`)
  return recount.size - openAtEnd
}

async function storedRows(store: string): Promise<Map<string, number>> {
  const sql = `SELECT metric, toUnixTimestamp64Milli(window_start) AS start, numerator FROM realtime.windows
    WHERE segment = 'all' AND metric IN ('events', 'revenue', 'orders', 'visits')`
  const args = ['src/main.ts', 'query', sql, '--store', store, '--format', 'TabSeparated']
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 })
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map(row => row.split('\t'))
  return new Map(rows.map(([metric, start, numerator]) => [`${metric} ${start}`, Number(numerator)]))
}
