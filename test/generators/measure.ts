import { createDetection } from '../../detectors/detection.ts'
import { type Score, type ScoredAnomaly, scoreAnomalies } from '../../src/demo/score.ts'
import { detectorDefaults } from '../support/detector-defaults.ts'
import type { Stream } from './streams.ts'
import { windowMetricsOf } from './window-metrics.ts'

export interface Measured {
  readonly score: Score
  readonly anomalies: readonly ScoredAnomaly[]
  readonly falseAlarmsAWeek: number
}

/** Runs the shipped detectors over a stream and scores what they find. */
export function measureStream({ minutes, labels, days, timezone }: Stream): Measured {
  const detection = createDetection({
    detectors: detectorDefaults,
    windowMs: 60_000,
    timezone,
    currency: 'USD'
  })
  const anomalies: ScoredAnomaly[] = []
  for (const totals of minutes) anomalies.push(...detection.judge(windowMetricsOf(totals)).findings)
  const score = scoreAnomalies(anomalies, labels)
  return { score, anomalies, falseAlarmsAWeek: (score.falseAlarms.length * 7) / days }
}
