import { formatErrors } from '../../src/config/errors.ts'
import { loadConfig } from '../../src/config/load.ts'
import { createDecider } from '../../src/decide/decider.ts'
import type { Decision } from '../../src/decide/decision.ts'
import { createAssignmentState } from '../../src/ingest/assignment-state.ts'
import { ingestRecord } from '../../src/ingest/ingest-record.ts'
import { noDelivery } from '../../src/run/assembly/delivery.ts'
import { incidentsSettingsOf } from '../../src/run/assembly/routes.ts'
import { buildStages } from '../../src/run/assembly/stages.ts'
import { type PartitionKey, partitionKey } from '../../src/source/partition.ts'
import { enteredAt } from '../../src/source/start.ts'
import { jsonLines } from '../../src/store/json-lines.ts'
import { rowsOf } from '../../src/store/tables/table.ts'
import { cellsOfWindows, windowTable } from '../../src/store/tables/window-rows.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { createLogger } from '../../src/telemetry/log.ts'
import { createMemoryStore } from '../../test/support/memory-store.ts'
import { fieldOf } from '../stream/shop-events.ts'
import { type BusyShop, busyMinute } from './busy-minute.ts'

/** Processor time of one window, by step, in milliseconds. */
export interface Held {
  readonly series: number
  readonly findings: number
  readonly close: number
  readonly evaluate: number
  readonly decide: number
  /** Behind that: the rows as they are sent to the store. */
  readonly rows: number
}

export interface HeldOptions extends BusyShop {
  /** Windows before the first that is measured: detectors learn from them. */
  readonly warmup: number
  readonly windows: number
}

const minuteMs = 60_000
const partitions = 4
const startMs = Date.parse('2026-01-05T00:00:00Z')
const beginning = enteredAt(0, undefined)

/** Closes windows of a busy shop one after the other, and measures what holds the event loop until each is judged and queued. */
export async function measureHeld(options: HeldOptions): Promise<readonly Held[]> {
  const { config, hash } = configurationOf(options)
  const log = createLogger({ level: 'error', clock: wallClock, to: 'stderr', pretty: false })
  const stages = buildStages(config, log)
  const keys = Array.from({ length: partitions }, (_, index) => partitionKey('busy', index))
  const work = createAssignmentState(stages.windows, new Map(keys.map(key => [key, beginning])), startMs)
  const store = createMemoryStore()
  const decided = Promise.withResolvers<Decision>()
  let onDecision: (decision: Decision) => void = decided.resolve
  const decider = createDecider({
    pipeline: config.pipeline,
    historyMs: config.store.historyMs,
    allStored: async () => true,
    store,
    clock: wallClock,
    log,
    settings: {
      configHash: hash,
      detectors: config.detectors,
      newDetection: () => stages.newDetection({ bands: true }),
      incidents: incidentsSettingsOf(config, noDelivery.loadOf)
    },
    incidents: stages.newIncidents(store),
    onDecision: decision => onDecision(decision)
  })
  await decider.restore()

  const held: Held[] = []
  let offset = 0
  for (let minute = 0; minute < options.warmup + options.windows; minute++) {
    const time = startMs + minute * minuteMs
    const failing = minute > options.warmup + options.windows / 2 ? 'value-7' : undefined
    for (const value of busyMinute(time, options, failing)) {
      const windows = work.partitions.get(keys[offset % partitions] as PartitionKey)
      if (windows === undefined) throw new Error('a partition has no windows')
      ingestRecord(stages.decode, windows, offset, time + minuteMs, { key: null, value, headers: {} })
      windows.moveTo(offset + 1)
      offset += 1
    }
    let at = cpuMs()
    const since = () => {
      const before = at
      at = cpuMs()
      return at - before
    }
    const { windows } = work.close(time)
    const close = since()
    const closed = windows.map(stages.evaluate)
    const evaluate = since()
    if (closed.length === 0) continue
    const next = Promise.withResolvers<Decision>()
    onDecision = next.resolve
    decider.push(closed)
    const decide = since()
    const { anomalies } = await next.promise
    since()
    jsonLines(rowsOf(windowTable, [...cellsOfWindows(config.pipeline, closed)]))
    const rows = since()
    work.done(closed.at(-1)?.end ?? 0)
    const [one] = closed
    if (minute < options.warmup || one === undefined) continue
    held.push({
      series: one.values.size + one.segments.length,
      findings: anomalies.length,
      close,
      evaluate,
      decide,
      rows
    })
  }
  return held
}

/** Processor time of this thread: what others do on the machine is not in it. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

function configurationOf({ fields, values }: BusyShop) {
  const dimensions = Array.from({ length: fields }, (_, index) => fieldOf(index + 1))
  const config = { currency: 'USD', alerts: 'off', segments: { dimensions, watch: dimensions, top: values } }
  const loaded = loadConfig({ path: 'close', env: {}, readFile: () => JSON.stringify(config) })
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded
}
