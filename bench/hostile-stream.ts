import kafkajs from 'kafkajs'
import { uniformOf } from '../producer/random.ts'
import { hostileClasses, type MakeHostile } from '../test/generators/hostile.ts'

export interface HostileCounts {
  /** Events in which every field of the contract has a value that no other event has. */
  readonly events: number
  /** Records of the classes of test/generators/hostile.ts. */
  readonly broken: number
  /** Events with one name of about a megabyte each, none like another. */
  readonly megabytes: number
}

interface Message {
  readonly value: Buffer | string | null
  readonly timestamp: string
  readonly partition: number
}

const partitions = 4
const minutes = 10
const batchBytes = 500_000

/** Puts the three, mixed, into a new topic of four partitions, over ten minutes of event time. */
export async function produceHostile(bootstrap: string, topic: string, counts: HostileCounts): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true })
  await admin.disconnect()

  const producer = kafka.producer()
  await producer.connect()
  const batches: Message[][] = Array.from({ length: partitions }, () => [])
  const bytes: number[] = new Array(partitions).fill(0)
  const flush = async (partition: number) => {
    const messages = batches[partition] as Message[]
    if (messages.length > 0) await producer.send({ topic, messages })
    batches[partition] = []
    bytes[partition] = 0
  }
  for (const message of mixed(counts)) {
    const { partition, value } = message
    const size = 100 + (value?.length ?? 0)
    if ((bytes[partition] as number) + size > batchBytes) await flush(partition)
    batches[partition]?.push(message)
    bytes[partition] = (bytes[partition] as number) + size
  }
  for (let partition = 0; partition < partitions; partition++) await flush(partition)
  await producer.disconnect()
}

/** In the order of their times: between the events of names of their own, each other kind spread evenly. */
function* mixed({ events, broken, megabytes }: HostileCounts): Generator<Message> {
  const startMs = Math.floor(Date.now() / 60_000) * 60_000 - 2 * minutes * 60_000
  const { small, deep, large } = hostileClasses
  const rare = Math.ceil(broken / 500)
  const kinds = [
    { count: megabytes, sent: 0, valueAt: longName },
    ...[small, deep, large].map((classes, at) => {
      const count = at === 0 ? broken - 2 * rare : rare
      return { count, sent: 0, valueAt: hostileValue(classes) }
    })
  ]
  let place = 0
  for (let index = 0; index < events; index++) {
    const share = index / events
    const time = startMs + Math.floor(share * minutes * 60_000)
    const message = (value: Message['value']): Message => ({
      value,
      timestamp: String(time),
      partition: place++ % partitions
    })
    yield message(ownNames(index, time))
    for (const kind of kinds) {
      while (kind.sent < kind.count * share) yield message(kind.valueAt(kind.sent++, time))
    }
  }
}

const hostileValue = (classes: Readonly<Record<string, MakeHostile>>) => {
  const makers = Object.entries(classes)
  return (index: number, time: number): Buffer | null => {
    const [name, make] = makers[index % makers.length] as (typeof makers)[number]
    return make(uniformOf(1, `${name}-${index}`), time)
  }
}

/** Every second event has a type of its own, which none of the eight is. */
function ownNames(index: number, time: number): string {
  const own = (field: string) => `${field} <!channel> \u001b[2J ${index}`
  return JSON.stringify({
    event_id: own('event'),
    event_type: index % 2 === 0 ? 'purchase' : own('type'),
    event_time: time,
    user_id: own('user'),
    session_id: own('session'),
    product_id: own('product'),
    category: own('category'),
    price: 1 + index / 10_000,
    quantity: 1 + (index % 1_000_000) / 1_000_000,
    currency: index % 3 === 0 ? lettersOf(index) : 'USD',
    order_id: own('order'),
    payment_method: own('payment'),
    country: own('country'),
    device: own('device')
  })
}

/** One of the 17,576 names that a currency can have. */
const lettersOf = (index: number): string =>
  [0, 1, 2].map(place => String.fromCharCode(65 + (Math.floor(index / 26 ** place) % 26))).join('')

const longName = (index: number, time: number): string =>
  `{"event_time":${time},"event_type":"purchase","price":1,"category":"${index} ${'x'.repeat(1_000_000)}"}`
