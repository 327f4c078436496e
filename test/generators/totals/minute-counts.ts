/** What a minute of the whole shop comes to, as if its events had been counted. Money in units of the currency. */
export interface MinuteCounts {
  readonly events: number
  /** Distinct sessions with an event, with an add_to_cart, with a purchase. */
  readonly visits: number
  readonly cartingSessions: number
  readonly purchasingSessions: number
  /** Distinct users, of the sessions that have one. */
  readonly visitors: number
  readonly productViews: number
  readonly searches: number
  readonly cartAdds: number
  readonly cartRemovals: number
  readonly checkoutsStarted: number
  /** Distinct orders; an order has a purchase event per line. */
  readonly orders: number
  readonly purchases: number
  /** Purchases with a price, the sum of their amounts, and that of the squares of each order's. */
  readonly pricedPurchases: number
  readonly revenue: number
  readonly revenueSquares: number
  /** The sums of the orders' mean natural logarithms and of their squares, each in whole thousandths. */
  readonly priceLogs: number
  readonly priceLogSquares: number
  /** Pieces that were purchased. */
  readonly units: number
  readonly refunds: number
  readonly refunded: number
  /** Of cart adds, checkouts and purchases: without a price. */
  readonly missingPrices: number
  /** Events whose price is no number. */
  readonly invalidPrices: number
  /** Of the events: another one's id once more. */
  readonly duplicates: number
  /** Records that came minutes after their time, which are none of the events. */
  readonly late: number
}

/** Orders with a priced line, as if prices were left out of each line by itself. */
export function pricedOrdersOf({
  orders,
  purchases,
  pricedPurchases
}: Pick<MinuteCounts, 'orders' | 'purchases' | 'pricedPurchases'>): number {
  if (purchases === 0 || orders === 0) return 0
  return Math.ceil(orders * (1 - (1 - pricedPurchases / purchases) ** (purchases / orders)))
}
