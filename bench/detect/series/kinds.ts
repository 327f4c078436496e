import { createDetection } from '../../../detectors/detection.ts'
import { detectorsSchema } from '../../../src/config/detectors.ts'
import type { MetricDefinition, MetricValue } from '../../../src/metrics/types.ts'
import type { Labelled } from './labelled.ts'
import type { Scorer } from './plain.ts'

const metric = 'value'
/** Samples of a window whose value is no count: one of them would say next to nothing. */
const samples = 30
/** So that findings say how improbable they are at any threshold: the greatest that the configuration takes. */
const anyProbability = 0.0999

/** A kind as a user has it who lists the series as a metric of their own: a count where all values are whole, else a number. */
export const scoredByKind =
  (kind: 'metric_change' | 'metric_anomaly'): Scorer =>
  series => {
    const isCount = series.values.every(value => Number.isInteger(value) && value >= 0)
    const detection = detectionOf(kind, series, isCount)
    const scores = new Float64Array(series.values.length)
    for (const [row, value] of series.values.entries()) {
      const start = Math.floor((series.times[row] as number) / series.stepMs) * series.stepMs
      const { findings } = detection.judge({
        start,
        end: start + series.stepMs,
        complete: true,
        records: 1,
        values: new Map([[metric, isCount ? counted(value) : sampled(value)]]),
        segments: []
      })
      const probability = findings.find(one => one.kind === kind)?.evidence['probability']
      if (typeof probability === 'number') scores[row] = -Math.log10(Math.max(probability, Number.MIN_VALUE))
    }
    return scores
  }

function detectionOf(kind: 'metric_change' | 'metric_anomaly', series: Labelled, isCount: boolean) {
  const common = { name: metric, description: '', unit: 'number', bad: 'either' } as const
  const definition: MetricDefinition = isCount
    ? { ...common, kind: 'count', of: metric }
    : { ...common, kind: 'quantile', of: metric, share: 0.5 }
  const shipped = detectorsSchema.parse({})
  const off = Object.fromEntries(
    Object.entries(shipped).map(([name, own]) => [name, 'enabled' in own ? { ...own, enabled: false } : own])
  )
  const watched = { ...shipped[kind], enabled: true, metrics: [metric], maxPValue: anyProbability }
  return createDetection({
    detectors: { ...shipped, ...off, [kind]: watched },
    windowMs: series.stepMs,
    timezone: 'UTC',
    currency: 'USD',
    metrics: [definition]
  })
}

const counted = (value: number): MetricValue => ({
  value,
  numerator: value,
  denominator: 1,
  sampleSize: value,
  squares: 0
})

const sampled = (value: number): MetricValue => ({
  value,
  numerator: 0,
  denominator: 0,
  sampleSize: samples,
  squares: 0
})
