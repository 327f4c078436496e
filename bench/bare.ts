// The loop to compare with: KafkaJS, JSON.parse and a count. Arguments: bootstrap, topic, group, number of events.
import kafkajs from 'kafkajs'

const [bootstrap = '', topic = '', groupId = '', wanted = '0'] = process.argv.slice(2)
const kafka = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.ERROR })
const consumer = kafka.consumer({ groupId, sessionTimeout: 30_000 })
const { promise: done, resolve } = Promise.withResolvers<number>()
let events = 0
let parsed = 0
let firstAt = 0

await consumer.connect()
await consumer.subscribe({ topic, fromBeginning: true })
await consumer.run({
  autoCommit: false,
  async eachBatch({ batch }) {
    firstAt ||= performance.now()
    for (const { value } of batch.messages) {
      if (JSON.parse(String(value)).event_type !== undefined) parsed += 1
      events += 1
    }
    if (events >= Number(wanted)) resolve(performance.now() - firstAt)
  }
})
const ms = await done
if (parsed !== Number(wanted)) throw new Error(`${parsed} events of ${wanted} were parsed`)
process.stdout.write(JSON.stringify({ eventsPerSecond: (events / ms) * 1_000 }))
await consumer.disconnect()
