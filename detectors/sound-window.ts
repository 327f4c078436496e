import type { MetricValue, WindowMetrics } from '../src/metrics/types.ts'

/** Beyond this no square is a number any more. */
const greatest = 1e60

/** The window without values that are no numbers: one of them would stay in a baseline for good. */
export function soundWindow(window: WindowMetrics): WindowMetrics {
  const { values, segments } = window
  const isWhole = segments.every(isSound) && [...values.values()].every(isSound)
  if (isWhole) return window
  return {
    ...window,
    values: new Map([...values].filter(([, value]) => isSound(value))),
    segments: segments.filter(isSound)
  }
}

const isSound = ({ value, numerator, denominator, sampleSize, squares }: MetricValue): boolean =>
  isNumber(value ?? 0) &&
  isNumber(numerator) &&
  isNumber(denominator) &&
  isNumber(sampleSize) &&
  isNumber(squares)

const isNumber = (number: number) => Math.abs(number) <= greatest
