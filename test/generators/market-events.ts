import { type Uniform, uniformOf } from '../../producer/random.ts'
import { type MarketMinute, minuteMs } from './market.ts'

export interface MarketEvent {
  readonly eventTime: number
  readonly sessionId: string
  readonly line: string
}

/** The minutes as events in order of their time, with epoch milliseconds as event times: a recount gives the totals. */
export function* marketEvents(seed: number, minutes: Iterable<MarketMinute>): Generator<MarketEvent> {
  const uniform = uniformOf(seed, 'market events')
  for (const minute of minutes) {
    yield* fieldsOf(minute)
      .map(fields => timed(uniform, minute.startMs, fields))
      .sort((a, b) => a.eventTime - b.eventTime)
  }
}

interface Fields {
  readonly event_type: string
  readonly session_id: string
  readonly price?: number | undefined
  readonly currency?: string
  readonly order_id?: string
}

function fieldsOf(minute: MarketMinute): Fields[] {
  const session = (index: number) => `m${minute.startMs / minuteMs}-${index % minute.visits}`
  const views = minute.events - minute.cartAdds - minute.checkoutsStarted - minute.orders
  let unpriced = minute.missingPrices - (minute.orders - minute.pricedPurchases)
  const priceOf = (amount: number) => {
    unpriced -= 1
    return unpriced < 0 ? amount : undefined
  }
  return [
    ...times(views, index => ({
      event_type: index < minute.visits ? 'page_view' : 'product_view',
      session_id: session(index)
    })),
    ...times(minute.cartAdds, index => ({
      event_type: 'add_to_cart',
      session_id: session(index % minute.cartingSessions),
      price: priceOf(20)
    })),
    ...times(minute.checkoutsStarted, index => ({
      event_type: 'checkout_started',
      session_id: session(index),
      price: priceOf(60)
    })),
    ...minute.amounts.map((price, index) => ({
      event_type: 'purchase',
      session_id: session(index),
      price,
      currency: 'USD',
      order_id: `m${minute.startMs / minuteMs}-${index}`
    }))
  ]
}

function times(count: number, make: (index: number) => Fields): Fields[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function timed(uniform: Uniform, startMs: number, fields: Fields): MarketEvent {
  const eventTime = startMs + Math.floor(uniform() * minuteMs)
  return {
    eventTime,
    sessionId: fields.session_id,
    line: JSON.stringify({ ...fields, event_time: eventTime })
  }
}
