import type { Scale } from '../src/metrics/types.ts'
import type { Words } from './rules/format.ts'
import type { Measure } from './rules/measurement.ts'
import type { ScanHit } from './rules/window-scan.ts'
import type { Evidence, Severity } from './types.ts'

/** A detector's finding at the newest window, over a span of base windows that ends with it. */
export interface Found {
  readonly metric: string
  /** How value and expected are read, where not as the metric itself. */
  readonly scale?: Partial<Scale>
  readonly severity: Severity
  readonly span: number
  readonly value: number
  readonly expected: number
  readonly details: string
  readonly evidence: Evidence
  /** Of a metric that adds up: what value and expected were measured by. */
  readonly measure?: Measure
  /** The metrics that are not to learn from its windows; where left out, all of them. */
  readonly excludeFromTraining?: readonly string[]
}

/** What kinds before it in the catalogue found at this close, and all of them at those before. */
export interface Reported {
  /** Anything at this close. */
  readonly now: boolean
  /** Of a metric, within so many of the newest windows. */
  of(metric: string, windows: number): boolean
  /** The same of what lay above its baseline. */
  rose(metric: string, windows: number): boolean
}

export interface Detector {
  /** Windows that the slowest of its baselines has learned from. */
  trainedWindows(): number
  judge(words: Words, reported: Reported): Found | undefined
}

/** What a sweep rests on, as it is stored. */
export function evidenceOf({ span, measured, probability }: ScanHit): Evidence {
  return {
    baseline: measured.baseline,
    span_windows: span,
    windows_seen: measured.windows,
    sample_size: round(measured.sampleSize),
    z_score: round(measured.zScore()),
    probability: Number(probability.toPrecision(3)),
    level_spread: round(measured.spread),
    dispersion: round(measured.dispersion)
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
