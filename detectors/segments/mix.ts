import { droppedBy, roseTo } from '../rules/thresholds.ts'
import { scanWindows } from '../rules/window-scan.ts'
import type { Direction } from '../stats/significance.ts'
import { regularizedGamma } from '../stats/tails.ts'
import { movedItself } from './candidates.ts'
import { columnIndexOf, columnOf, columnsOf, firstValue, stride, whole } from './columns.ts'
import { amongDimension, oddsMeasure } from './compare.ts'
import type { Dimension } from './dimension.ts'
import type { Past } from './past.ts'
import type { SegmentDropOptions } from './segment-drops.ts'

/** The mix of a dimension's events is another one, and this value has most to do with it. */
export type Shift = NonNullable<ReturnType<typeof shiftOf>>

/** Cells with less are pooled: a chi-square of few counts is none. */
const leastOfCell = 5
/** The value that is named has to be out by itself, by this factor and so improbably. */
const leastRise = 2
const improbableAlone = 1e-4

/** The events of all values at once, against their shares: a quasi chi-square over the trailing spans. */
export function shiftOf(dimension: Dimension, options: SegmentDropOptions) {
  const { spans, minWindows, drop, maxPValue } = options
  for (const span of spans) {
    if (span < minWindows) continue
    const [recent, ...sameTimes] = dimension.pasts(span)
    if (!recent) continue
    const tested = testMix(dimension, span, recent)
    const isOdd = ({ probability }: Tested) => probability <= maxPValue / spans.length
    if (tested.place === undefined || !isOdd(tested)) continue
    const others = sameTimes.map(past => testMix(dimension, span, past))
    if (!others.every(isOdd)) continue
    const probability = Math.max(tested.probability, ...others.map(({ probability }) => probability))
    const { place, direction } = tested
    if (!movedItself(dimension, place, 'events', span, direction, drop / 2)) continue
    const found = scanWindows({
      direction,
      measure: oddsMeasure(
        { dimension, place, quantity: 'events' },
        amongDimension(() => []),
        direction
      ),
      rule: direction === 'drop' ? droppedBy(drop) : roseTo(leastRise),
      mildRule: direction === 'drop' ? droppedBy(drop / 2) : roseTo(Math.sqrt(leastRise)),
      span: { spans: [span], minWindows, maxPValue: improbableAlone }
    })
    if (!found) continue
    // Events of all values in the span.
    const total = Math.max(1, dimension.sum(columnOf(whole, 'events'), span, 0))
    const segment = dimension.nameOf(place)
    return { segment, direction, span, measured: found.measured, probability, total }
  }
  return undefined
}

interface Tested {
  readonly probability: number
  /** The value that contributes most; undefined where it is none with a name. */
  readonly place: number | undefined
  readonly direction: Direction
}

function testMix(dimension: Dimension, span: number, { sums, baseline }: Past): Tested {
  const now = dimension.trailing(span, 0)
  const total = columnOf(whole, 'events')
  const scale = (now[total] as number) / (sums[total] as number)
  let squares = 0
  let cells = 0
  let greatest = 0
  let place: number | undefined
  let direction: Direction = 'drop'
  const end = columnsOf(dimension.places())
  for (let column = columnOf(firstValue, 'events'); column < end; column += stride) {
    const before = sums[column] as number
    const expected = scale * before
    if (!(expected >= leastOfCell)) continue
    const value = columnIndexOf(column)
    const distance = (now[column] as number) - expected
    const dispersion = dimension.dispersion(value, 'events')
    const spread = dimension.spread(value, 'events', baseline) + dispersion / before
    const squared = distance ** 2 / (dispersion * expected + spread * expected ** 2)
    squares += squared
    cells += 1
    if (squared <= greatest) continue
    greatest = squared
    place = value
    direction = distance < 0 ? 'drop' : 'rise'
  }
  const freedom = Math.max(1, cells - 1)
  const probability = squares <= freedom ? 1 : 1 - regularizedGamma(freedom / 2, squares / 2)
  return { probability, place, direction }
}
