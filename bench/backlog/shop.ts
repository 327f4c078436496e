// An evening and a night of a shop into a topic as fast as it goes, and then live: `node shop.ts BOOTSTRAP TOPIC EVENTS END`.
// It writes a line with the number of records once it is live, and goes on until it is ended.
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { eventsOf } from '../../producer/events.ts'
import { nightOf } from './night.ts'

const [bootstrap = '', topic = '', events = '0', endMs = '0'] = process.argv.slice(2)
const batchRecords = 10_000
const liveEveryMs = 200

const producer = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING }).producer({
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner
})
await producer.connect()
let messages: { key: string; value: string; timestamp: string }[] = []
let sent = 0
let isLive = false
let sending: Promise<unknown> = Promise.resolve()

for (const { sessionId, line, arrivalMs } of eventsOf(nightOf(Number(events), Number(endMs)).plan)) {
  if (arrivalMs > Date.now()) {
    await send()
    await sending
    if (!isLive) process.stdout.write(`${sent}\n`)
    isLive = true
    while (arrivalMs > Date.now()) await sleep(liveEveryMs)
  }
  messages.push({ key: sessionId, value: line, timestamp: String(arrivalMs) })
  if (messages.length >= batchRecords) await send()
}

/** Resolves when the batch before was taken: meanwhile the next one is drawn. */
async function send(): Promise<void> {
  if (messages.length === 0) return
  await sending
  sending = producer.send({ topic, acks: 1, messages })
  sent += messages.length
  messages = []
}
