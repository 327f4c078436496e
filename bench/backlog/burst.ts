// A minute of a shop over and over as fast as it goes, each time with other visitors, events and orders, and with the
// times of now: `node burst.ts BOOTSTRAP TOPIC EVENTS SECONDS`. Its first line says that it is ready, and it begins when a
// line comes; the last is the number of records that Kafka took.
import { once } from 'node:events'
import kafkajs from 'kafkajs'
import { eventsOf } from '../../producer/events.ts'
import { nightOf } from './night.ts'

const [bootstrap = '', topic = '', events = '0', seconds = '60'] = process.argv.slice(2)
const minuteMs = 60_000
const batchRecords = 10_000
/** In the names of everything that is one visit's stands the seed. */
const seed = '-1-'

interface Template {
  readonly key: string
  readonly before: string
  readonly after: string
}

const templates: Template[] = []
const { plan } = nightOf(Number(events), Date.now())
for (const { sessionId, line, eventTime } of eventsOf({ ...plan, endMs: plan.startMs + minuteMs })) {
  const [before = '', after = ''] = line.split(new Date(eventTime).toISOString())
  templates.push({ key: sessionId, before, after })
}

const producer = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING }).producer({
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner
})
await producer.connect()
process.stdout.write(`${templates.length} templates\n`)
await once(process.stdin, 'data')

const endsAt = Date.now() + Number(seconds) * 1_000
let sent = 0
let next = 0
while (Date.now() < endsAt) {
  const time = new Date().toISOString()
  const messages = Array.from({ length: batchRecords }, () => {
    const name = `-b${Math.floor(next / templates.length)}-`
    const { key, before, after } = templates[next++ % templates.length] as Template
    return {
      key: key.replace(seed, name),
      value: before.replaceAll(seed, name) + time + after.replaceAll(seed, name)
    }
  })
  await producer.send({ topic, acks: 1, messages })
  sent += messages.length
}
await producer.disconnect()
process.stdout.write(`${sent}\n`)
process.exit(0)
