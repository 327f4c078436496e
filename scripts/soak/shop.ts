// A shop in real time, a process of its own: `node shop.ts BOOTSTRAP TOPIC SEED ORDERS_PER_MINUTE MINUTES [INCIDENTS]`. It
// sends each record until Kafka has taken it, however long that takes, and writes how many it was at its end.
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { eventsOf } from '../../producer/events.ts'
import type { Incident, IncidentKind } from '../../producer/incident.ts'
import { paced } from '../../producer/pace.ts'
import { scenarioPlan } from '../../producer/plan.ts'
import { integer, uniformOf } from '../../producer/random.ts'
import type { ShopRecord } from '../../producer/record.ts'

const [bootstrap = '', topic = '', seed = '1', orders = '160', minutes = '1', incidents = ''] =
  process.argv.slice(2)
const minuteMs = 60_000
const retryMs = 1_000
/** The sessions of the minutes before the start are walked meanwhile. */
const leadMs = 3_000 + Number(orders) * 10
const noon = 12 * 60

const startMs = Math.ceil((Date.now() + leadMs) / 1_000) * 1_000
const minuteOfDay = Math.floor(startMs / minuteMs) % 1_440
const plan = {
  ...scenarioPlan({
    scenario: 'steady',
    seed: Number(seed),
    startMs,
    durationMs: Number(minutes) * minuteMs,
    shop: { ordersPerMinute: Number(orders), timezoneOffsetMinutes: noon - minuteOfDay }
  }),
  incidents: incidents === '' ? [] : incidentsUpTo(startMs + Number(minutes) * minuteMs)
}

/** Every six minutes one for a minute and a quarter, the first of all in the payments. */
function incidentsUpTo(endMs: number): Incident[] {
  const kinds: readonly IncidentKind[] = ['payment_outage', 'checkout_bug', 'missing_prices', 'bot_flood']
  const uniform = uniformOf(Number(seed), 'soak')
  const all: Incident[] = []
  for (let at = startMs + 1.75 * minuteMs; at + 1.25 * minuteMs < endMs; at += 6 * minuteMs) {
    const kind = kinds[all.length === 0 ? 0 : integer(uniform, 0, kinds.length - 1)] as IncidentKind
    all.push({ kind, startMs: at, endMs: at + 1.25 * minuteMs, depth: 0.9 })
  }
  return all
}

const stopped = new AbortController()
process.once('SIGTERM', () => stopped.abort())
process.once('SIGINT', () => stopped.abort())

const producer = new kafkajs.Kafka({
  brokers: [bootstrap],
  logLevel: kafkajs.logLevel.NOTHING,
  connectionTimeout: 2_000,
  requestTimeout: 10_000,
  retry: { retries: 2 }
}).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false })

let taken = 0
for await (const batch of paced(
  await walked(),
  { kind: 'speed', factor: 1 },
  startMs,
  clock(),
  stopped.signal
))
  await send(batch)
await producer.disconnect()
process.stdout.write(`${taken}\n`)

function clock() {
  return {
    now: Date.now,
    sleep: (ms: number) => sleep(ms, undefined, { signal: stopped.signal }).catch(() => {})
  }
}

/** The stream, its beginning drawn and its start come. */
async function walked(): Promise<Iterable<ShopRecord>> {
  const records = eventsOf(plan)
  const first = records.next()
  await sleep(Math.max(0, startMs - Date.now()))
  return (function* () {
    if (first.done !== true) yield first.value
    yield* records
  })()
}

async function send(batch: readonly ShopRecord[]): Promise<void> {
  const messages = batch.map(({ sessionId, line }) => ({ key: sessionId, value: line }))
  while (!stopped.signal.aborted) {
    try {
      // Connected already where it is; a broker that comes back has forgotten the connection.
      await producer.connect()
      await producer.send({ topic, acks: -1, messages })
      taken += batch.length
      return
    } catch (error) {
      process.stderr.write(`not taken: ${error instanceof Error ? error.message : error}\n`)
      await sleep(retryMs)
    }
  }
}
