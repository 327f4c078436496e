import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sections } from './page/sections.ts'
import { withTable } from './page/with-table.ts'
import { written } from './sheet.ts'
import { inWorld } from './stream/world.ts'

const names = Object.keys(sections)
const usage = `Measures the tables of docs/performance.md and writes them there, each as soon as it is measured.

  node bench/page.ts [${names.join('|')} …] [--events 1000000] [--pairs 3] [--readers 1,2]

Uses KAFKA_BOOTSTRAP_SERVERS, or starts a Kafka (Java 17 and Maven), and the embedded engine as the store.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '1000000' },
    pairs: { type: 'string', default: '3' },
    readers: { type: 'string' },
    help: { type: 'boolean', default: false }
  }
})
if (values.help || !positionals.every(name => names.includes(name))) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}
const options = {
  events: Number(values.events),
  pairs: Number(values.pairs),
  readers: values.readers?.split(',').map(Number) ?? []
}
const page = new URL('../docs/performance.md', import.meta.url)
await inWorld(async world => {
  for (const [name, measure] of Object.entries(sections)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    console.error(`measuring: ${name}`)
    const table = written(await measure(world, options), 'markdown')
    writeFileSync(page, withTable(readFileSync(page, 'utf8'), name, table))
  }
})
