import {
  exponential,
  gamma,
  integer,
  normal,
  poisson,
  type Uniform,
  uniformOf,
  weighted
} from '../../../producer/random.ts'
import { dayMs, minuteMs } from '../../../src/time/units.ts'
import { depthAt, type Fault } from './faults.ts'
import { type Hour, hoursOf, type Life } from './life.ts'
import { type Visitor, walk } from './walk.ts'

/** A shop whose visits are walks on a Markov chain, with visitors who come back and a few very large baskets. */
export interface FunnelShop {
  readonly seed: number
  /** In the mean of a week. */
  readonly visitsPerMinute: number
  /** A midnight of its timezone. */
  readonly startMs: number
  readonly days: number
  readonly timezone: string
  readonly faults: readonly Fault[]
  readonly life?: Life
}

/** Counts an event that a fault took away, changed or added. */
export type Touch = (fault: Fault) => void

const countries = ['DE', 'FR', 'US', 'GB', 'NL', 'PL']
const drawCountry = weighted([34, 22, 16, 12, 9, 7])
const methods = ['card', 'paypal', 'invoice', 'apple_pay']
const drawMethod = weighted([48, 27, 15, 10])
/** Variance ÷ mean of the visits of a minute. */
const dispersion = 1.6
const levelMemory = 0.996
const eventsPerBot = 40
const eventsPerVisit = 2.9
/** Who comes back is one of the last so many. */
const remembered = 4_000

/** Lines of cartwatch's own layout, in order of arrival; the same for the same shop. */
export function* funnelLines(shop: FunnelShop, touch: Touch): Generator<string> {
  const { seed, faults, startMs, days } = shop
  const uniform = uniformOf(seed, 'funnel')
  const hourAt = hoursOf(shop.timezone, startMs, shop.life)
  const nextVisitor = visitors(seed)
  const pending = new Map<number, { readonly at: number; readonly line: string }[]>()
  let sent = 0
  const emit = (timeMs: number, fields: object) => {
    if (timeMs >= startMs + days * dayMs) return
    const eventTime = Math.floor(timeMs)
    sent += 1
    const line = JSON.stringify({ event_id: `f${seed}-${sent}`, event_time: eventTime, ...fields })
    const at = eventTime + 1_500 * uniform() ** 3
    const minute = Math.floor(at / minuteMs)
    const bucket = pending.get(minute)
    if (bucket) bucket.push({ at, line })
    else pending.set(minute, [{ at, line }])
  }
  const level = levels(seed)
  for (let at = startMs; at < startMs + days * dayMs; at += minuteMs) {
    const hour = hourAt(at)
    const mean = shop.visitsPerMinute * hour.traffic * level(at)
    const active = faults.filter(fault => fault.startMs < at + minuteMs + dayMs / 24 && fault.endMs > at)
    for (let left = poisson(uniform, luck(uniform, mean)); left > 0; left -= 1) {
      walk({ uniform, faults: active, touch, emit }, nextVisitor(hour), at + uniform() * minuteMs, hour)
    }
    for (const fault of active) {
      if (fault.of !== 'bots') continue
      const rate = (mean * eventsPerVisit * depthAt(fault, at)) / eventsPerBot
      for (let left = poisson(uniform, rate); left > 0; left -= 1) {
        const { session_id, country, device } = nextVisitor(hour)
        for (let view = 0; view < eventsPerBot; view += 1) {
          touch(fault)
          emit(at + uniform() * minuteMs, { event_type: 'product_view', session_id, country, device })
        }
      }
    }
    yield* flushed(Math.floor(at / minuteMs))
  }
  for (const minute of [...pending.keys()].sort((a, b) => a - b)) yield* flushed(minute)

  function* flushed(minute: number): Generator<string> {
    const bucket = pending.get(minute)
    pending.delete(minute)
    for (const { line } of bucket?.sort((a, b) => a.at - b.at) ?? []) yield line
  }
}

const luck = (uniform: Uniform, mean: number) =>
  mean > 0 ? gamma(uniform, mean / (dispersion - 1), mean) : 0

/** Each day has a luck of its own, and within days the level wanders. */
function levels(seed: number): (timeMs: number) => number {
  const uniform = uniformOf(seed, 'funnel level')
  let day = Number.NaN
  let ofDay = 1
  let wander = normal(uniform)
  return function levelAt(timeMs) {
    const date = Math.floor(timeMs / dayMs)
    if (date !== day) {
      day = date
      ofDay = Math.exp(0.05 * normal(uniform))
    }
    wander = levelMemory * wander + Math.sqrt(1 - levelMemory ** 2) * normal(uniform)
    return ofDay * Math.exp(0.07 * wander)
  }
}

/** A third comes back; the others are new. */
function visitors(seed: number): (hour: Hour) => Visitor {
  const uniform = uniformOf(seed, 'funnel visitors')
  let sessions = 0
  const known: { readonly user_id: string; readonly country: string; readonly method: string }[] = []
  return function nextVisitor({ mobileShare }) {
    sessions += 1
    const isBack = known.length > 100 && uniform() < 0.33
    const person = isBack
      ? (known[integer(uniform, 0, known.length - 1)] as (typeof known)[number])
      : {
          user_id: `u${seed}-${sessions}`,
          country: countries[drawCountry(uniform)] as string,
          method: methods[drawMethod(uniform)] as string
        }
    if (!isBack) known[sessions % remembered] = person
    const device = uniform() < mobileShare ? 'mobile' : uniform() < 0.85 ? 'desktop' : 'tablet'
    return {
      ...person,
      session_id: `s${seed}-${sessions}`,
      device,
      isBack,
      pauseMs: exponential(uniform, 25_000)
    }
  }
}
