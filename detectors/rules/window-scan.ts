import type { Direction } from '../stats/significance.ts'
import { type LastingMeasure, lastingOf } from './lasting.ts'
import type { Measure, Measured } from './measurement.ts'
import { newest, single, whole, without } from './ranges.ts'

/** What makes a finding of a measured range, as the configuration says it: −30 %, z ≥ 3. */
export type Rule = (measured: Measured) => boolean

export interface SpanOptions {
  /** Trailing sums that are tested, in base windows, shortest first. */
  readonly spans: readonly number[]
  /** A finding also holds, more weakly, without all but one of this many of its most extreme windows. */
  readonly minWindows: number
  /** How improbable a finding must be for this detector at one close, shared out over its spans. */
  readonly maxPValue: number
}

export interface ScanOptions {
  readonly direction: Direction
  readonly measure: Measure
  readonly rule: Rule
  /** A milder rule, for a span without its most extreme windows and for its newest ones. */
  readonly mildRule: Rule
  readonly span: SpanOptions
}

export interface ScanHit {
  /** In base windows. */
  readonly span: number
  readonly measured: Measured
  readonly probability: number
  /** How the condition stands at a later window, where its measure tells. */
  readonly lasting?: LastingMeasure
}

/** What is left without its most extreme windows need not be as improbable. */
const mildlyImprobable = 0.01

/** The newest quarter of a span shows at least this share of its change: what is over is not reported again. */
const stillShare = 0.6
const stillImprobable = 0.05

/** How improbable one window must be, were it enough: in the whole, and without its most extreme ones, of which it has none. */
export const improbableAlone = ({ maxPValue, spans }: SpanOptions): number =>
  Math.min(maxPValue / spans.length, mildlyImprobable)

/**
 * The shortest trailing sum for which the rule holds and the finding is improbable, which still goes on in its newest
 * windows and does not rest on a few odd ones.
 */
export function scanWindows({
  direction,
  measure,
  rule,
  mildRule,
  span: options
}: ScanOptions): ScanHit | undefined {
  const share = options.maxPValue / options.spans.length
  for (const span of options.spans) {
    if (span < options.minWindows) continue
    const measured = measure(whole(span))
    if (!measured || measured.windows < Math.max(options.minWindows, span / 2) || !rule(measured)) continue
    const latest = measure(newest(span, Math.ceil(span / 4)))
    if (!latest || !mildRule(latest) || change(latest) < stillShare * change(measured)) continue
    // Probabilities cost most, so that what is cheap is asked first.
    const probability = measured.probability(direction)
    if (!(probability <= share) || latest.probability(direction) > stillImprobable) continue
    const rest = measure(without(span, mostExtreme(direction, measure, span, options.minWindows - 1)))
    if (!rest || !mildRule(rest) || rest.probability(direction) > mildlyImprobable) continue
    return { span, measured, probability, lasting: lastingOf(measure, direction, measured) }
  }
  return undefined
}

function change({ observed, expected }: Measured): number {
  return Math.abs(observed / expected - 1)
}

function mostExtreme(direction: Direction, measure: Measure, span: number, windows: number): number[] {
  const sign = direction === 'drop' ? 1 : -1
  const distances = Array.from({ length: span }, (_, ago) => {
    const one = measure(single(span, ago))
    return { ago, distance: one ? sign * (one.expected - one.observed) : Number.NEGATIVE_INFINITY }
  })
  return distances
    .sort((a, b) => b.distance - a.distance)
    .slice(0, windows)
    .map(({ ago }) => ago)
}
