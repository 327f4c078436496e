import type { WindowMetrics } from '../../metrics/types.ts'
import type { Span } from './outcome.ts'

/** What stored windows cannot answer, so that it is said. */
export interface Seen {
  readonly windows: number
  readonly otherSizes: ReadonlyMap<number, number>
  readonly firstStart: number | undefined
  readonly metrics: ReadonlySet<string>
  /** When a dimension had a row first. */
  readonly dimensions: ReadonlyMap<string, number>
}

/** Looks at each window of a span. */
export function createSeen(windowMs: number) {
  const otherSizes = new Map<number, number>()
  const metrics = new Set<string>()
  const dimensions = new Map<string, number>()
  let windows = 0
  let firstStart: number | undefined
  return {
    add(window: WindowMetrics): void {
      const sizeMs = window.end - window.start
      if (sizeMs !== windowMs) {
        otherSizes.set(sizeMs, (otherSizes.get(sizeMs) ?? 0) + 1)
        return
      }
      windows += 1
      firstStart ??= window.start
      for (const metric of window.values.keys()) metrics.add(metric)
      for (const { dimension } of window.segments)
        if (!dimensions.has(dimension)) dimensions.set(dimension, window.start)
    },
    seen: (): Seen => ({ windows, otherSizes, firstStart, metrics, dimensions })
  }
}

export type Limit =
  | { readonly kind: 'stored_from'; readonly atMs: number }
  | { readonly kind: 'missing_windows'; readonly missing: number; readonly of: number }
  | { readonly kind: 'other_size'; readonly sizeMs: number; readonly windows: number }
  | { readonly kind: 'metric'; readonly metric: string }
  | { readonly kind: 'dimension'; readonly dimension: string }
  | { readonly kind: 'segments_from'; readonly dimension: string; readonly atMs: number }

export interface Asked extends Span {
  readonly windowMs: number
  /** Metrics that the configuration watches or defines. */
  readonly metrics: readonly string[]
  /** Dimensions whose segments it judges. */
  readonly dimensions: readonly string[]
}

/** A dimension without a row for so long has none, and is not only quiet. */
const quietWindows = 1_440

/** What is asked for and is not stored. */
export function limitsOf(
  seen: Seen,
  { fromMs, toMs, windowMs, metrics, dimensions }: Asked
): readonly Limit[] {
  const firstStart = seen.firstStart ?? toMs
  const isLate = firstStart - fromMs >= windowMs
  const expected = Math.floor((toMs - firstStart) / windowMs)
  const missing = expected - seen.windows
  return [
    ...(isLate ? [{ kind: 'stored_from' as const, atMs: firstStart }] : []),
    ...(missing > 0 ? [{ kind: 'missing_windows' as const, missing, of: expected }] : []),
    ...[...seen.otherSizes].map(([sizeMs, windows]) => ({ kind: 'other_size' as const, sizeMs, windows })),
    ...metrics
      .filter(metric => !seen.metrics.has(metric))
      .map(metric => ({ kind: 'metric' as const, metric })),
    ...dimensions.flatMap((dimension): Limit[] => {
      const at = seen.dimensions.get(dimension)
      if (at === undefined) return [{ kind: 'dimension', dimension }]
      return at - firstStart > quietWindows * windowMs ? [{ kind: 'segments_from', dimension, atMs: at }] : []
    })
  ]
}
