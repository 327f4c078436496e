import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startBroker } from '../src/demo/broker/broker.ts'

const usage = `Runs one real single-node Apache Kafka in the foreground. Needs Java 17 and Maven.

  node scripts/kafka.ts start [--port 9092] [--dir .kafka/broker]

Its records stay in the folder. Ctrl-C ends it.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '9092' },
    dir: { type: 'string', default: fileURLToPath(new URL('../.kafka/broker', import.meta.url)) },
    help: { type: 'boolean', default: false }
  }
})

if (values.help || positionals[0] !== 'start') {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}

const ended = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
const broker = await startBroker({ dir: values.dir, port: Number(values.port) })
console.log(
  `Kafka serves at ${broker.bootstrap}, process ${broker.pid}, records in ${values.dir}. To use it:`
)
console.log(`\n  export KAFKA_BOOTSTRAP_SERVERS=${broker.bootstrap}\n`)
const alive = setInterval(() => {}, 60_000)
await ended
clearInterval(alive)
await broker.stop()
