import kafkajs from 'kafkajs'
import { eventsOf } from '../producer/events.ts'
import { scenarioPlan } from '../producer/plan.ts'
import type { ShopRecord } from '../producer/record.ts'

/** What an offline recount finds in a minute, by its start in milliseconds. Revenue in ten-thousandths. */
export interface Minute {
  events: number
  revenue: number
  readonly orders: Set<string>
  readonly visits: Set<string>
}
export type Recount = ReadonlyMap<number, Minute>

const minuteMs = 60_000
const ordersPerMinute = 160
const partitions = 4
const batchRecords = 5_000

/**
 * Puts the first `count` events of a steady shop into a new topic of four partitions, about 10,000 a minute of event
 * time, and recounts them from their text.
 */
export async function produceEvents(bootstrap: string, topic: string, count: number): Promise<Recount> {
  const kafka = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true })
  await admin.disconnect()

  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  const recount = new Map<number, Minute>()
  let messages: { key: string; value: string }[] = []
  for (const { sessionId, line } of firstEvents(count)) {
    addTo(recount, line)
    messages.push({ key: sessionId, value: line })
    if (messages.length < batchRecords) continue
    await producer.send({ topic, messages })
    messages = []
  }
  if (messages.length > 0) await producer.send({ topic, messages })
  await producer.disconnect()
  return recount
}

function* firstEvents(count: number): Generator<ShopRecord> {
  const dayMs = 24 * 60 * minuteMs
  const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - dayMs
  const plan = scenarioPlan({
    scenario: 'steady',
    seed: 1,
    startMs,
    durationMs: dayMs,
    shop: { ordersPerMinute }
  })
  let left = count
  for (const record of eventsOf(plan)) {
    if (left === 0) return
    left -= 1
    yield record
  }
}

function addTo(recount: Map<number, Minute>, line: string): void {
  const event = JSON.parse(line)
  const start = Math.floor(Date.parse(event.event_time) / minuteMs) * minuteMs
  const minute = recount.get(start) ?? { events: 0, revenue: 0, orders: new Set(), visits: new Set() }
  recount.set(start, minute)
  minute.events += 1
  minute.visits.add(event.session_id)
  if (event.event_type !== 'purchase') return
  minute.orders.add(event.order_id)
  minute.revenue += Math.round((event.price ?? 0) * 10_000) * (event.quantity ?? 1)
}
