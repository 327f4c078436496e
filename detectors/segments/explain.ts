import { whole as wholeSpan } from '../rules/ranges.ts'
import type { Direction } from '../stats/significance.ts'
import type { SegmentShare } from '../types.ts'
import { columnOf, firstValue, type Quantity, shop } from './columns.ts'
import { oddsMeasure, type Subject } from './compare.ts'
import type { Dimension } from './dimension.ts'

/** A change of the whole shop over the last `span` windows. */
export interface Change {
  readonly quantity: Quantity
  readonly span: number
  /** What was seen ÷ what was expected. */
  readonly ratio: number
}

/** It changed by this factor more than all others, and not by chance. */
const wellBeyond = 1.5
const byChance = 0.003
const mostSegments = 5

/** The segments that a change sits in, the greatest share of it first: none where it is spread evenly. */
export function explainingSegments(
  dimensions: readonly Dimension[],
  change: Change,
  leastShare: number
): readonly SegmentShare[] {
  const ranked = dimensions
    .flatMap(dimension => explainedIn(dimension, change, leastShare))
    .sort((a, b) => b.share - a.share || (a.segment < b.segment ? -1 : 1))
  const named = new Set<string>(ranked.map(({ segment }) => segment))
  // Of a combination, what one of its two dimensions shows is that one's.
  const shown = ranked.filter(({ segment }) => {
    const parts = partsOf(segment)
    return parts.length === 1 || !parts.some(part => named.has(part))
  })
  return shown.slice(0, mostSegments).map(one => ({ ...one, share: Math.min(1, one.share) }))
}

/** `country=DE` and `payment_method=paypal` of their combination; a segment of one dimension is its only part. */
export const partsOf = (segment: string): readonly string[] => segment.split(' × ')

interface Candidate extends SegmentShare {
  readonly place: number
  /** Its own change, as a share of what was expected of it; positive where it goes with the whole. */
  readonly own: number
}

/** Each against all others but those that changed as much as it did. */
function explainedIn(dimension: Dimension, change: Change, leastShare: number): readonly SegmentShare[] {
  const { quantity, span, ratio } = change
  const direction = ratio < 1 ? 'drop' : 'rise'
  const all = dimension.trailing(span, 0)[columnOf(shop, quantity)] as number
  const expectedAll = all / ratio
  if (!(expectedAll > 0 && Number.isFinite(expectedAll))) return []
  const candidates = candidatesOf(dimension, change, expectedAll).filter(({ share }) => share >= leastShare)
  return candidates
    .filter(candidate => {
      const { place, own } = candidate
      const alike = candidates.filter(other => other === candidate || other.own >= own)
      const rest = alike.reduce((sum, { value }) => sum - value, all)
      const restExpected = alike.reduce((sum, { expected }) => sum - expected, expectedAll)
      if (!(restExpected > 0) || own < wellBeyond * ownChange(rest, restExpected, direction)) return false
      const left = alike.map(({ place }) => place)
      return probabilityOf({ dimension, place, quantity }, left, span, direction) <= byChance
    })
    .map(({ segment, share, value, expected }) => ({ segment, share, value, expected }))
}

const ownChange = (value: number, expected: number, direction: Direction): number =>
  (1 - value / expected) * (direction === 'drop' ? 1 : -1)

/** Every value's part in the change; it is measured by the baseline that gives it less of one. */
function candidatesOf(
  dimension: Dimension,
  { quantity, span, ratio }: Change,
  expectedAll: number
): readonly Candidate[] {
  const pasts = dimension.pasts(span)
  if (pasts.length === 0) return []
  const now = dimension.trailing(span, 0)
  const all = columnOf(shop, quantity)
  const direction = ratio < 1 ? 'drop' : 'rise'
  const closer = direction === 'drop' ? Math.min : Math.max
  const change = expectedAll - (now[all] as number)
  const candidates: Candidate[] = []
  for (let place = firstValue; place < dimension.places(); place += 1) {
    const column = columnOf(place, quantity)
    const value = now[column] as number
    const usual = closer(...pasts.map(({ sums }) => (sums[column] as number) / (sums[all] as number)))
    const expected = usual * expectedAll
    const share = (expected - value) / change
    if (!(expected > 0)) continue
    const own = ownChange(value, expected, direction)
    candidates.push({ place, segment: dimension.nameOf(place), share, value, expected, own })
  }
  return candidates
}

/** That it has its share of an even change. Of money: by how many orders there are, or by what they are worth. */
function probabilityOf(
  subject: Subject,
  left: readonly number[],
  span: number,
  direction: Direction
): number {
  const counted: readonly Quantity[] = subject.quantity === 'money' ? ['money', 'orders'] : [subject.quantity]
  const others = { among: shop, without: () => left }
  const probabilities = counted.map(quantity => {
    const measured = oddsMeasure({ ...subject, quantity }, others, direction)(wholeSpan(span))
    return measured?.probability(direction) ?? 1
  })
  return Math.min(...probabilities)
}
