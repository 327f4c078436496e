import { parseArgs } from 'node:util'
import { canPin } from './pinned.ts'
import { profileRun } from './profile/profile.ts'
import { written } from './sheet.ts'
import { compare } from './stream/compare.ts'
import { type Comparison, comparisonSheet } from './stream/comparison.ts'
import { measureDimensions } from './stream/dimensions.ts'
import { type Codec, codecs, writeTopic } from './stream/topic.ts'
import { inWorld } from './stream/world.ts'

const usage = `Events through Kafka into windows, beside a bare KafkaJS + JSON.parse + count loop. Every stored row is compared
with a recount. Figures are medians of the pairs, with their ranges.

  node bench/run.ts [--events 1000000] [--pairs 5]
    --codec none|gzip|snappy|lz4|zstd|all   how the topic is compressed (none)
    --readers N       kafka.readers of cartwatch; its default where it is not given
    --cores N         keeps each measured process on so many cores, with taskset
    --dimensions 1-5  instead: what an event costs by the number of dimensions, of a hundred values each
    --profile         instead: where the time of cartwatch goes, by part
    --markdown        prints tables in Markdown
    --bare-only       runs the bare loop alone

Uses KAFKA_BOOTSTRAP_SERVERS, or starts a Kafka (Java 17 and Maven), and the embedded engine as the store. Compressed topics
are written by Kafka's own producer, which needs Java 17 and Maven.`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    pairs: { type: 'string', default: '5' },
    codec: { type: 'string', default: 'none' },
    readers: { type: 'string' },
    cores: { type: 'string' },
    dimensions: { type: 'string' },
    profile: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    'bare-only': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})
const asked: readonly Codec[] = codecs.filter(codec => values.codec === 'all' || codec === values.codec)
if (values.help || asked.length === 0) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}

const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text))
const events = Number(values.events)
const pairs = Number(values.pairs)
const cores = numberOf(values.cores)
const readers = numberOf(values.readers)
if (cores !== undefined && !canPin()) console.error('there is no taskset here: processes use all cores')

const sheet = await inWorld(async world => {
  if (values.dimensions !== undefined) {
    const [first = 1, last = first] = values.dimensions.split('-').map(Number)
    const counts = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    return await measureDimensions(world, { events, pairs, counts, cores })
  }
  const comparisons: Comparison[] = []
  for (const codec of asked) {
    console.error(`producing ${events.toLocaleString('en')} events, compression: ${codec} …`)
    const topic = await writeTopic(world, { events, codec })
    if (values.profile) return await profileRun(world, topic, { cores, readers })
    const name = `${codec}, readers: ${readers ?? 'default'}`
    const bareOnly = values['bare-only']
    comparisons.push(await compare(world, topic, { name, pairs, cores, readers, bareOnly }))
  }
  return comparisonSheet(comparisons)
})
console.log(written(sheet, values.markdown ? 'markdown' : 'text'))
