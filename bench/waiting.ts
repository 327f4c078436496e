import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { eventsOf } from '../producer/events.ts'
import { scenarioPlan } from '../producer/plan.ts'
import { formatErrors } from '../src/config/errors.ts'
import { loadConfig } from '../src/config/load.ts'
import { createStoreWriter } from '../src/decide/store-writer.ts'
import { createAssignmentState } from '../src/ingest/assignment-state.ts'
import { ingestRecord } from '../src/ingest/ingest-record.ts'
import type { WindowMetrics } from '../src/metrics/types.ts'
import { buildStages } from '../src/run/assembly/stages.ts'
import { enteredAt } from '../src/source/start.ts'
import { wallClock } from '../src/telemetry/clock.ts'
import { createLogger } from '../src/telemetry/log.ts'

const usage = `The memory of a day of closed windows that wait for a store that is away: an hour of the producer's shop
through the stages of the default configuration, again and again. Needs node --expose-gc.

  node --expose-gc bench/waiting.ts [--orders 20] [--windows 1440]`

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '20' },
    windows: { type: 'string', default: '1440' },
    help: { type: 'boolean', default: false }
  }
})
if (values.help || gc === undefined) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}

const ordersPerMinute = Number(values.orders)
const count = Number(values.windows)
const key = 'shop-events/0'
const minuteMs = 60_000
const loaded = loadConfig({ path: 'defaults', env: {}, readFile: () => '' })
if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
const log = createLogger({ level: 'silent', clock: wallClock, to: 'stderr' })

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`

for (const [name, windows] of [
  [`${ordersPerMinute} orders a minute`, hourOfShop()],
  ['the most that the defaults let into a window, all names and numbers its own', fullWindows()]
] as const) {
  const rows = windows.reduce((sum, { values: own, segments }) => sum + own.size + segments.length, 0)
  const { bytes, packMs } = await waiting(windows)
  const asObjects = heldBy(() =>
    Array.from({ length: count }, (_, index) => structuredClone(windowAt(windows, index)))
  )
  console.log(`${name}: ${(rows / windows.length).toFixed(0)} rows a window`)
  console.log(`  ${count} windows wait in ${megabytes(bytes)}, each put away in ${packMs.toFixed(1)} ms`)
  console.log(`  as objects they would be ${megabytes(asObjects)}`)
}
process.exit(0)

/** What a queue holds whose store is away. */
async function waiting(windows: readonly WindowMetrics[]): Promise<{ bytes: number; packMs: number }> {
  const writer = createStoreWriter({
    store: {
      migrate: away,
      insertWindows: away,
      insertAnomalies: away,
      insertNotifications: away,
      insertIncidents: away
    },
    pipeline: 'shop',
    clock: wallClock,
    log,
    onDone: () => {}
  })
  const put = (index: number) =>
    void writer.push({
      window: windowAt(windows, index),
      anomalies: [],
      incidents: [],
      notifications: []
    })
  put(0)
  await new Promise(setImmediate)
  if (writer.failure() === undefined) throw new Error('the store is not away')
  let packMs = 0
  const bytes = heldBy(() => {
    const beganMs = performance.now()
    for (let index = 1; index < count; index++) put(index)
    packMs = (performance.now() - beganMs) / count
    return writer
  })
  return { bytes, packMs }
}

async function away(): Promise<never> {
  throw new Error('away')
}

/** The bytes that stay alive with what is made. */
function heldBy(make: () => unknown): number {
  gc?.()
  gc?.()
  const before = inUse()
  const made = make()
  gc?.()
  gc?.()
  const after = inUse()
  return made === undefined ? 0 : after - before
}

function inUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function windowAt(windows: readonly WindowMetrics[], index: number): WindowMetrics {
  const window = windows[index % windows.length] as WindowMetrics
  const laterMs = Math.floor(index / windows.length) * windows.length * minuteMs
  return { ...window, start: window.start + laterMs, end: window.end + laterMs }
}

function hourOfShop(): WindowMetrics[] {
  if (!loaded.ok) return []
  const startMs = Date.UTC(2026, 9, 5, 12)
  const plan = scenarioPlan({
    scenario: 'steady',
    seed: 1,
    startMs,
    durationMs: 61 * minuteMs,
    shop: { ordersPerMinute }
  })
  const stages = buildStages(loaded.config, log)
  const beginning = enteredAt(0, undefined)
  const work = createAssignmentState(stages.windows, new Map([[key, beginning]]), startMs)
  const partition = work.partitions.get(key)
  if (partition === undefined) throw new Error('the partition has no windows')
  const closed: WindowMetrics[] = []
  let offset = 0
  for (const { line, arrivalMs: time } of eventsOf(plan)) {
    const record = { key: null, value: Buffer.from(line), headers: {} }
    ingestRecord(stages.decode, partition, offset, time, record)
    offset++
    partition.moveTo(offset)
    if (offset % 1_000 !== 0) continue
    for (const window of work.close(time).windows) {
      closed.push(stages.evaluate(window))
      work.done(window.end)
    }
  }
  return closed
}

/** As many rows as `npm run bench:distinct` gives, and nothing in them that could be told more shortly. */
function fullWindows(): WindowMetrics[] {
  const number = () => Math.random() * 1e6
  const row = () => ({
    value: number(),
    numerator: number(),
    denominator: number(),
    sampleSize: number(),
    squares: number()
  })
  return Array.from({ length: 60 }, (_, minute) => ({
    start: minute * minuteMs,
    end: (minute + 1) * minuteMs,
    complete: true,
    records: 100_000,
    values: new Map(Array.from({ length: 26 }, (_, index) => [`metric_${index}`, row()])),
    segments: Array.from({ length: 400 }, () => ({
      metric: 'orders',
      dimension: 'category',
      segment: `category=${randomUUID()}`,
      ...row()
    }))
  }))
}
