import type { Said } from '../src/language/phrase.ts'
import type { Scale, WindowMetrics } from '../src/metrics/types.ts'
import type { Words } from './rules/format.ts'
import type { LastingMeasure } from './rules/lasting.ts'
import type { Measure } from './rules/measurement.ts'
import type { Watch } from './rules/watch.ts'
import type { ScanHit } from './rules/window-scan.ts'
import type { Evidence, Severity } from './types.ts'

/** A sentence for people: for any language, or in English alone. */
type Sentence =
  | { readonly said: Said; readonly details?: undefined }
  | { readonly details: string; readonly said?: undefined }

/** A detector's finding at the newest window, over a span of base windows that ends with it. */
export type Found = Measurements & Sentence

interface Measurements {
  readonly metric: string
  /** How value and expected are read, where not as the metric itself. */
  readonly scale?: Partial<Scale>
  readonly severity: Severity
  readonly span: number
  readonly value: number
  readonly expected: number
  readonly evidence: Evidence
  /** Of a metric that adds up: what value and expected were measured by. */
  readonly measure?: Measure
  /** How the condition stands at a later window; absent where only another finding tells. */
  readonly lasting?: LastingMeasure
  /**
   * The metrics that it is evidence about, whose series do not learn its windows: its own where left out, `all` where the
   * events themselves are missing.
   */
  readonly excludeFromTraining?: readonly string[] | 'all'
}

/** Whether all its numbers are numbers: what cannot be reckoned is no finding. */
export const isSound = ({ value, expected, evidence }: Found): boolean =>
  [value, expected, ...Object.values(evidence)].every(one => typeof one !== 'number' || Number.isFinite(one))

/** What was found so far: at this close by kinds before it in the catalogue, at earlier ones by all of them. */
export interface EarlierFindings {
  /** Whether a metric was found within so many of the newest windows. */
  found(metric: string, windows: number): boolean
  /** Whether it was found above its baseline. */
  rose(metric: string, windows: number): boolean
}

export interface Detector {
  /** Windows that its slowest baseline has learned. */
  trainedWindows(): number
  /** What it looks at in each window, one by one: absent where it compares no window by itself. */
  readonly watches?: readonly Watch[]
  /** Judges the newest window, which its series have taken in. */
  judge(words: Words, earlier: EarlierFindings, window: WindowMetrics): Found | undefined
}

/** What a finding of an amount takes from a scan's hit. */
export const amountFound = (hit: ScanHit) => ({
  span: hit.span,
  value: hit.measured.observed,
  expected: hit.measured.expected,
  ...(hit.lasting && { lasting: hit.lasting }),
  evidence: evidenceOf(hit)
})

/** The same of a share: of all that it is a share of. */
export function shareFound(hit: ScanHit) {
  const { observed, expected, exposure } = hit.measured
  return { ...amountFound(hit), value: observed / exposure, expected: expected / exposure }
}

/** What a scan's hit rests on, as it is stored. */
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
