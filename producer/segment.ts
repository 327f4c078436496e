import { categoryShares, countryShares, paymentShares } from './catalogue.ts'
import { type IncidentKind, incidentKinds } from './incident.ts'
import { integer, uniformOf } from './random.ts'

type Shares = readonly (readonly [string, number])[]

/** The fields that a schema_change is about; what becomes of them is in `delivery.ts`. */
export const changedFields = ['price', 'user_id'] as const
export type ChangedField = (typeof changedFields)[number]

/** The segments that an incident of a kind may hit: a dimension and the shares of its values. */
const hits: Partial<Record<IncidentKind, { readonly dimension: string; readonly shares: Shares }>> = {
  category_outage: { dimension: 'category', shares: categoryShares },
  country_outage: { dimension: 'country', shares: countryShares },
  method_outage: { dimension: 'payment_method', shares: paymentShares },
  schema_change: { dimension: 'field', shares: changedFields.map(field => [field, 1]) }
}
/** A smaller value is hit only if it is asked for by name. */
const drawnFromShare = 0.1

/** The segments that an incident of the kind may hit, such as `country=DE`; none if it hits the whole shop. */
export function segmentsOf(kind: IncidentKind): readonly string[] {
  const hit = hits[kind]
  return hit ? hit.shares.map(([value]) => `${hit.dimension}=${value}`) : []
}

/** Draws a segment with a tenth of the shop at least. */
export function drawSegment(kind: IncidentKind, seed: number): string | undefined {
  const hit = hits[kind]
  if (!hit) return undefined
  const total = hit.shares.reduce((sum, [, share]) => sum + share, 0)
  const large = hit.shares.filter(([, share]) => share >= drawnFromShare * total)
  const [value] = large[integer(uniformOf(seed, 'segment'), 0, large.length - 1)] as Shares[number]
  return `${hit.dimension}=${value}`
}

/** The kinds that hit a segment, for a help text. */
export const segmentKinds: readonly IncidentKind[] = incidentKinds.filter(kind => hits[kind])
