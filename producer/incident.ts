/** What can be done to the stream. `flash_sale` is nothing wrong: a good day. */
export const incidentKinds = [
  'payment_outage',
  'bot_flood',
  'checkout_bug',
  'missing_prices',
  'producer_stops',
  'flash_sale'
] as const
export type IncidentKind = (typeof incidentKinds)[number]

/**
 * One thing done to the stream in [startMs, endMs). `depth` is a share:
 * - payment_outage: of payments that fail; checkout_bug: of checkouts that break
 * - bot_flood: bot events beside the usual events, 1 doubles the traffic
 * - missing_prices: of prices that are left out; producer_stops: of sessions that are not recorded
 * - flash_sale: of visitors above the usual, 1 doubles them
 */
export interface Incident {
  readonly kind: IncidentKind
  readonly startMs: number
  readonly endMs: number
  readonly depth: number
}

/** The depth of `kind` at an instant, 0 outside of its incidents. */
export function depthAt(incidents: readonly Incident[], kind: IncidentKind, timeMs: number): number {
  let depth = 0
  for (const incident of incidents) {
    if (incident.kind === kind && timeMs >= incident.startMs && timeMs < incident.endMs) {
      depth = Math.max(depth, incident.depth)
    }
  }
  return depth
}

/** The depth of `kind` averaged over [fromMs, toMs). */
export function meanDepth(
  incidents: readonly Incident[],
  kind: IncidentKind,
  fromMs: number,
  toMs: number
): number {
  let depth = 0
  for (const incident of incidents) {
    if (incident.kind !== kind) continue
    const overlapMs = Math.min(toMs, incident.endMs) - Math.max(fromMs, incident.startMs)
    if (overlapMs > 0) depth += (incident.depth * overlapMs) / (toMs - fromMs)
  }
  return Math.min(depth, kind === 'bot_flood' || kind === 'flash_sale' ? Number.POSITIVE_INFINITY : 1)
}
