import { parseArgs } from 'node:util'
import { written } from './sheet.ts'
import { measureStart } from './start/measure-start.ts'
import { inWorld } from './stream/world.ts'

const usage = `How long commands take to start, and how many times as long as \`node -e 0\`: --help, check-config, and \`run\` up to the
first record read, beside the bare loop up to there.

  node bench/start.ts [--rounds 9] [--cores N] [--markdown]

Uses KAFKA_BOOTSTRAP_SERVERS, or starts a Kafka (Java 17 and Maven), and the embedded engine as a server.`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    cores: { type: 'string' },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const cores = values.cores === undefined ? undefined : Number(values.cores)
const sheet = await inWorld(world => measureStart(world, { rounds: Number(values.rounds), cores }))
console.log(written(sheet, values.markdown ? 'markdown' : 'text'))
