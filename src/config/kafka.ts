import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import { parseDuration } from '../../detectors/rules/units.ts'
import { type LayoutKeys, layoutKeys } from './events.ts'
import { registrySchema, saslSchema, tlsSchema } from './kafka-security.ts'
import { durationBetween, listOf, sizeBetween, trimmedText } from './schema-parts.ts'

const broker = z.string().regex(/^(\[[0-9a-f:.]+\]|[^\s:,/[\]]+):\d{1,5}$/i, {
  error: 'host:port, such as localhost:9092 or [::1]:9092'
})
export const topic = z.string().regex(/^(?!\.{1,2}$)[\w.-]{1,249}$/, {
  error: 'a Kafka topic: letters, digits, dots, - and _'
})

const topicList = 'a list of topics, such as [shop-events]'
const topicWithLayout = z.strictObject({ topic, ...layoutKeys })

/** Names, of which each may come with a layout of its own; a text with commas is a list of names. */
const topics = z
  .union(
    [listOf(topic, topicList), z.array(z.union([topic, topicWithLayout])).min(1, { error: topicList })],
    { error: topicList }
  )
  .superRefine((entries, context) => {
    const names = entries.map(nameOf)
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue
      const within = typeof entries[index] === 'string' ? [] : ['topic']
      context.addIssue({ code: 'custom', path: [index, ...within], message: 'each topic only once' })
    }
  })

type TopicEntry = string | z.output<typeof topicWithLayout>

const nameOf = (entry: TopicEntry): string => (typeof entry === 'string' ? entry : entry.topic)

/** What the topics say of their own layout; the others have that of `events:`. */
function layoutsOf(entries: readonly TopicEntry[]): ReadonlyMap<string, LayoutKeys> {
  const own = entries.filter(entry => typeof entry !== 'string')
  return new Map(own.map(({ topic: name, ...keys }) => [name, keys]))
}

/** Where the first start begins to read; later starts continue at the committed offsets. */
const start = z.string({ error: 'earliest, latest or an age such as 2h' }).transform((value, context) => {
  if (value === 'earliest' || value === 'latest') return value
  const ageMs = parseDuration(value)
  if (ageMs !== undefined) return { ageMs }
  context.addIssue({ code: 'custom', message: 'earliest, latest or an age such as 2h' })
  return z.NEVER
})

/** The `kafka:` section. */
export const kafkaSchema = z
  .strictObject({
    brokers: listOf(broker, 'a list of brokers, such as localhost:9092').prefault('localhost:9092'),
    topics: topics.prefault(['shop-events']),
    group: trimmedText.prefault('cartwatch'),
    client_id: trimmedText.prefault('cartwatch'),
    sasl: saslSchema.optional(),
    tls: tlsSchema.prefault('off'),
    schema_registry: registrySchema.optional(),
    start: start.prefault('earliest'),
    session_timeout: durationBetween('6s', '30m').prefault('10s'),
    max_bytes_per_partition: sizeBetween(16_384, 104_857_600).prefault('1MiB'),
    readers: z
      .union([z.literal('auto'), z.coerce.number().pipe(z.int().min(1).max(16))], {
        error: 'auto, or a number from 1 to 16'
      })
      .prefault(1)
  })
  .transform(({ session_timeout, topics: entries, ...rest }) => ({
    ...camelcaseKeys(rest),
    topics: entries.map(nameOf),
    layouts: layoutsOf(entries),
    sessionTimeoutMs: session_timeout
  }))
  .prefault({})
