import type { StoredIncident } from './types.ts'

/** What is wrong with the data or the line, not with the shop. */
const blinding: ReadonlySet<string> = new Set(['data_loss', 'pipeline_stalled'])

/** Findings that a gap in the data, or a stall, would show as well. */
const business: ReadonlySet<string> = new Set([
  'revenue_drop',
  'traffic_drop',
  'conversion_drop',
  'checkout_failure',
  'cart_abandonment_spike',
  'order_value_shift',
  'category_imbalance',
  'refund_spike',
  'metric_change'
])

/** Revenue may fall deeper than traffic by so much of what was expected, and still be explained by it. */
const deeper = 0.15
/** And by so much once it is: what is left of either wavers from window to window. */
const deeperOnceExplained = 0.3

/**
 * Whether one incident that is open explains another, so that whoever is told of it need not hear of the other: a gap in
 * the data or a stall what it shows of the shop, the whole its segments, a fall of traffic the fall of revenue that
 * follows from it. What began before its cause is not explained by it.
 */
export function explains(cause: StoredIncident, effect: StoredIncident): boolean {
  if (cause.status !== 'open' || cause.id === effect.id || effect.openedAt < cause.openedAt) return false
  if (blinding.has(cause.kind)) {
    return business.has(effect.kind) && (cause.segment === 'all' || cause.segment === effect.segment)
  }
  if (cause.kind === effect.kind) return cause.segment === 'all' && effect.segment !== 'all'
  const isExplained = Object.values(effect.mutedFor).includes('explained_by:traffic_drop')
  const allowed = isExplained ? deeperOnceExplained : deeper
  return (
    cause.kind === 'traffic_drop' &&
    effect.kind === 'revenue_drop' &&
    cause.segment === effect.segment &&
    left(effect) >= left(cause) - allowed
  )
}

/** A cause may be told by itself where others are only told that it is one: whether it is nothing of the shop's own. */
export const isBlinding = ({ kind }: StoredIncident): boolean => blinding.has(kind)

/** The part that is left of what was expected. */
function left({ lastAnomaly: { value, expected } }: StoredIncident): number {
  return expected > 0 ? value / expected : Number.NaN
}

/** Causes before what they may explain. */
export function causesFirst(a: StoredIncident, b: StoredIncident): number {
  return order(a) - order(b)
}

function order({ kind, segment }: StoredIncident): number {
  if (blinding.has(kind)) return 0
  return (segment === 'all' ? 1 : 3) + (kind === 'traffic_drop' ? 0 : 1)
}
