import { mean, median, standardDeviation } from 'simple-statistics'
import { dayMs } from '../../../src/time/units.ts'
import type { Labelled } from './labelled.ts'

/** How odd each row is, by the rows before it; 0 where nothing is known yet. */
export type Scorer = (series: Labelled) => Float64Array

/** Rows that the rolling ones look back on. */
const lookBack = 100
const leastRows = 30

/** `score` of each value by the newest values before it, oldest first, once there are enough. */
const rolling =
  (score: (value: number, before: readonly number[]) => number): Scorer =>
  ({ values }) =>
    Float64Array.from(values, (value, row) =>
      row < leastRows ? 0 : score(value, values.slice(Math.max(0, row - lookBack), row))
    )

/** The change from the mean of what was before, as a share of it. */
export const percentChange = rolling((value, before) => {
  const usual = mean(before)
  return usual === 0 ? 0 : Math.abs(value / usual - 1)
})

/** Distance from the mean of what was before, in standard deviations. */
export const rollingZScore = rolling((value, before) => {
  const spread = standardDeviation(before)
  return spread === 0 ? 0 : Math.abs(value - mean(before)) / spread
})

/** Distance from an exponentially weighted mean, in its own standard deviations (EWMA of both, λ 0.05). */
export const ewma: Scorer = ({ values }) => {
  const weight = 0.05
  let usual = values[0] ?? 0
  let variance = 0
  return Float64Array.from(values, (value, row) => {
    const distance = value - usual
    const score = row < leastRows || variance === 0 ? 0 : Math.abs(distance) / Math.sqrt(variance)
    usual += weight * distance
    variance = (1 - weight) * (variance + weight * distance ** 2)
    return score
  })
}

/** Distance from what additive Holt-Winters with a season of a day foretells, in standard deviations of its errors. */
export const holtWinters: Scorer = ({ values, stepMs }) => {
  const [level, trend, season, spread] = [0.1, 0.001, 0.1, 0.01]
  const day = Math.max(1, Math.round(dayMs / stepMs))
  const seasons = new Float64Array(day)
  let [base, slope, variance] = [values[0] ?? 0, 0, 0]
  return Float64Array.from(values, (value, row) => {
    const ofDay = seasons[row % day] as number
    const error = value - (base + slope + ofDay)
    const score = row < 2 * day || variance === 0 ? 0 : Math.abs(error) / Math.sqrt(variance)
    const before = base
    base = level * (value - ofDay) + (1 - level) * (base + slope)
    slope = trend * (base - before) + (1 - trend) * slope
    seasons[row % day] = row < day ? value - base : season * (value - base) + (1 - season) * ofDay
    variance += (row < 2 * day ? 1 / (row + 1) : spread) * (error ** 2 - variance)
    return score
  })
}

/** Days that a season is the median of. */
const days = 14
/** A deviation as a standard deviation; of a root of a count, chance alone makes a half. */
const normal = 1.4826
const leastDeviation = 0.5

/** Distance of the root from the median of the roots at the same time of the days before, in median absolute deviations. */
export const seasonalMedian: Scorer = ({ times, values, stepMs }) => {
  const day = Math.round(dayMs / stepMs)
  const roots = new Map<number, number>()
  return Float64Array.from(values, (value, row) => {
    const window = Math.round(((times[row] as number) - (times[0] as number)) / stepMs)
    const root = Math.sqrt(Math.max(0, value))
    const before = Array.from({ length: 3 * days }, (_, index) =>
      roots.get(window - Math.ceil((index + 1) / 3) * day + (index % 3) - 1)
    ).filter(one => one !== undefined)
    roots.set(window, root)
    if (before.length < 6) return 0
    const usual = median(before)
    const deviation = normal * median(before.map(one => Math.abs(one - usual)))
    return Math.abs(root - usual) / Math.max(deviation, leastDeviation, 0.02 * usual)
  })
}
