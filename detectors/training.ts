import type { WindowMetrics } from '../src/metrics/types.ts'
import type { SeriesRegistry } from './baseline/series-registry.ts'
import type { Found } from './detector.ts'
import { createExclusion } from './exclusion.ts'

/** Lets all series learn a window, but not the spans of findings, unless a condition has lasted for `limitMs`. */
export function createTraining(shop: SeriesRegistry, limitMs: number) {
  const exclusions = createExclusions(limitMs)
  return function train(
    window: WindowMetrics,
    index: number,
    founds: readonly { readonly found: Found }[],
    /** Nothing is learned from this window. */
    isOff: boolean
  ): void {
    const excludedOf = exclusions(
      window,
      founds.map(({ found }) => found)
    )
    for (const { metric, series, outlierGate } of shop.followed) {
      const odd = outlierGate?.windows(index) ?? 0
      const excluded = Math.max(excludedOf(metric), isOff ? 1 : 0)
      const windows = excluded || odd
      if (windows > 0) series.forget(windows, excluded > 0)
      else series.train()
    }
  }
}

/** How many of the newest windows the series of a metric may not learn. */
function createExclusions(limitMs: number) {
  const ofAll = createExclusion(limitMs)
  const ofMetrics = new Map<string, ReturnType<typeof createExclusion>>()
  return function exclusions(window: WindowMetrics, founds: readonly Found[]): (metric: string) => number {
    const spans = founds.map(({ excludeFromTraining, span }) => (excludeFromTraining ? 0 : span))
    const all = ofAll(window, Math.max(0, ...spans))
    const some = new Map<string, number>()
    for (const { excludeFromTraining = [], span } of founds) {
      for (const metric of excludeFromTraining) {
        const exclusion = ofMetrics.get(metric) ?? createExclusion(limitMs)
        ofMetrics.set(metric, exclusion)
        some.set(metric, exclusion(window, span))
      }
    }
    return metric => Math.max(all, some.get(metric) ?? 0)
  }
}
