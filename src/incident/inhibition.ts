import type { StoredIncident } from './types.ts'

/** Something is wrong with the data or the pipeline, not with the shop. */
const dataIntegrityKinds: ReadonlySet<string> = new Set(['data_loss', 'pipeline_stalled'])

/** Kinds that missing data or a stall would show as well. */
const businessKinds: ReadonlySet<string> = new Set([
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

/** Revenue may drop further than traffic by this part of its expectation and still be inhibited. */
const deeper = 0.15
/** More once it is inhibited: both values vary from window to window. */
const deeperOnceInhibited = 0.3

/**
 * Whether open incident A inhibits B: data loss and a stall inhibit business kinds, the whole shop its segments, and a
 * traffic drop the revenue drop that follows from it. An incident that began before A is never inhibited by it.
 */
export function inhibits(a: StoredIncident, b: StoredIncident): boolean {
  if (a.status !== 'open' || a.id === b.id || b.openedAt < a.openedAt) return false
  if (dataIntegrityKinds.has(a.kind)) {
    return businessKinds.has(b.kind) && (a.segment === 'all' || a.segment === b.segment)
  }
  if (a.kind === b.kind) return a.segment === 'all' && b.segment !== 'all'
  const isInhibited = Object.values(b.suppressedReasons).includes('explained_by:traffic_drop')
  const allowed = isInhibited ? deeperOnceInhibited : deeper
  return (
    a.kind === 'traffic_drop' &&
    b.kind === 'revenue_drop' &&
    a.segment === b.segment &&
    left(b) >= left(a) - allowed
  )
}

/** Such an incident inhibits for every receiver as soon as anybody was notified of it; others only for those notified. */
export const isDataIntegrity = ({ kind }: StoredIncident): boolean => dataIntegrityKinds.has(kind)

/** The part that is left of what was expected. */
function left({ lastAnomaly: { value, expected } }: StoredIncident): number {
  return expected > 0 ? value / expected : Number.NaN
}

/** Sorts incidents before those that they may inhibit. */
export function inhibitorsFirst(a: StoredIncident, b: StoredIncident): number {
  return order(a) - order(b)
}

function order({ kind, segment }: StoredIncident): number {
  if (dataIntegrityKinds.has(kind)) return 0
  return (segment === 'all' ? 1 : 3) + (kind === 'traffic_drop' ? 0 : 1)
}
