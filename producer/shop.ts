import type { Basket } from './basket.ts'

/** The shop's fixed traits. Shares are probabilities, gaps are means in milliseconds. */
export interface Shop {
  /** Mean over a week without incidents. */
  readonly ordersPerMinute: number
  /** Minutes east of UTC of the shop's daily and weekly curve. */
  readonly timezoneOffsetMinutes: number
  /** The bound within which the level of the traffic wanders, a share. */
  readonly wander: number
  /** Variance ÷ mean of the sessions that start in a minute, and of the carts among them. */
  readonly dispersion: number
  readonly basket: Basket
  /** Of all its prices, by ISO 4217. */
  readonly currency: string
  /** The longest time by which a record arrives after its event time. */
  readonly delayMs: number
}

export const defaultShop: Shop = {
  ordersPerMinute: 20,
  timezoneOffsetMinutes: 0,
  wander: 0.1,
  dispersion: 1.5,
  basket: 'usual',
  currency: 'USD',
  delayMs: 2_000
}

/** The funnel, the same for every shop. */
export const funnel = {
  /** Of sessions: put something into the cart. */
  cartShare: 0.15,
  /** Of carting sessions: start a checkout; pay, once started. */
  checkoutShare: 0.5,
  paymentShare: 0.85,
  /** Of sessions with a failed payment: try once more. */
  retryShare: 0.3,
  /** Of orders: refunded soon after. */
  refundShare: 0.015,
  /** Of prices: left out on any day. */
  missingPriceShare: 0.002,
  viewGapMs: 28_000,
  checkoutGapMs: 40_000,
  paymentGapMs: 35_000,
  /** Of browsing: goes on after each view. */
  browseShare: 0.7
} as const

export const ordersPerSession = funnel.cartShare * funnel.checkoutShare * funnel.paymentShare

/** Sessions that start in a minute, mean over a week. */
export function sessionsPerMinute(shop: Shop): number {
  return shop.ordersPerMinute / ordersPerSession
}

/** Events of a session in the mean, as the funnel comes out; a test holds it to the walk. */
export const eventsPerSession = 3.97
