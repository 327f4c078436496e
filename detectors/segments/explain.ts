import type { SegmentShare } from '../../src/detect/types.ts'
import { whole as wholeSpan } from '../measure.ts'
import { columnOf, firstValue, type Quantity, shop } from './columns.ts'
import { oddsMeasure } from './compare.ts'
import type { Dimension } from './dimension.ts'

/** A change of the whole shop over the last `span` windows. */
export interface Change {
  readonly quantity: Quantity
  readonly span: number
  /** What was seen ÷ what was expected. */
  readonly ratio: number
}

/** Its share of the change is beyond its share of the expectation by this factor, and not by chance. */
const wellAbove = 1.5
const byChance = 0.001
const mostSegments = 5

/** The segments that a change sits in, the greatest share of it first: none where it is spread evenly. */
export function explain(
  dimensions: readonly Dimension[],
  change: Change,
  leastShare: number
): readonly SegmentShare[] {
  const ranked = dimensions
    .flatMap(dimension => explainedIn(dimension, change, leastShare))
    .sort((a, b) => b.share - a.share || (a.segment < b.segment ? -1 : 1))
  const named = new Set(ranked.map(({ segment }) => segment))
  // Of a combination, what one of its two dimensions shows is that one's.
  const shown = ranked.filter(({ segment }) => {
    const parts = partsOf(segment)
    return parts.length === 1 || !parts.some(part => named.has(part))
  })
  return shown.slice(0, mostSegments).map(one => ({ ...one, share: Math.min(1, one.share) }))
}

/** `country=DE` and `payment_method=paypal` of their combination; a segment of one dimension is its only part. */
export const partsOf = (segment: string): readonly string[] => segment.split(' × ')

function explainedIn(
  dimension: Dimension,
  { quantity, span, ratio }: Change,
  leastShare: number
): readonly SegmentShare[] {
  const direction = ratio < 1 ? 'drop' : 'rise'
  const closer = direction === 'drop' ? Math.min : Math.max
  const pasts = dimension.pasts(span)
  const now = dimension.trailing(span, 0)
  const all = columnOf(shop, quantity)
  const expectedAll = (now[all] as number) / ratio
  if (pasts.length === 0 || !(expectedAll > 0 && Number.isFinite(expectedAll))) return []
  const found: SegmentShare[] = []
  for (let place = firstValue; place < dimension.places(); place += 1) {
    const column = columnOf(place, quantity)
    const value = now[column] as number
    const usual = closer(...pasts.map(({ sums }) => (sums[column] as number) / (sums[all] as number)))
    const expected = usual * expectedAll
    const share = (expected - value) / (expectedAll - (now[all] as number))
    if (!(share >= leastShare && share >= wellAbove * usual)) continue
    const measure = oddsMeasure({ dimension, place, quantity }, { among: shop, without: () => [] }, direction)
    const measured = measure(wholeSpan(span))
    if (!measured || measured.probability(direction) > byChance) continue
    found.push({ segment: dimension.nameOf(place), share, value, expected })
  }
  return found
}
