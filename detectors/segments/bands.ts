import type { WindowMetrics } from '../../src/metrics/types.ts'
import type { Segment } from '../../src/window/segment.ts'
import { edgeOf } from '../rules/edge.ts'
import { allOf, dropScan } from '../rules/thresholds.ts'
import type { Band } from '../types.ts'
import { looksFallen, movedItself, risenOf } from './candidates.ts'
import { firstValue, type Quantity } from './columns.ts'
import { amongDimension, oddsMeasure } from './compare.ts'
import type { Dimension } from './dimension.ts'
import { isTooFew, judgedValues, orderValueOf, type SegmentDropOptions } from './segment-drops.ts'

export type SegmentBands = Map<string, Map<Segment, Band>>

/** What is watched of a dimension's values, and how. */
export interface WatchedDimension {
  readonly dimension: Dimension
  readonly quantities: readonly Quantity[]
}

const metricsOf: Readonly<Record<Quantity, readonly string[]>> = {
  events: ['events'],
  // Revenue of a segment is judged by its orders.
  orders: ['orders', 'revenue'],
  money: []
}

/** Adds the bands of a dimension's values in the newest window, which is entered and not learned yet. */
export function addSegmentBands(
  bands: SegmentBands,
  { dimension, quantities }: WatchedDimension,
  options: SegmentDropOptions,
  window: WindowMetrics
): void {
  const isWarm = dimension.pasts(1).length > 0
  if (window.complete && isWarm) {
    for (const quantity of quantities) addJudged(bands, dimension, quantity, options)
    return
  }
  const metrics = new Set(quantities.flatMap(quantity => metricsOf[quantity]))
  const band: Band = { state: window.complete ? 'warming_up' : 'incomplete', ...unjudged }
  for (const { dimension: name, metric, segment } of window.segments)
    if (name === dimension.name && metrics.has(metric)) put(bands, metric, segment, band)
}

const unjudged = { expected: null, lower: null, upper: null } as const

function addJudged(
  bands: SegmentBands,
  dimension: Dimension,
  quantity: Quantity,
  options: SegmentDropOptions
): void {
  const longest = Math.max(...options.spans)
  const risen = risenOf(dimension, quantity, 1)
  const others = amongDimension(() => risen)
  const maxPValue = options.maxPValue / judgedValues(dimension, quantity, longest)
  for (let place = firstValue; place < dimension.places(); place += 1) {
    if (isTooFew(dimension, place, quantity, longest)) continue
    const isFallen = looksFallen(dimension, place, quantity, risen, options.drop)
    const scan = dropScan(oddsMeasure({ dimension, place, quantity }, others, 'drop'), options.drop, {
      ...options,
      maxPValue
    })
    const edge = edgeOf({
      ...scan,
      rule: allOf(
        ({ observed }) =>
          isFallen(observed) &&
          movedItself(dimension, place, quantity, 1, 'drop', options.drop / 2, observed),
        scan.rule
      )
    })
    if (!edge) continue
    const { expected } = edge.measured
    const at = risen.includes(place) ? undefined : edge.at
    const segment = dimension.nameOf(place)
    put(bands, quantity, segment, judgedBand(expected, at))
    if (quantity === 'orders') {
      const each = orderValueOf(dimension, place, 1)
      put(bands, 'revenue', segment, judgedBand(expected * each, at && at * each))
    }
  }
}

const judgedBand = (expected: number, lower: number | undefined): Band => ({
  state: 'judged',
  expected: Math.fround(expected),
  lower: lower === undefined ? null : Math.fround(lower),
  upper: null
})

function put(bands: SegmentBands, metric: string, segment: Segment, band: Band): void {
  const there = bands.get(metric)
  if (there) there.set(segment, band)
  else bands.set(metric, new Map([[segment, band]]))
}
