/** The kinds of the demo, one incident of each. */
export const demoKinds = [
  'payment_outage',
  'bot_flood',
  'checkout_bug',
  'missing_prices',
  'producer_stops',
  'flash_sale'
] as const

/** What can happen to the stream. `flash_sale` is no fault but a good day. */
export const incidentKinds = [
  ...demoKinds,
  'category_outage',
  'country_outage',
  'method_outage',
  'price_bug',
  'slow_leak',
  'duplicate_flood',
  'schema_change',
  'late_burst'
] as const
export type IncidentKind = (typeof incidentKinds)[number]

/**
 * Something that happens to the stream in [startMs, endMs). `depth` is a share:
 * - payment_outage: of payments that fail; checkout_bug: of checkouts that break
 * - bot_flood: bot events beside the usual events, 1 doubles the traffic
 * - missing_prices: of prices that are left out; producer_stops: of sessions that are not recorded
 * - flash_sale: of visitors above the usual, 1 doubles them
 * - category_outage: of visitors for whom the segment's products are gone: they look at others or leave
 * - country_outage: of the segment's sessions that are not recorded
 * - method_outage: of the segment's payments that fail: few try once more, half of those with another method
 * - price_bug: of prices that are a hundredth of the right one
 * - slow_leak: of carts that are not filled, at its end; it grows from nothing, and is over at once
 * - duplicate_flood: of records that come once more within a minute; late_burst: of those 5 to 20 minutes late
 * - schema_change: of records in which the segment's field has another name or type
 */
export interface Incident {
  readonly kind: IncidentKind
  readonly startMs: number
  readonly endMs: number
  readonly depth: number
  /** It hits only this segment, such as `payment_method=paypal`; for schema_change this field, such as `field=price`. */
  readonly segment?: string
}

/** The depth of `kind` at an instant, 0 outside its incidents; with a segment, of the incidents that hit it. */
export function depthAt(
  incidents: readonly Incident[],
  kind: IncidentKind,
  timeMs: number,
  segment?: string
): number {
  let depth = 0
  for (const incident of incidents) {
    if (incident.kind === kind && timeMs >= incident.startMs && timeMs < incident.endMs) {
      if (incident.segment === segment) depth = Math.max(depth, depthWithin(incident, timeMs))
    }
  }
  return depth
}

/** The depth of `kind` averaged over [fromMs, toMs). */
export function meanDepth(
  incidents: readonly Incident[],
  kind: IncidentKind,
  fromMs: number,
  toMs: number,
  segment?: string
): number {
  let depth = 0
  for (const incident of incidents) {
    if (incident.kind !== kind || incident.segment !== segment) continue
    const beginMs = Math.max(fromMs, incident.startMs)
    const overlapMs = Math.min(toMs, incident.endMs) - beginMs
    if (overlapMs <= 0) continue
    depth += (depthWithin(incident, beginMs + overlapMs / 2) * overlapMs) / (toMs - fromMs)
  }
  return Math.min(depth, kind === 'bot_flood' || kind === 'flash_sale' ? Number.POSITIVE_INFINITY : 1)
}

function depthWithin({ kind, startMs, endMs, depth }: Incident, timeMs: number): number {
  return kind === 'slow_leak' ? (depth * (timeMs - startMs)) / (endMs - startMs) : depth
}
