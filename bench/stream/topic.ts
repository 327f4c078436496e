import kafkajs from 'kafkajs'
import { sendByJava } from './java-producer.ts'
import { createRecount, type Recount } from './recount.ts'
import { type Line, shopEvents } from './shop-events.ts'
import type { World } from './world.ts'

/** How the batches of a topic are compressed. */
export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Codec = (typeof codecs)[number]

export interface TopicOptions {
  readonly events: number
  readonly codec: Codec
  /** Fields of a hundred values each that every event has beside the contract's. */
  readonly fields?: number
}

/** A topic that is written, and what an offline recount finds in it. */
export interface Topic extends TopicOptions {
  readonly topic: string
  readonly recount: Recount
  /** Of the values alone, uncompressed. */
  readonly bytes: number
}

const partitions = 4
const batchRecords = 5_000

/** Writes a new topic of four partitions: by KafkaJS where it is plain, else by Kafka's own producer. */
export async function writeTopic({ bootstrap }: World, options: TopicOptions): Promise<Topic> {
  const { events, codec, fields = 0 } = options
  const topic = `bench-${codec}-${Date.now()}`
  const kafka = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true })
  await admin.disconnect()

  const { minutes: recount, add } = createRecount()
  let bytes = 0
  function* counted(): Generator<Line> {
    for (const line of shopEvents(events, fields)) {
      add(line.value)
      bytes += Buffer.byteLength(line.value)
      yield line
    }
  }
  if (codec === 'none') await sendPlain(kafka, topic, counted())
  else await sendByJava({ bootstrap, topic, codec }, counted())
  return { ...options, topic, recount, bytes }
}

async function sendPlain(kafka: kafkajs.Kafka, topic: string, lines: Iterable<Line>): Promise<void> {
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  let messages: Line[] = []
  for (const line of lines) {
    messages.push(line)
    if (messages.length < batchRecords) continue
    await producer.send({ topic, messages })
    messages = []
  }
  if (messages.length > 0) await producer.send({ topic, messages })
  await producer.disconnect()
}
