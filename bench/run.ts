import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startBroker } from '../src/demo/broker/broker.ts'
import { runBare } from './bare-run.ts'
import { runCartwatch } from './cartwatch-run.ts'
import { produceEvents } from './events.ts'
import type { Run } from './measure.ts'
import { table } from './table.ts'

const usage = `Events through Kafka into windows, beside a bare KafkaJS + JSON.parse + count loop.

  node bench/run.ts [--events 1000000] [--pairs 5] [--bare-only]

Uses KAFKA_BOOTSTRAP_SERVERS, or starts a Kafka (Java 17 and Maven).`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    pairs: { type: 'string', default: '5' },
    'bare-only': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const count = Number(values.events)
const folder = await mkdtemp(join(tmpdir(), 'cartwatch-bench-'))
const { KAFKA_BOOTSTRAP_SERVERS: given } = process.env
const broker = given ? undefined : await startBroker({ dir: join(folder, 'kafka') })
try {
  const bootstrap = given ?? broker?.bootstrap ?? ''
  const topic = `bench-${Date.now()}`
  console.log(`producing ${count.toLocaleString('en')} events …`)
  const recount = await produceEvents(bootstrap, topic, count)
  const bare: Run[] = []
  const cartwatch: Run[] = []
  for (let pair = 1; pair <= Number(values.pairs); pair += 1) {
    const own = await mkdtemp(join(folder, 'run-'))
    console.log(`pair ${pair} of ${values.pairs} …`)
    bare.push(await runBare(bootstrap, topic, count, own))
    if (values['bare-only']) continue
    const run = await runCartwatch(bootstrap, topic, count, recount, own)
    console.log(`  ${run.windowsEqual} stored windows equal the recount`)
    cartwatch.push(run)
  }
  console.log(table(bare, cartwatch))
} finally {
  await broker?.stop()
  await rm(folder, { recursive: true, force: true })
}
