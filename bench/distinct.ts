import { parseArgs } from 'node:util'
import { formatErrors } from '../src/config/errors.ts'
import { loadConfig } from '../src/config/load.ts'
import { createAssignmentState } from '../src/ingest/assignment-state.ts'
import { ingestRecord } from '../src/ingest/ingest-record.ts'
import type { WindowMetrics } from '../src/metrics/types.ts'
import { buildStages } from '../src/run/assembly/stages.ts'
import { keepHeapSmall } from '../src/small-heap.ts'
import { type PartitionKey, partitionKey } from '../src/source/partition.ts'
import { enteredAt } from '../src/source/start.ts'
import { wallClock } from '../src/telemetry/clock.ts'
import { createLogger } from '../src/telemetry/log.ts'

const usage = `The memory of a stream in which every event has a category, a user, a session, an event id and an
order id that no other has, through decoding, windows and evaluation with the default configuration.

  node bench/distinct.ts [--events 1000000] [--minutes 10] [--partitions 4]`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '10' },
    partitions: { type: 'string', default: '4' },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

// As an instance does.
keepHeapSmall()
const events = Number(values.events)
const minutes = Number(values.minutes)
const keys = Array.from({ length: Number(values.partitions) }, (_, index) =>
  partitionKey('shop-events', index)
)
const startMs = Date.parse('2026-01-05T00:00:00Z')
const beginning = enteredAt(0, undefined)

const loaded = loadConfig({ path: 'defaults', env: {}, readFile: () => '' })
if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
const log = createLogger({ level: 'error', clock: wallClock, to: process.stderr, pretty: false })
const stages = buildStages(loaded.config, log)
const work = createAssignmentState(stages.windows, new Map(keys.map(key => [key, beginning])), startMs)
const idleMb = process.memoryUsage.rss() / 1e6
const closed: WindowMetrics[] = []

for (let index = 0; index < events; index++) {
  const time = startMs + Math.floor((index / events) * minutes * 60_000)
  const windows = work.partitions.get(keys[index % keys.length] as PartitionKey)
  if (windows === undefined) throw new Error('a partition has no windows')
  ingestRecord(stages.decode, windows, index, time, { key: null, value: recordOf(index, time), headers: {} })
  windows.moveTo(index + 1)
  if (index % 1_000 !== 0) continue
  for (const window of work.close(time).windows) {
    closed.push(stages.evaluate(window))
    work.done(window.end)
  }
}

const rows = Math.max(...closed.map(({ values: own, segments }) => own.size + segments.length))
const peakMb = process.resourceUsage().maxRSS / 1e3
console.log(`${events.toLocaleString('en')} events, each with names of its own, in ${minutes} windows`)
console.log(`${closed.length} windows closed, of at most ${rows} rows`)
console.log(`${peakMb.toFixed(0)} MB at most, of which ${idleMb.toFixed(0)} MB before the first event`)

function recordOf(index: number, time: number): Buffer {
  return Buffer.from(
    JSON.stringify({
      event_id: `event-${index}`,
      event_type: 'purchase',
      event_time: time,
      user_id: `user-${index}`,
      session_id: `session-${index}`,
      product_id: `product-${index}`,
      category: `category-${index}`,
      price: 19.99,
      currency: 'USD',
      order_id: `order-${index}`,
      payment_method: index % 2 === 0 ? 'card' : 'paypal',
      country: `country-${index}`,
      device: 'mobile'
    })
  )
}
