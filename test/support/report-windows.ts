import type { MetricValue, SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import { hourMs } from '../../src/time/units.ts'

const termsOf = (numerator: number, denominator: number): MetricValue => ({
  value: numerator / denominator,
  numerator,
  denominator,
  sampleSize: denominator,
  squares: 0
})

const sold = (category: string, amount: number): SegmentValue => ({
  metric: 'revenue',
  dimension: 'category',
  segment: `category=${category}`,
  ...termsOf(amount, 1)
})

/** Windows of an hour each in [fromMs, toMs), with 10 orders of 20 each; times `factorOf` its start. */
export const hoursOf = (
  fromMs: number,
  toMs: number,
  factorOf: (startMs: number) => number = () => 1
): WindowMetrics[] =>
  Array.from({ length: Math.round((toMs - fromMs) / hourMs) }, (_, at) => {
    const start = fromMs + at * hourMs
    const factor = factorOf(start)
    return {
      start,
      end: start + hourMs,
      complete: true,
      records: 1,
      values: new Map([
        ['orders', termsOf(10 * factor, 1)],
        ['revenue', termsOf(200 * factor, 1)],
        ['conversion_rate', termsOf(3 * factor, 100)],
        ['cart_abandonment_rate', termsOf(35, 50)]
      ]),
      segments: [sold('shoes', 150 * factor), sold('hats', 50 * factor)]
    }
  })
