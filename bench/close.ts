import { parseArgs } from 'node:util'
import { measureHeld } from './close/held.ts'
import { heldSheet } from './close/held-sheet.ts'
import { written } from './sheet.ts'

const usage = `For how long the close of a large window holds the event loop, until it is judged and queued for the store: processor
time, the median and the 95th percentile. All values of all dimensions are in every window, and are watched.

  node bench/close.ts [--fields 5] [--values 400] [--events 20000] [--warmup 60] [--windows 100] [--markdown]`

const { values } = parseArgs({
  options: {
    fields: { type: 'string', default: '5' },
    values: { type: 'string', default: '400' },
    events: { type: 'string', default: '20000' },
    warmup: { type: 'string', default: '60' },
    windows: { type: 'string', default: '100' },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const held = await measureHeld({
  fields: Number(values.fields),
  values: Number(values.values),
  eventsPerMinute: Number(values.events),
  warmup: Number(values.warmup),
  windows: Number(values.windows)
})
console.log(written(heldSheet(held), values.markdown ? 'markdown' : 'text'))
