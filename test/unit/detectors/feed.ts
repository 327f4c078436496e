import type { DetectorsOptions } from '../../../detectors/catalogue.ts'
import { createDetection } from '../../../detectors/detection.ts'
import { uniformOf } from '../../../producer/random.ts'
import type { MetricDefinition, MetricValue, SegmentValue } from '../../../src/metrics/types.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'

/** A Monday. */
const startMs = Date.UTC(2026, 8, 7, 10)
const minuteMs = 60_000

/** What a minute says of the metrics that a kind looks at. */
export interface Fed {
  readonly values?: Readonly<Record<string, MetricValue>>
  readonly segments?: readonly SegmentValue[]
}

/** A luck that is the same for the same minute: about `mean`, with the variance of independent events. */
export function around(mean: number, minute: number, what: string): number {
  const uniform = uniformOf(minute, what)
  return Math.max(0, Math.round(mean + (uniform() + uniform() + uniform() - 1.5) * 2 * Math.sqrt(mean)))
}

export const count = (number: number): MetricValue => ({
  value: number,
  numerator: number,
  denominator: 1,
  sampleSize: number,
  squares: 0
})

export const ratio = (numerator: number, denominator: number): MetricValue => ({
  value: denominator > 0 ? numerator / denominator : null,
  numerator,
  denominator,
  sampleSize: denominator,
  squares: 0
})

export const sum = (total: number, terms: number, squares: number): MetricValue => ({
  value: total,
  numerator: total,
  denominator: 1,
  sampleSize: terms,
  squares
})

interface FeedOptions {
  readonly kind: Exclude<keyof DetectorsOptions, 'baseline' | 'segments'>
  /** Of the kind. */
  readonly options?: object
  readonly metrics?: readonly MetricDefinition[]
  /** A minute where left out. What is called a minute is a window then. */
  readonly windowMs?: number
}

/** Feeds minutes to the shipped detectors; gives what the kind finds, with the minute and the span in windows. */
export function feed(
  { kind, options, metrics, windowMs = minuteMs }: FeedOptions,
  minutes: number,
  minuteOf: (minute: number) => Fed
) {
  const detection = createDetection({
    detectors: { ...detectorDefaults, [kind]: { ...detectorDefaults[kind], ...options } },
    windowMs,
    timezone: 'UTC',
    currency: 'USD',
    ...(metrics && { metrics })
  })
  return Array.from({ length: minutes }, (_, minute) => {
    const { values = {}, segments = [] } = minuteOf(minute)
    const start = startMs + minute * windowMs
    const end = start + windowMs
    const window = {
      start,
      end,
      complete: true,
      records: 1,
      values: new Map(Object.entries(values)),
      segments
    }
    return detection
      .judge(window)
      .findings.filter(finding => finding.kind === kind)
      .map(finding => ({ ...finding, minute, span: (end - finding.windowStart) / windowMs }))
  }).flat()
}
