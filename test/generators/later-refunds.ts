import { poisson, uniformOf } from '../../producer/random.ts'
import type { MinuteTotals } from './totals/totals.ts'

const minutesOfDay = 1_440
/** Of the orders of a day, so many days later. */
const shares: readonly (readonly [days: number, share: number])[] = [
  [1, 0.01],
  [2, 0.02],
  [3, 0.02],
  [5, 0.01],
  [7, 0.01]
]

/** The minutes with refunds that follow orders after days; before the first day there were as many as on it. */
export function* withLaterRefunds(seed: number, minutes: Iterable<MinuteTotals>): Generator<MinuteTotals> {
  const uniform = uniformOf(seed, 'later refunds')
  const orders: number[] = []
  for (const minute of minutes) {
    orders.push(minute.orders)
    const now = orders.length - 1
    const mean = shares.reduce((sum, [days, share]) => {
      const then = now - days * minutesOfDay
      return sum + share * (orders[then >= 0 ? then : now] ?? 0)
    }, 0)
    const refunds = poisson(uniform, mean)
    const value = minute.orders > 0 ? minute.revenue / minute.orders : 0
    yield {
      ...minute,
      events: minute.events - minute.refunds + refunds,
      refunds,
      refunded: refunds * value
    }
  }
}
