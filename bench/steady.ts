import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'

const everyMs = 200
const types = ['page_view', 'page_view', 'page_view', 'add_to_cart', 'checkout_started', 'purchase']

export interface Steady {
  stop(): Promise<void>
}

/** Makes a topic and sends it so many events a second, with the time of sending, until it is stopped. */
export async function startSteady(
  brokers: string,
  topic: string,
  { partitions, perSecond }: { readonly partitions: number; readonly perSecond: number }
): Promise<Steady> {
  const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions }] })
  await admin.disconnect()
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  const stopping = new AbortController()
  let sent = 0

  async function send(): Promise<void> {
    while (!stopping.signal.aborted) {
      const messages = Array.from({ length: Math.round((perSecond * everyMs) / 1_000) }, () => {
        const index = sent++
        return { partition: index % partitions, value: JSON.stringify(eventOf(index)) }
      })
      await producer.send({ topic, messages })
      await sleep(everyMs)
    }
  }
  const sending = send()
  return {
    async stop() {
      stopping.abort()
      await sending
      await producer.disconnect()
    }
  }
}

function eventOf(index: number) {
  return {
    event_id: `e-${index}`,
    event_type: types[index % types.length],
    event_time: Date.now(),
    session_id: `s-${Math.floor(index / types.length)}`,
    order_id: `o-${index}`,
    category: `category-${index % 7}`,
    price: 19.99,
    quantity: 1,
    currency: 'USD'
  }
}
