import type { Measured } from '../rules/measurement.ts'
import { droppedBy } from '../rules/thresholds.ts'
import { scanWindows } from '../rules/window-scan.ts'
import { movedItself, ownUsual, risenOf, suspectsOf } from './candidates.ts'
import { columnOf, firstValue, type Quantity, shop, whole } from './columns.ts'
import { amongDimension, oddsMeasure } from './compare.ts'
import type { Dimension } from './dimension.ts'

/** A value that has far less than its share of its dimension. */
export interface SegmentDrop {
  readonly dimension: string
  readonly segment: string
  readonly quantity: Quantity
  /** In base windows. */
  readonly span: number
  readonly measured: Measured
  readonly probability: number
  /** Where it began, in windows before now, and how far that may be off. */
  readonly onset: number
  readonly onsetReach: number
  /** Money of the span, and what was expected of it. */
  readonly money: number
  readonly expectedMoney: number
  /** What was lost, as a share of what is expected of the whole shop, in the quantity's own unit. */
  readonly lost: number
  /** What the whole dimension has in the span. */
  readonly total: number
}

export interface SegmentDropOptions {
  /** In base windows. */
  readonly spans: readonly number[]
  readonly minWindows: number
  readonly drop: number
  readonly improbable: number
}

/** Values with less expected in the longest span are too few to be judged. */
const leastExpected = 5

export function segmentDropsOf(
  dimension: Dimension,
  quantity: Quantity,
  options: SegmentDropOptions
): readonly SegmentDrop[] {
  const { spans, drop } = options
  const longest = Math.max(...spans)
  const risen = new Map(spans.map(span => [span, risenOf(dimension, quantity, span)]))
  const without = (span: number) => risen.get(span) ?? []
  const suspects = new Set(spans.flatMap(span => suspectsOf(dimension, quantity, span, without(span), drop)))
  if (suspects.size === 0) return []
  const improbable = options.improbable / judgedValues(dimension, quantity, longest)
  return [...suspects].flatMap(place => {
    if (spans.some(span => without(span).includes(place))) return []
    const measure = oddsMeasure({ dimension, place, quantity }, amongDimension(without), 'drop')
    const found = scanWindows({
      direction: 'drop',
      measure,
      rule: droppedBy(drop),
      mildRule: droppedBy(drop / 2),
      span: { ...options, improbable }
    })
    if (!found || !movedItself(dimension, place, quantity, found.span, 'drop', drop / 2)) return []
    const { span, measured, probability } = found
    const left = measured.observed / measured.expected
    const perWindow = measured.expected / span
    return {
      dimension: dimension.name,
      segment: dimension.nameOf(place),
      quantity,
      span,
      measured,
      probability,
      onset: onsetOf(ago => measure(series => series.single(span, ago)), longest, left),
      onsetReach: (5 * measured.dispersion) / perWindow,
      ...moneyOf(dimension, place, span, measured.expected),
      lost: lostOf(dimension, place, quantity, span, left),
      total: Math.max(1, dimension.sum(columnOf(whole, quantity), span, 0))
    }
  })
}

/** Among how many values the improbable is shared out. */
function judgedValues(dimension: Dimension, quantity: Quantity, longest: number): number {
  const [recent] = dimension.pasts(longest)
  if (!recent) return 1
  let values = 0
  for (let place = firstValue; place < dimension.places(); place += 1) {
    if (ownUsual(recent.sums, columnOf(place, quantity)) * longest >= leastExpected) values += 1
  }
  return Math.max(1, values)
}

/** Where counts went from as expected to `left` of it: the most likely change point, in windows before now. */
function onsetOf(single: (ago: number) => Measured | undefined, longest: number, left: number): number {
  let sum = 0
  let greatest = 0
  let onset = 1
  for (let ago = 0; ago < longest; ago += 1) {
    const one = single(ago)
    if (!one) continue
    sum += (one.expected * (1 + left)) / 2 - one.observed
    if (sum > greatest) {
      greatest = sum
      onset = ago + 1
    }
  }
  return onset
}

function moneyOf(dimension: Dimension, place: number, span: number, expected: number) {
  const money = dimension.sum(columnOf(place, 'money'), span, 0)
  const [recent] = dimension.pasts(span)
  const orders = recent?.sums[columnOf(place, 'orders')] ?? 0
  const each = recent && orders > 0 ? (recent.sums[columnOf(place, 'money')] as number) / orders : 0
  return { money, expectedMoney: expected * each }
}

function lostOf(dimension: Dimension, place: number, quantity: Quantity, span: number, left: number): number {
  const [recent] = dimension.pasts(span)
  if (!recent) return 0
  const counted = quantity === 'orders' ? 'money' : quantity
  const all = recent.sums[columnOf(shop, counted)] as number
  return all > 0 ? ((recent.sums[columnOf(place, counted)] as number) / all) * (1 - left) : 0
}

/** Whether the dimension is on most events: only then does its traffic say something of the shop. */
export function isOnMostEvents(dimension: Dimension, longest: number): boolean {
  const [recent] = dimension.pasts(longest)
  if (!recent) return false
  const all = recent.sums[columnOf(shop, 'events')] as number
  return (recent.sums[columnOf(whole, 'events')] as number) >= all / 2
}
