import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { startBroker } from '../src/demo/broker/broker.ts'
import { freePort } from '../src/demo/broker/free-port.ts'
import { produceHostile } from './hostile-stream.ts'
import { startMeasured } from './measure.ts'
import { sumOf, until } from './polling.ts'

const usage = `The memory and speed of the program on a real Kafka, over a hostile stream: events in which every field of
the contract has a value that no other has, names of a megabyte, and broken records of many kinds.

  node bench/hostile.ts [--events 1000000] [--broken 100000] [--megabytes 200]

Uses KAFKA_BOOTSTRAP_SERVERS, or starts a Kafka (Java 17 and Maven).`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    broken: { type: 'string', default: '100000' },
    megabytes: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const counts = {
  events: Number(values.events),
  broken: Number(values.broken),
  megabytes: Number(values.megabytes)
}
const total = counts.events + counts.broken + counts.megabytes
const folder = await mkdtemp(join(tmpdir(), 'cartwatch-hostile-'))
const { KAFKA_BOOTSTRAP_SERVERS: given } = process.env
const broker = given ? undefined : await startBroker({ dir: join(folder, 'kafka') })
try {
  const bootstrap = given ?? broker?.bootstrap ?? ''
  const topic = `hostile-${Date.now()}`
  console.log(`producing ${total.toLocaleString('en')} records …`)
  await produceHostile(bootstrap, topic, counts)
  await run(bootstrap, topic)
} finally {
  await broker?.stop()
  await rm(folder, { recursive: true, force: true })
}

async function run(bootstrap: string, topic: string): Promise<void> {
  const port = await freePort()
  const config = join(folder, 'cartwatch.yaml')
  await writeFile(
    config,
    stringify({
      pipeline: 'hostile',
      alerts: 'off',
      currency: 'USD',
      kafka: { brokers: [bootstrap], topics: [topic], group: topic, start: 'earliest' },
      windows: { idle: '1s' },
      store: { folder: join(folder, 'store') },
      http: { port },
      log: { level: 'error' }
    })
  )
  const { child, usage: used } = startMeasured(['src/cartwatch.js', 'run', '--config', config], folder)
  child.stdout?.resume()
  const ended = used.then(() => {
    throw new Error('cartwatch ended before it had read all records')
  })
  const metrics = `http://127.0.0.1:${port}/metrics`
  const read = async () =>
    (await sumOf(metrics, 'cartwatch_events_total')) + (await sumOf(metrics, 'cartwatch_dead_letters_total'))
  try {
    await Promise.race([until(async () => (await read()) > 0), ended])
    const from = { at: performance.now(), records: await read() }
    await Promise.race([until(async () => (await read()) >= total, 600_000), ended])
    const seconds = (performance.now() - from.at) / 1_000
    await until(async () => (await sumOf(metrics, 'cartwatch_windows_closed_total')) >= 9)
    const dead = await sumOf(metrics, 'cartwatch_dead_letters_total')
    child.kill('SIGTERM')
    const { peakBytes, cpuSeconds } = await used
    const rate = Math.round((total - from.records) / seconds)
    console.log(
      `${counts.events.toLocaleString('en')} events of names of their own, ${counts.megabytes} of a megabyte, ` +
        `${counts.broken.toLocaleString('en')} broken records: ${dead.toLocaleString('en')} dead letters\n` +
        `${rate.toLocaleString('en')} records/s, ${cpuSeconds.toFixed(0)} s of CPU\n` +
        `${(peakBytes / 1e6).toFixed(0)} MB at most`
    )
  } finally {
    child.kill('SIGKILL')
  }
}
