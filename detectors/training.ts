import type { WindowMetrics } from '../src/metrics/types.ts'
import type { BaselineOptions } from './baseline/options.ts'
import type { SeriesRegistry } from './baseline/series-registry.ts'
import type { Found } from './detector.ts'
import { createExclusion, createLimits, type Exclusion, type FoundWindows } from './exclusion.ts'

const none: Exclusion = { kind: 'none' }
const nothingFound: FoundWindows = { windows: 0, limitMs: 0 }
type Followed = SeriesRegistry['followed'][number]

/**
 * Lets all series learn a window, but not the spans of findings about them. Once a condition has lasted, its level is
 * believed: of the series that it was found in, and of all others that have left their baseline with it. Gives the
 * metrics of the former.
 */
export function createTraining(shop: SeriesRegistry, baseline: BaselineOptions) {
  const exclusions = createExclusions(shop.windowMs, baseline)

  function trainOne({ series, outlierGate }: Followed, exclusion: Exclusion, index: number): void {
    if (exclusion.kind === 'excluded') {
      outlierGate?.windows(index)
      series.forget(exclusion.windows, true)
      return
    }
    if (exclusion.kind === 'believed') {
      outlierGate?.reset()
      series.settle(exclusion.windows)
      return
    }
    const odd = outlierGate?.windows(index) ?? 0
    if (exclusion.kind === 'train') {
      series.train()
      return
    }
    const back = outlierGate?.backAtUsual() ?? 0
    if (back > 0) {
      outlierGate?.reset()
      series.settle(back)
    } else if (odd > 0) series.forget(odd, false)
    else series.train()
  }

  return function train(
    window: WindowMetrics,
    index: number,
    founds: readonly { readonly found: Found }[],
    /** Nothing is learned from this window. */
    isOff: boolean
  ): ReadonlySet<string> {
    const exclusionOf = exclusions(
      window,
      founds.map(({ found }) => found)
    )
    const seen = shop.followed.map(followed => ({ followed, exclusion: exclusionOf(followed.metric) }))
    const believed = Math.max(
      0,
      ...seen.map(({ exclusion }) => (exclusion.kind === 'believed' ? exclusion.windows : 0))
    )
    for (const { followed, exclusion } of seen) {
      if (isOff && exclusion.kind !== 'excluded') {
        followed.outlierGate?.windows(index)
        followed.series.forget(1, true)
        continue
      }
      const isCompanion = believed > 0 && exclusion.kind === 'none'
      if (isCompanion) followed.series.remember(believed)
      const isOdd = isCompanion && followed.outlierGate?.isOdd() === true
      trainOne(followed, isOdd ? { kind: 'believed', windows: believed } : exclusion, index)
    }
    const believedMetrics = isOff ? [] : seen.filter(({ exclusion }) => exclusion.kind === 'believed')
    return new Set(believedMetrics.map(({ followed }) => followed.metric))
  }
}

/** What becomes of the newest windows of a metric's series. */
function createExclusions(windowMs: number, baseline: BaselineOptions) {
  const limitOf = createLimits(baseline)
  const ofMetrics = new Map<string, ReturnType<typeof createExclusion>>()
  const ofAll = createExclusion({ windowMs })

  return function exclusions(window: WindowMetrics, founds: readonly Found[]): (metric: string) => Exclusion {
    // As of most windows: a condition goes on or ends by findings alone.
    if (founds.length === 0) return () => none
    const all = ofAll(
      window,
      together(founds.filter(({ excludeFromTraining }) => excludeFromTraining === 'all'))
    )
    const known = new Map<string, Exclusion>()
    return function exclusionOf(metric) {
      const there = known.get(metric)
      if (there) return there
      const own = founds.filter(found => isAbout(found, metric))
      const exclusion = ofMetrics.get(metric) ?? createExclusion({ windowMs })
      ofMetrics.set(metric, exclusion)
      const one = exclusion(window, together(own))
      const longer = wider(all, one)
      known.set(metric, longer)
      return longer
    }
  }

  function together(founds: readonly Found[]): FoundWindows {
    return founds.reduce(
      ({ windows, limitMs }, { span, severity }) => ({
        windows: Math.max(windows, span),
        limitMs: Math.max(limitMs, limitOf(severity))
      }),
      nothingFound
    )
  }
}

/** Whether a finding says something about a metric's level. */
export const isAbout = ({ metric: own, excludeFromTraining = [own] }: Found, metric: string) =>
  excludeFromTraining !== 'all' && excludeFromTraining.includes(metric)

const order: readonly Exclusion['kind'][] = ['none', 'train', 'believed', 'excluded']

/** Of two, the one that keeps more out. */
function wider(one: Exclusion, other: Exclusion): Exclusion {
  if (one.kind === 'excluded' && other.kind === 'excluded') return one.windows > other.windows ? one : other
  return order.indexOf(one.kind) > order.indexOf(other.kind) ? one : other
}
