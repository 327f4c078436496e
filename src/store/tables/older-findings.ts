import type { Scale, Unit } from '../../metrics/types.ts'

/** Earlier versions stored findings without a unit: it is guessed from the metric's name. */
export const guessedScale = (metric: string): Scale => ({
  unit: guessedUnit(metric),
  additive: additive.has(metric)
})

const money: ReadonlySet<string> = new Set([
  'revenue',
  'net_revenue',
  'average_order_value',
  'order_value_p50'
])

const additive: ReadonlySet<string> = new Set([
  'net_revenue',
  'revenue',
  'orders',
  'units',
  'events',
  'visits',
  'product_views',
  'searches',
  'refunds',
  'cart_adds',
  'checkouts_started'
])

function guessedUnit(metric: string): Unit {
  if (money.has(metric)) return 'money'
  return /_(rate|share)$/.test(metric) ? 'share' : 'number'
}
