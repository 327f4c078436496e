import type { ShopRecord } from '../../../producer/record.ts'
import type { SegmentTotals } from '../../generators/totals/segment-totals.ts'
import type { MinuteTotals } from '../../generators/totals/totals.ts'

interface ShopFields {
  readonly event_id?: string
  readonly event_type: string
  readonly session_id: string
  readonly user_id?: string
  readonly order_id?: string
  readonly price?: number | string
  readonly quantity?: number
  readonly country?: string
  readonly device?: string
  readonly payment_method?: string
  readonly category?: string
}

/** Recounts events into the totals of their minutes; minutes without an event are left out. */
export function countedTotals(
  records: Iterable<Pick<ShopRecord, 'eventTime' | 'line'>>
): Map<number, MinuteTotals> {
  const minutes = new Map<number, ShopFields[]>()
  for (const { eventTime, line } of records) {
    const startMs = Math.floor(eventTime / 60_000) * 60_000
    const events = minutes.get(startMs) ?? []
    minutes.set(startMs, events)
    events.push(JSON.parse(line) as ShopFields)
  }
  return new Map([...minutes].map(([startMs, events]) => [startMs, counted(startMs, events)]))
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
const ofType = (events: readonly ShopFields[], type: string) =>
  events.filter(({ event_type }) => event_type === type)
const distinct = (values: readonly (string | undefined)[]) =>
  new Set(values.filter(value => value !== undefined)).size
const amountsOf = (events: readonly ShopFields[]) =>
  events.flatMap(({ price, quantity }) => (typeof price === 'number' ? [price * (quantity ?? 1)] : []))

function counted(startMs: number, events: readonly ShopFields[]): MinuteTotals {
  const sessions = (among: readonly ShopFields[]) => distinct(among.map(({ session_id }) => session_id))
  const purchases = ofType(events, 'purchase')
  const orders = [...Map.groupBy(purchases, ({ order_id }) => order_id).values()].map(amountsOf)
  const logs = orders.flatMap(amounts => {
    const each = amounts.filter(amount => amount > 0).map(amount => Math.round(1_000 * Math.log(amount)))
    return each.length > 0 ? [Math.round(sumOf(each) / each.length)] : []
  })
  const priceable = [...ofType(events, 'add_to_cart'), ...ofType(events, 'checkout_started'), ...purchases]
  const ids = events.flatMap(({ event_id }) => event_id ?? [])
  return {
    startMs,
    ...sales(events),
    revenueSquares: sumOf(orders.map(amounts => sumOf(amounts) ** 2)),
    visits: sessions(events),
    cartingSessions: sessions(ofType(events, 'add_to_cart')),
    purchasingSessions: sessions(purchases),
    visitors: distinct(events.map(({ user_id }) => user_id)),
    productViews: ofType(events, 'product_view').length,
    searches: ofType(events, 'search').length,
    cartRemovals: ofType(events, 'remove_from_cart').length,
    priceLogs: sumOf(logs),
    priceLogSquares: sumOf(logs.map(log => log * log)),
    units: sumOf(purchases.map(({ quantity }) => quantity ?? 1)),
    refunds: ofType(events, 'refund').length,
    refunded: sumOf(amountsOf(ofType(events, 'refund'))),
    missingPrices: priceable.filter(({ price }) => price === undefined).length,
    invalidPrices: events.filter(({ price }) => typeof price === 'string').length,
    duplicates: ids.length - new Set(ids).size,
    late: 0,
    segments: (['country', 'device', 'payment_method', 'category'] as const).flatMap(dimension =>
      [...Map.groupBy(events, event => event[dimension])].flatMap(([value, among]): SegmentTotals[] =>
        value === undefined ? [] : [{ dimension, value, ...sales(among) }]
      )
    )
  }
}

function sales(events: readonly ShopFields[]) {
  const purchases = ofType(events, 'purchase')
  const amounts = amountsOf(purchases)
  return {
    events: events.length,
    cartAdds: ofType(events, 'add_to_cart').length,
    checkoutsStarted: ofType(events, 'checkout_started').length,
    orders: distinct(purchases.map(({ order_id }) => order_id)),
    purchases: purchases.length,
    pricedPurchases: amounts.length,
    revenue: sumOf(amounts),
    revenueSquares: sumOf(amounts.map(amount => amount * amount))
  }
}
