import { botEventsPerSession, walkBot } from './bot.ts'
import { countryShares, createCatalogue, deviceShares, named, paymentShares } from './catalogue.ts'
import { delivery } from './delivery.ts'
import { priceFaults } from './faults.ts'
import { depthAt } from './incident.ts'
import { type Layout, writers } from './layouts/layout.ts'
import { levelsOf } from './level.ts'
import type { Plan } from './plan.ts'
import { integer, poisson, type Uniform, uniformOf } from './random.ts'
import type { Identity, ShopRecord } from './record.ts'
import { walkSession } from './session.ts'
import { eventsPerSession } from './shop.ts'
import type { Step, Surroundings } from './step.ts'

const minuteMs = 60_000
/** Sessions that began up to this long before the start still have events after it. */
const leadMinutes = 20

/** The plan's events in order of arrival, [startMs, endMs) in event time; the same for the same plan and layout. */
export function* eventsOf(plan: Plan, layout: Layout = 'native'): Generator<ShopRecord> {
  const { seed, shop, incidents } = plan
  const uniform = uniformOf(seed, 'sessions')
  const surroundings: Surroundings = {
    uniform,
    detour: uniformOf(seed, 'detours'),
    catalogue: createCatalogue(seed),
    basket: shop.basket,
    incidents
  }
  const write = writers[layout](seed, shop.currency)
  const fault = priceFaults(seed, incidents)
  const deliver = delivery(seed, incidents, shop.currency)
  const visitor = visitors(seed)
  const pending = new Map<number, ShopRecord[]>()

  const record = (identity: Identity, step: Step) => {
    if (step.timeMs < plan.startMs || step.timeMs >= plan.endMs) return
    if (identity.luck < depthAt(incidents, 'producer_stops', step.timeMs)) return
    const eventTime = Math.floor(step.timeMs)
    const arrivalMs = eventTime + Math.floor(shop.delayMs * uniform() ** 4)
    if (identity.luck < depthAt(incidents, 'country_outage', step.timeMs, `country=${identity.country}`))
      return
    const line = write(identity, fault(step), eventTime)
    if (line === undefined) return
    for (const made of deliver({ eventTime, arrivalMs, sessionId: identity.sessionId, line })) {
      const second = Math.floor(made.arrivalMs / 1_000)
      const bucket = pending.get(second)
      if (bucket) bucket.push(made)
      else pending.set(second, [made])
    }
  }

  const firstMs = plan.startMs - leadMinutes * minuteMs
  let flushed = Math.floor(firstMs / 1_000)
  for (const level of levelsOf(shop, seed, firstMs, incidents)) {
    for (const until = level.startMs / 1_000; flushed < until; flushed += 1) {
      const bucket = pending.get(flushed)
      if (!bucket) continue
      pending.delete(flushed)
      yield* inOrder(bucket)
    }
    if (level.startMs >= plan.endMs + shop.delayMs + minuteMs) break
    const sessions = poisson(uniform, level.sessionRate)
    for (let i = 0; i < sessions; i += 1) {
      const identity = visitor()
      const startMs = level.startMs + uniform() * minuteMs
      const carting = uniform() < level.cartShare
      walkSession(surroundings, identity, startMs, carting, step => record(identity, step))
    }
    for (const flood of incidents) {
      if (flood.kind !== 'bot_flood') continue
      const overlapMs =
        Math.min(flood.endMs, level.startMs + minuteMs) - Math.max(flood.startMs, level.startMs)
      if (overlapMs <= 0) continue
      const rate = (level.expectedSessions * eventsPerSession * flood.depth) / botEventsPerSession
      const bots = poisson(uniform, (rate * overlapMs) / minuteMs)
      for (let i = 0; i < bots; i += 1) {
        const identity = visitor()
        const startMs = Math.max(flood.startMs, level.startMs) + uniform() * overlapMs
        walkBot(surroundings, identity, startMs, step => {
          if (step.timeMs < flood.endMs) record(identity, step)
        })
      }
    }
  }
  // Records that come late or twice may arrive after the plan's end.
  yield* inOrder([...pending.values()].flat())
}

function inOrder(records: ShopRecord[]): ShopRecord[] {
  return records.sort((a, b) => a.arrivalMs - b.arrivalMs)
}

function visitors(seed: number): () => Identity {
  const uniform: Uniform = uniformOf(seed, 'visitors')
  const country = named(countryShares)
  const device = named(deviceShares)
  const payment = named(paymentShares)
  const name = (seed >>> 0).toString(36)
  let count = 0
  return function nextVisitor() {
    count += 1
    const sessionId = `s-${name}-${count.toString(36)}`
    return {
      number: count,
      sessionId,
      userId: uniform() < 0.6 ? `u-${integer(uniform, 1, 50_000).toString(36)}` : undefined,
      orderId: `o-${name}-${count.toString(36)}`,
      country: country(uniform),
      device: device(uniform),
      paymentMethod: payment(uniform),
      luck: uniform()
    }
  }
}
