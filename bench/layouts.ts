import { parseArgs } from 'node:util'
import { median } from 'simple-statistics'
import { eventsOf } from '../producer/events.ts'
import { layouts } from '../producer/layouts/layout.ts'
import { scenarioPlan } from '../producer/plan.ts'
import { createDecodeRecord, type DecodeRecord } from '../src/decode/decode-record.ts'
import { layouts as presets } from '../src/decode/layouts/catalogue.ts'
import { written } from './sheet.ts'

const usage = `What it costs to decode an event of each layout, beside JSON.parse alone.

  node bench/layouts.ts [--events 50000] [--runs 7] [--markdown]`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '50000' },
    runs: { type: 'string', default: '7' },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const plan = scenarioPlan({
  scenario: 'steady',
  seed: 1,
  startMs: Date.UTC(2026, 10, 20),
  durationMs: 24 * 60 * 60_000,
  shop: { ordersPerMinute: 60 }
})

const rows = layouts.map(layout => {
  const records = linesOf(layout)
  const decode = createDecodeRecord({
    currency: 'USD',
    knownCurrencies: new Set(),
    maxBytes: 1_048_576,
    layout: presets[layout]
  })
  const runs = Array.from({ length: Number(values.runs) }, () => ({
    parse: usedBy(records, value => JSON.parse(String(value))),
    decode: usedBy(records, value => decode({ value }))
  }))
  const bytes = records.reduce((sum, { length }) => sum + length, 0) / records.length
  return [
    layout,
    bytes.toFixed(0),
    `${Math.round(shareFromBytes(records, decode) * 100)} %`,
    median(runs.map(run => run.parse)).toFixed(2),
    median(runs.map(run => run.decode)).toFixed(2),
    median(runs.map(run => run.decode / run.parse)).toFixed(2)
  ]
})
const head = ['layout', 'bytes', 'read from bytes', 'JSON.parse, µs', 'decode, µs', 'decode / JSON.parse']
console.log(written({ head, rows }, values.markdown ? 'markdown' : 'text'))

function linesOf(layout: (typeof layouts)[number]): readonly Buffer[] {
  const records: Buffer[] = []
  for (const { line } of eventsOf(plan, layout)) {
    records.push(Buffer.from(line))
    if (records.length === Number(values.events)) break
  }
  return records
}

/** Microseconds of the processor for each record. */
function usedBy(records: readonly Buffer[], read: (value: Buffer) => unknown): number {
  const before = process.threadCpuUsage()
  for (const record of records) read(record)
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / records.length
}

function shareFromBytes(records: readonly Buffer[], decode: DecodeRecord): number {
  const isFromBytes = (value: Buffer) => {
    const decoded = decode({ value })
    return decoded.kind === 'event' && 'bytes' in decoded.event
  }
  return records.filter(isFromBytes).length / records.length
}
