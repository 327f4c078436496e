import { type Uniform, uniformOf } from '../../producer/random.ts'
import { fieldOf } from '../stream/shop-events.ts'

export interface BusyShop {
  /** Further fields of an event. */
  readonly fields: number
  /** Values of each, all of which every minute has. */
  readonly values: number
  readonly eventsPerMinute: number
}

const types = [
  ['page_view', 0.5],
  ['product_view', 0.2],
  ['add_to_cart', 0.13],
  ['checkout_started', 0.06],
  ['purchase', 0.08],
  ['refund', 0.03]
] as const

/** The records of a minute of a shop that is busy in every value; of `failing`, most purchases fail. */
export function* busyMinute(
  startMs: number,
  { fields, values, eventsPerMinute }: BusyShop,
  failing: string | undefined
): Generator<Buffer> {
  const uniform = uniformOf(startMs, 'busy')
  for (let index = 0; index < eventsPerMinute; index++) {
    const own = Object.fromEntries(
      Array.from({ length: fields }, (_, field) => [
        fieldOf(field + 1),
        `value-${Math.floor(uniform() * values)}`
      ])
    )
    const drawn = typeOf(uniform)
    const isLost = drawn === 'purchase' && own[fieldOf(1)] === failing && uniform() < 0.9
    const event = {
      event_id: `e-${startMs}-${index}`,
      event_type: isLost ? 'checkout_started' : drawn,
      event_time: startMs + Math.floor((index / eventsPerMinute) * 60_000),
      user_id: `u-${Math.floor(uniform() * 1e6)}`,
      session_id: `s-${Math.floor(uniform() * eventsPerMinute)}`,
      order_id: `o-${startMs}-${index}`,
      category: 'shoes',
      price: Math.round(100 + uniform() * 9_900) / 100,
      quantity: 1,
      currency: 'USD',
      ...own
    }
    yield Buffer.from(JSON.stringify(event))
  }
}

function typeOf(uniform: Uniform): string {
  let left = uniform()
  for (const [type, share] of types) {
    left -= share
    if (left < 0) return type
  }
  return 'page_view'
}
