import type { MetricValue, WindowMetrics } from '../../src/metrics/types.ts'
import type { Reading } from './comparison.ts'

type Source = (window: WindowMetrics) => MetricValue | undefined
export type Read = (value: MetricValue, window: WindowMetrics) => Reading

export const counted: Read = ({ numerator }) => ({ count: numerator, exposure: 1 })
export const further: Read = ({ numerator }) => ({ count: Math.max(0, numerator - 1), exposure: 1 })
export const termsOf: Read = ({ sampleSize }) => ({ count: sampleSize, exposure: 1 })
export const amounts: Read = ({ numerator, sampleSize, squares }) => ({
  count: numerator,
  exposure: sampleSize,
  squares
})
export const ratio: Read = ({ numerator, denominator }) => ({
  count: Math.max(0, numerator),
  exposure: denominator
})
export const remaining: Read = ({ numerator, denominator }) => ({
  count: Math.max(0, denominator - numerator),
  exposure: denominator
})

/** A window's value stands for all of its samples. */
export const sampled = ({ value, sampleSize }: MetricValue): Reading => ({
  count: (value ?? 0) * sampleSize,
  exposure: value === null ? 0 : sampleSize
})

/** Of what adds up, its sums; else as it stands. */
export const summed: Read = reading =>
  reading.denominator > 0 ? { count: reading.numerator, exposure: reading.denominator } : sampled(reading)

/** The logarithms come of amounts in units, and go on of ten-thousandths of a unit. */
const logOfUnit = Math.log(10_000)
export const logarithms: Read = ({ numerator, sampleSize, squares }) => ({
  count: numerator + sampleSize * logOfUnit,
  exposure: sampleSize,
  squares: squares + 2 * logOfUnit * numerator + sampleSize * logOfUnit ** 2
})

/** Undefined where the window is incomplete or has not the metric. */
export const readOf =
  (source: Source, read: Read): ((window: WindowMetrics) => Reading | undefined) =>
  window => {
    const value = window.complete ? source(window) : undefined
    return value && read(value, window)
  }
