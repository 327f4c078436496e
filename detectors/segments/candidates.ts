import type { Direction } from '../stats/significance.ts'
import {
  columnIndexOf,
  columnOf,
  columnsOf,
  firstValue,
  type Quantity,
  stride,
  whole,
  windowsColumn
} from './columns.ts'
import type { Dimension } from './dimension.ts'

/** Beyond this times its share a value has risen. */
const riseFactor = 1.5
/** Squared distance ÷ variance below which no count is improbable enough: e^-12 bounds its tail. */
const farSquared = 12

/** The same of what must not be mere chance. */
const oddSquared = 6

const isFar = (observed: number, expected: number, dispersion: number, squared = farSquared): boolean =>
  (observed - expected) ** 2 > squared * dispersion * expected

/**
 * Values with more than their share that also rose in themselves: a value whose share grows because another one fell has
 * not. The others are judged without them.
 */
export function risenOf(dimension: Dimension, quantity: Quantity, span: number): readonly number[] {
  const pasts = dimension.pasts(span)
  const [recent] = pasts
  if (!recent) return []
  const sums = dimension.trailing(span, 0)
  const total = columnOf(whole, quantity)
  const scale = (sums[total] as number) / (recent.sums[total] as number)
  const risen: number[] = []
  const end = columnsOf(dimension.places())
  for (let column = columnOf(firstValue, quantity); column < end; column += stride) {
    const observed = sums[column] as number
    const expected = scale * (recent.sums[column] as number)
    if (observed <= riseFactor * expected || !isFar(observed, expected, 1)) continue
    const place = columnIndexOf(column)
    if (!isFar(observed, expected, dimension.dispersion(place, quantity))) continue
    const usual =
      Math.max(...pasts.map(past => ownUsual(past.sums, column))) * (sums[windowsColumn] as number)
    if (observed > riseFactor * usual) risen.push(place)
  }
  return risen
}

/** Values that may have fallen: a cheap look at each, before the few are judged. */
export function suspectsOf(
  dimension: Dimension,
  quantity: Quantity,
  span: number,
  risen: readonly number[],
  drop: number
): readonly number[] {
  const [recent] = dimension.pasts(span)
  if (!recent) return []
  const sums = dimension.trailing(span, 0)
  const total = columnOf(whole, quantity)
  const without = (row: Float64Array) =>
    risen.reduce((rest, place) => rest - (row[columnOf(place, quantity)] as number), row[total] as number)
  const all = without(sums)
  const allBefore = without(recent.sums)
  const suspects: number[] = []
  const end = columnsOf(dimension.places())
  for (let column = columnOf(firstValue, quantity); column < end; column += stride) {
    const observed = sums[column] as number
    const before = recent.sums[column] as number
    const expected = ((all - observed) * before) / (allBefore - before)
    if (!(observed <= (1 - drop) * expected && isFar(observed, expected, 1))) continue
    const place = columnIndexOf(column)
    if (isFar(observed, expected, dimension.dispersion(place, quantity))) suspects.push(place)
  }
  return suspects
}

/** The same of one value in the newest window alone, had it another count. */
export function looksFallen(
  dimension: Dimension,
  place: number,
  quantity: Quantity,
  risen: readonly number[],
  drop: number
): (observed: number) => boolean {
  const [recent] = dimension.pasts(1)
  if (!recent) return () => false
  const column = columnOf(place, quantity)
  const othersOf = (row: Float64Array) =>
    risen.reduce(
      (rest, other) => rest - (other === place ? 0 : (row[columnOf(other, quantity)] as number)),
      (row[columnOf(whole, quantity)] as number) - (row[column] as number)
    )
  const expected =
    (othersOf(dimension.trailing(1, 0)) * (recent.sums[column] as number)) / othersOf(recent.sums)
  const dispersion = Math.max(1, dimension.dispersion(place, quantity))
  return observed => observed <= (1 - drop) * expected && isFar(observed, expected, dispersion)
}

/**
 * It has less (or more) by at least this share than it usually has by itself as well, and not by chance: where only the
 * others rose, nothing fell.
 */
export function movedItself(
  dimension: Dimension,
  place: number,
  quantity: Quantity,
  span: number,
  direction: Direction,
  share: number,
  observed = dimension.sum(columnOf(place, quantity), span, 0)
): boolean {
  const column = columnOf(place, quantity)
  const windows = dimension.sum(windowsColumn, span, 0)
  const usual = dimension.pasts(span).map(({ sums }) => ownUsual(sums, column) * windows)
  const nearest = direction === 'drop' ? Math.min(...usual) : Math.max(...usual)
  const moved = direction === 'drop' ? observed <= (1 - share) * nearest : observed >= (1 + share) * nearest
  return moved && isFar(observed, nearest, dimension.dispersion(place, quantity), oddSquared)
}

/** A column's usual sum of one window. */
export function ownUsual(sums: Float64Array, column: number): number {
  const windows = sums[windowsColumn] as number
  return windows > 0 ? (sums[column] as number) / windows : 0
}
