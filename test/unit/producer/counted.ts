import type { ShopRecord } from '../../../producer/record.ts'
import type { MinuteTotals } from '../../../producer/totals.ts'

interface ShopFields {
  readonly event_type: string
  readonly session_id: string
  readonly order_id?: string
  readonly price?: number
  readonly quantity?: number
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

function counted(startMs: number, events: readonly ShopFields[]): MinuteTotals {
  const of = (type: string) => events.filter(({ event_type }) => event_type === type)
  const sessions = (among: readonly ShopFields[]) => new Set(among.map(({ session_id }) => session_id)).size
  const purchases = of('purchase')
  const amounts = purchases.flatMap(({ price, quantity }) =>
    price === undefined ? [] : [price * (quantity ?? 1)]
  )
  const priceable = [...of('add_to_cart'), ...of('checkout_started'), ...purchases]
  return {
    startMs,
    events: events.length,
    visits: sessions(events),
    cartingSessions: sessions(of('add_to_cart')),
    purchasingSessions: sessions(purchases),
    cartAdds: of('add_to_cart').length,
    checkoutsStarted: of('checkout_started').length,
    orders: new Set(purchases.map(({ order_id }) => order_id)).size,
    purchases: purchases.length,
    pricedPurchases: amounts.length,
    revenue: amounts.reduce((sum, amount) => sum + amount, 0),
    revenueSquares: amounts.reduce((sum, amount) => sum + amount * amount, 0),
    missingPrices: priceable.filter(({ price }) => price === undefined).length
  }
}
