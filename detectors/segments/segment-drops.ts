import type { Measured } from '../rules/measurement.ts'
import { single } from '../rules/ranges.ts'
import { dropScan } from '../rules/thresholds.ts'
import { type SpanOptions, scanWindows } from '../rules/window-scan.ts'
import type { Amount } from '../types.ts'
import { movedItself, ownUsual, risenOf, suspectsOf } from './candidates.ts'
import { columnOf, firstValue, type Quantity, shop, whole } from './columns.ts'
import { amongDimension, oddsMeasure } from './compare.ts'
import type { Dimension } from './dimension.ts'

export type SegmentDropOptions = SpanOptions & { readonly drop: number }

/** Values with less expected in the longest span are too few to be judged. */
const leastExpected = 5

/** A value that has far less than its share of its dimension. */
export type SegmentDrop = ReturnType<typeof segmentDropsOf>[number]

export function segmentDropsOf(dimension: Dimension, quantity: Quantity, options: SegmentDropOptions) {
  const { spans, drop } = options
  const longest = Math.max(...spans)
  const risen = new Map(spans.map(span => [span, risenOf(dimension, quantity, span)]))
  const without = (span: number) => risen.get(span) ?? []
  const suspects = new Set(spans.flatMap(span => suspectsOf(dimension, quantity, span, without(span), drop)))
  if (suspects.size === 0) return []
  const maxPValue = options.maxPValue / judgedValues(dimension, quantity, longest)
  return [...suspects].flatMap(place => {
    if (spans.some(span => without(span).includes(place))) return []
    const measure = oddsMeasure({ dimension, place, quantity }, amongDimension(without), 'drop')
    const found = scanWindows(dropScan(measure, drop, { ...options, maxPValue }))
    if (!found || !movedItself(dimension, place, quantity, found.span, 'drop', drop / 2)) return []
    const { span, measured, probability } = found
    const left = measured.observed / measured.expected
    const windows = Array.from({ length: longest }, (_, ago) => measure(single(span, ago)))
    const orderValue = orderValueOf(dimension, place, span)
    const moneyOf = (from: number, to: number) => dimension.sum(columnOf(place, 'money'), from, to)
    const perWindow = measured.expected / span
    return {
      dimension: dimension.name,
      segment: dimension.nameOf(place),
      quantity,
      span,
      measured,
      probability,
      /** Where it began, in windows before now, and how far that may be off. */
      onset: onsetOf(windows, left),
      onsetReach: (5 * measured.dispersion) / perWindow,
      /** Money of the span, and what was expected of it. */
      money: moneyOf(span, 0),
      expectedMoney: measured.expected * orderValue,
      /** Each of the newest windows alone, the newest first: its count, and its money. */
      counts: windows.map(one => windowAmount(one, one?.observed)),
      amounts: windows.map((one, ago) => windowAmount(one, moneyOf(ago + 1, ago), orderValue)),
      /** What was lost, as a share of what is expected of the whole shop, in the quantity's own unit. */
      lost: lostOf(dimension, place, quantity, span, left),
      /** What the whole dimension has in the span. */
      total: Math.max(1, dimension.sum(columnOf(whole, quantity), span, 0))
    }
  })
}

/** Whether a value has too few in the longest span, or nothing is known of it. */
export function isTooFew(dimension: Dimension, place: number, quantity: Quantity, longest: number): boolean {
  const [recent] = dimension.pasts(longest)
  return !recent || ownUsual(recent.sums, columnOf(place, quantity)) * longest < leastExpected
}

/** Among how many values the improbable is shared out. */
export function judgedValues(dimension: Dimension, quantity: Quantity, longest: number): number {
  let values = 0
  for (let place = firstValue; place < dimension.places(); place += 1) {
    if (!isTooFew(dimension, place, quantity, longest)) values += 1
  }
  return Math.max(1, values)
}

/** Where counts went from as expected to `left` of it: the most likely change point, in windows before now. */
function onsetOf(windows: readonly (Measured | undefined)[], left: number): number {
  let sum = 0
  let greatest = 0
  let onset = 1
  for (const [ago, one] of windows.entries()) {
    if (!one) continue
    sum += (one.expected * (1 + left)) / 2 - one.observed
    if (sum > greatest) {
      greatest = sum
      onset = ago + 1
    }
  }
  return onset
}

function windowAmount(window: Measured | undefined, value = 0, each = 1): Amount {
  return window ? { value, expected: window.expected * each } : { value: 0, expected: 0 }
}

/** What an order of the value was worth in the mean before the span. */
export function orderValueOf(dimension: Dimension, place: number, span: number): number {
  const [recent] = dimension.pasts(span)
  const orders = recent?.sums[columnOf(place, 'orders')] ?? 0
  return recent && orders > 0 ? (recent.sums[columnOf(place, 'money')] as number) / orders : 0
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
