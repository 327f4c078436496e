import type { Loss } from '../../../detectors/kind.ts'
import { shopMeasures } from '../../metrics/measures.ts'
import type { MetricDefinition, MetricValue, SegmentValue, Term, WindowMetrics } from '../../metrics/types.ts'
import { ratio } from '../../metrics/values.ts'
import { type Drop, thinned, type Uniform } from './drops.ts'

/** Gives windows as they would have been stored had the drops happened; a window without one is the same object. */
export function createLowering(
  loss: Loss,
  drops: readonly Drop[],
  metrics: readonly MetricDefinition[],
  uniform: Uniform
) {
  const lower = lowerBy[loss](metrics)
  let last: { readonly window: WindowMetrics; readonly lowered: WindowMetrics } | undefined
  let at = 0
  return function lowered(window: WindowMetrics): WindowMetrics {
    // Many judges look at the same window, and each is to see the same.
    if (last?.window === window) return last.lowered
    while (at < drops.length && (drops[at] as Drop).endMs <= window.start) at++
    const drop = drops[at]
    const isHit = drop !== undefined && drop.startMs <= window.start
    last = { window, lowered: isHit ? lower(window, 1 - drop.depth, uniform) : window }
    return last.lowered
  }
}

type Lower = (window: WindowMetrics, kept: number, uniform: Uniform) => WindowMetrics

/** What is left of one measure of a window. */
type Rest = (value: MetricValue) => MetricValue

const ofPurchases: ReadonlySet<string> = new Set(
  shopMeasures.flatMap(({ name, types }) => (types.length === 1 && types[0] === 'purchase' ? [name] : []))
)
const isPurchases = ({ segment }: SegmentValue) => segment.endsWith('event_type=purchase')

const lowerBy: Readonly<Record<Loss, (metrics: readonly MetricDefinition[]) => Lower>> = {
  visitors(metrics) {
    const valuesOf = createValues(metrics)
    return (window, kept, uniform) => {
      const left = shareLeft(window, 'visits', kept, uniform)
      const scaled = scaledBy(left, uniform)
      return {
        ...window,
        values: valuesOf(
          window,
          () => scaled,
          part => wholeOf(part * left, uniform)
        ),
        segments: window.segments.map(row => ({ ...row, ...scaled(row) }))
      }
    }
  },
  purchases(metrics) {
    const valuesOf = createValues(metrics)
    return (window, kept, uniform) => {
      const left = shareLeft(window, 'orders', kept, uniform)
      const scaled = scaledBy(left, uniform)
      const lost = (window.values.get('orders')?.numerator ?? 0) * (1 - left)
      const fewer: Rest = value => counted(Math.max(0, value.numerator - lost))
      return {
        ...window,
        values: valuesOf(window, of => (ofPurchases.has(of) ? scaled : of === 'events' ? fewer : undefined)),
        segments: window.segments.map(row => (isPurchases(row) ? { ...row, ...scaled(row) } : row))
      }
    }
  },
  prices(metrics) {
    const valuesOf = createValues(metrics)
    return (window, kept) => ({
      ...window,
      values: valuesOf(window, of =>
        of === 'revenue' || of === 'order_value'
          ? cheaper(kept)
          : of === 'price_level'
            ? lowerLogs(Math.log(kept))
            : undefined
      )
    })
  }
}

/** Whole visits or orders stay, as chance has it; where none were counted, the share itself. */
function shareLeft({ values }: WindowMetrics, of: string, kept: number, uniform: Uniform): number {
  const count = values.get(of)?.numerator ?? 0
  return count > 0 ? thinned(uniform, count, kept) / count : kept
}

const counted = (count: number): MetricValue => ({
  value: count,
  numerator: count,
  denominator: 1,
  sampleSize: count,
  squares: 0
})

/** A whole number near it: over many windows nothing is gained or lost. */
const wholeOf = (number: number, uniform: Uniform): number => Math.floor(number + uniform())

/** Whole numbers stay whole, and a mean stays what it was. */
const scaledBy =
  (left: number, uniform: Uniform): Rest =>
  ({ value, numerator, denominator, sampleSize, squares }) => {
    const sample = wholeOf(sampleSize * left, uniform)
    const share = sampleSize > 0 ? sample / sampleSize : 0
    const sum = numerator === sampleSize ? sample : numerator * share
    const isMean = denominator !== 1 || value !== numerator
    return {
      value: value === null || (isMean && sample === 0) ? null : isMean ? value : sum,
      numerator: sum,
      denominator: isMean ? Math.min(sample, denominator) : denominator,
      sampleSize: sample,
      squares: squares * share
    }
  }

const cheaper =
  (kept: number): Rest =>
  ({ value, numerator, denominator, sampleSize, squares }) => ({
    value: value === null ? null : value * kept,
    numerator: numerator * kept,
    denominator,
    sampleSize,
    squares: squares * kept ** 2
  })

/** Of logarithms: each of them is less by the same. */
const lowerLogs =
  (by: number): Rest =>
  ({ numerator, sampleSize, squares }) =>
    ratio(
      numerator + sampleSize * by,
      sampleSize,
      undefined,
      Math.max(0, squares + 2 * by * numerator + sampleSize * by ** 2)
    )

type Values = ReadonlyMap<string, MetricValue>

/** Metrics of one measure become what is left of it; those of several are made anew of what they consist of. */
function createValues(metrics: readonly MetricDefinition[]) {
  const measureOf = new Map(
    metrics.flatMap(metric =>
      'of' in metric && typeof metric.of === 'string' ? [[metric.name, metric.of]] : []
    )
  )
  const counts = new Map(
    metrics.flatMap(({ name, kind, ...of }) =>
      (kind === 'count' || kind === 'distinct' || kind === 'sum') && 'of' in of
        ? [[of.of as string, name]]
        : []
    )
  )
  const composed = metrics.filter(({ kind }) => kind === 'ratio' || kind === 'balance')

  return function valuesOf(
    { values }: WindowMetrics,
    restOf: (measure: string) => Rest | undefined,
    unknown: (part: number) => number = part => part
  ): Values {
    const lowered = new Map(values)
    for (const [name, measure] of measureOf) {
      const value = values.get(name)
      const rest = restOf(measure)
      if (value && rest) lowered.set(name, rest(value))
    }
    /** What a sum of measures loses; undefined where one of them has no metric of its own. */
    const lossOf = (terms: readonly Term[], part: (value: MetricValue) => number): number | undefined => {
      let lost = 0
      for (const term of terms) {
        const name = counts.get(term.replace(/^-/, ''))
        const [before, after] = name === undefined ? [] : [values.get(name), lowered.get(name)]
        if (before && after) lost += (term.startsWith('-') ? -1 : 1) * (part(before) - part(after))
        else if (restOf(term.replace(/^-/, ''))) return undefined
      }
      return lost
    }
    const less = (whole: number, terms: readonly Term[], part: (value: MetricValue) => number) => {
      const lost = lossOf(terms, part)
      return lost === undefined ? unknown(whole) : whole - lost
    }
    for (const metric of composed) {
      const value = values.get(metric.name)
      if (!value) continue
      if (metric.kind === 'ratio')
        lowered.set(
          metric.name,
          ratio(
            less(value.numerator, metric.numerator, numeratorOf),
            less(value.denominator, metric.denominator, numeratorOf),
            metric.floor
          )
        )
      else if (metric.kind === 'balance') {
        const amount = less(value.numerator, metric.of, numeratorOf)
        lowered.set(metric.name, {
          ...value,
          value: amount,
          numerator: amount,
          sampleSize: less(value.sampleSize, metric.of, one => one.sampleSize),
          squares: less(value.squares, metric.of, one => one.squares)
        })
      }
    }
    return lowered
  }
}

const numeratorOf = ({ numerator }: MetricValue): number => numerator
