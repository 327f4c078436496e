import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDetection } from '../../../detectors/detection.ts'
import type { Finding } from '../../../detectors/types.ts'
import type { MetricValue } from '../../../src/metrics/types.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { minuteMs, usualMinute, windowOf } from './shop-windows.ts'

const amount = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 1e5 }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e308, -1, 0) }
)
const value: fc.Arbitrary<MetricValue> = fc.record({
  value: fc.option(amount),
  numerator: amount,
  denominator: amount,
  sampleSize: amount,
  squares: amount
})
const metric = fc.constantFrom(
  'events',
  'revenue',
  'orders',
  'conversion_rate',
  'visits',
  'price_level',
  'refund_rate'
)
/** Minutes from one window to the next, its metrics that are odd, and how much of the usual traffic it has. */
const step = fc.record({
  minutes: fc.oneof(
    { weight: 20, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40_000_000 }) }
  ),
  odd: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(metric, value), { maxLength: 3 }) }
  ),
  times: fc.oneof(
    { weight: 6, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.constantFrom(0, 0.01, 3, 1_000) }
  )
})

const numbersOf = ({ value, expected, evidence, amounts = [], explainedBy }: Finding) => [
  value,
  expected,
  ...Object.values(evidence).filter(one => typeof one === 'number'),
  ...amounts.flatMap(one => [one.value, one.expected]),
  ...explainedBy.flatMap(one => [one.value, one.expected, one.share])
]

test('whatever windows say, all numbers of a finding are numbers, and so are those in its text', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 140 }), steps => {
      const detection = createDetection({
        detectors: detectorDefaults,
        windowMs: minuteMs,
        timezone: 'UTC',
        currency: 'USD'
      })
      let minute = -30_000_000
      for (const { minutes, odd, times } of steps) {
        minute += minutes
        const usual = usualMinute(minute)
        const { orderValue, ...counts } = usual
        const minuteOf = Object.entries(counts).map(([name, count]) => [name, Math.round(count * times)])
        const window = windowOf(minute, { ...usual, ...Object.fromEntries(minuteOf) })
        const { findings } = detection.judge({ ...window, values: new Map([...window.values, ...odd]) })
        for (const finding of findings) {
          expect(numbersOf(finding).filter(number => !Number.isFinite(number))).toEqual([])
          expect(finding.details).not.toMatch(/NaN|Infinity|∞/)
        }
      }
    }),
    { numRuns: 60 }
  )
})
