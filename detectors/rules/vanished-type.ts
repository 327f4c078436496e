import type { RegisteredSeries } from '../baseline/series-registry.ts'
import { countOf, type Measure, type Measured } from './measurement.ts'
import { whole } from './ranges.ts'
import type { SpanOptions } from './window-scan.ts'

/** Events of a type that have stopped, though what follows them in every visit goes on. */
export interface VanishedType {
  readonly type: string
  readonly metric: string
  /** The metric of what goes on. */
  readonly later: string
  readonly span: number
  readonly measured: Measured
  readonly probability: number
}

/** The steps to an order, by the metric that counts each. */
const steps = [
  { type: 'product_view', metric: 'product_views' },
  { type: 'add_to_cart', metric: 'cart_adds' },
  { type: 'checkout_started', metric: 'checkouts_started' },
  { type: 'purchase', metric: 'orders' }
] as const

/** Events that were expected at least, of the type and of a later step. */
const leastExpected = 25
const leastLater = 5
/** What is left of the type at most, and of the later step at least, of what was expected. */
const mostLeft = 0.02
const goesOn = 0.6

/**
 * A step that nobody takes any more while later ones are taken: the shop works, and its tracking lacks a type. Where the
 * later ones stop too, people stopped.
 */
export function createVanishedType(series: RegisteredSeries, options: SpanOptions) {
  const watched = steps.map(({ type, metric }) => {
    const count = series.count(metric)
    return { type, metric, count, measure: countOf(count) }
  })
  const share = options.maxPValue / options.spans.length / (watched.length - 1)

  function stopped(
    measure: Measure,
    span: number
  ): Pick<VanishedType, 'measured' | 'probability'> | undefined {
    const measured = measure(whole(span))
    if (!measured || measured.windows < span || measured.expected < leastExpected) return undefined
    if (measured.observed > mostLeft * measured.expected) return undefined
    const probability = measured.probability('drop')
    return probability <= share ? { measured, probability } : undefined
  }

  function doesGoOn(measure: Measure, span: number): boolean {
    const measured = measure(whole(span))
    return (
      measured !== undefined &&
      measured.expected >= leastLater &&
      measured.observed >= goesOn * measured.expected
    )
  }

  return {
    trainedWindows: () => Math.max(...watched.map(({ count }) => count.trainedWindows())),
    find(): VanishedType | undefined {
      for (const [step, { type, metric, measure }] of watched.slice(0, -1).entries()) {
        for (const span of options.spans) {
          const gone = stopped(measure, span)
          const later = gone && watched.slice(step + 1).find(one => doesGoOn(one.measure, span))
          if (gone && later) return { type, metric, later: later.metric, span, ...gone }
        }
      }
      return undefined
    }
  }
}
