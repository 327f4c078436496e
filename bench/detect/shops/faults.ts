import { integer, type Uniform } from '../../../producer/random.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/time/units.ts'

/** What a fault does to a shop's events. */
export interface Effect {
  /** As `src/demo/fitting.ts` knows the kind of fault. */
  readonly kind: string
  /**
   * A share of `purchases`, `checkouts` with all that follows, `carts` likewise, or whole `visits` does not happen; of `events`
   * of the segment's type is not recorded; `bots` come beside the usual visits; of `prices` is multiplied by `factor`, or left out
   * without one.
   */
  readonly of: 'purchases' | 'checkouts' | 'carts' | 'visits' | 'events' | 'bots' | 'prices'
  /** 0 to 1; of bots, events beside one of the usual ones. */
  readonly depth: number
  readonly minutes: readonly [least: number, most: number]
  readonly factor?: number
  /** Hits only this part, such as `device=mobile`. */
  readonly segment?: string
  /** Grows from nothing to its depth at the end. */
  readonly grows?: boolean
  readonly atNight?: boolean
}

/** A fault in [startMs, endMs). */
export interface Fault extends Effect {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
}

const short = [30, 60] as const
const twoHours = [120, 120] as const

/** One of each in three weeks. */
export const faults: Readonly<Record<string, Effect>> = {
  'payment outage': { kind: 'payment_outage', of: 'purchases', depth: 0.95, minutes: short },
  'payment method fails': method('payment_method=paypal', 1),
  'payments of a country fail': method('country=FR', 1),
  'payments on a device fail': method('device=mobile', 0.9),
  'checkout broken': { kind: 'checkout_bug', of: 'checkouts', depth: 0.9, minutes: short },
  'traffic drop': { kind: 'producer_stops', of: 'visits', depth: 0.8, minutes: short },
  'bot flood': { kind: 'bot_flood', of: 'bots', depth: 2, minutes: short },
  'night outage': { kind: 'payment_outage', of: 'purchases', depth: 1, minutes: [120, 180], atNight: true },
  'slow leak': { kind: 'slow_leak', of: 'carts', depth: 0.4, minutes: [360, 360], grows: true },
  'price errors': { kind: 'price_bug', of: 'prices', depth: 0.8, factor: 0.01, minutes: short },
  'missing prices': { kind: 'missing_prices', of: 'prices', depth: 0.8, minutes: short },
  'event type vanishes': {
    kind: 'schema_change',
    of: 'events',
    depth: 1,
    segment: 'event_type=add_to_cart',
    minutes: [60, 90]
  }
}

/** Two-hour drops of 30 to 60 %. */
export const drops: Readonly<Record<string, Effect>> = Object.fromEntries(
  [0.3, 0.4, 0.5, 0.6].flatMap((depth): [string, Effect][] => {
    const by = `−${Math.round(depth * 100)} %`
    return [
      [`traffic ${by}`, { kind: 'producer_stops', of: 'visits', depth, minutes: twoHours }],
      [`purchases ${by}`, { kind: 'payment_outage', of: 'purchases', depth, minutes: twoHours }],
      [`prices ${by}`, { kind: 'price_bug', of: 'prices', depth: 1, factor: 1 - depth, minutes: twoHours }]
    ]
  })
)

function method(segment: string, depth: number): Effect {
  return { kind: 'method_outage', of: 'purchases', depth, segment, minutes: [60, 90] }
}

/**
 * Each effect once, in an order that is drawn, from the eighth day on: two a day, in the morning and in the afternoon of the
 * day's own clock, and those of the night from its third hour on. Days are of 24 hours from `startMs`, a midnight.
 */
export function drawFaults(
  uniform: Uniform,
  startMs: number,
  effects: Readonly<Record<string, Effect>>
): readonly Fault[] {
  const order = Object.entries(effects)
    .map(([name, effect]) => ({ name, effect, at: uniform() }))
    .sort((a, b) => a.at - b.at)
  return order
    .map(({ name, effect }, index): Fault => {
      const hour = effect.atNight ? 2 : index % 2 === 0 ? 8 : 17
      const day = 7 + Math.floor(index / 2)
      const beginMs = startMs + day * dayMs + hour * hourMs + integer(uniform, 0, 120) * minuteMs
      const endMs = beginMs + integer(uniform, ...effect.minutes) * minuteMs
      return { name, ...effect, startMs: beginMs, endMs }
    })
    .sort((a, b) => a.startMs - b.startMs)
}

/** The depth of a fault at an instant; 0 outside of it. */
export function depthAt({ startMs, endMs, depth, grows }: Fault, timeMs: number): number {
  if (timeMs < startMs || timeMs >= endMs) return 0
  return grows ? (depth * (timeMs - startMs)) / (endMs - startMs) : depth
}
