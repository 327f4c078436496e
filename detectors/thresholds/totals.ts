import type { MetricDefinition, WindowMetrics } from '../../src/metrics/types.ts'
import type { Segment } from '../../src/window/segment.ts'
import type { LocalDays } from './local-days.ts'
import { dimensionOf, type ThresholdRule } from './options.ts'

/** What a metric has come to over a rule's span. */
export interface Total {
  /** Null without a denominator. */
  readonly value: number | null
  /** The start of the span, in milliseconds. */
  readonly fromMs: number
  /** Every window of the span was seen, and seen whole. */
  readonly isWhole: boolean
}

/** Sums of windows that belong together: a window by itself, or the windows of a local day. */
interface Bucket {
  readonly key: number
  /** Complete windows. */
  complete: number
  readonly sums: Map<Segment, { numerator: number; denominator: number }>
}

/** Bounds memory: further segments of a bucket are not judged. */
const maxSegments = 10_000
/** Money is added up in whole ten-thousandths, so that no order of sums and no restart changes a digit. */
const moneyScale = 10_000

/** Adds up a metric over the span of a rule. Fed every window once, in order. */
export function createTotals(
  rule: ThresholdRule,
  definition: MetricDefinition | undefined,
  windowMs: number,
  days: LocalDays
) {
  const { metric, segment, over } = rule
  const span = over.kind === 'days' ? over.days : Math.ceil(over.ms / windowMs)
  const scale = definition?.unit === 'money' ? moneyScale : 1
  const isShare = definition?.kind === 'ratio' || definition?.kind === 'mean'
  const floor = definition?.kind === 'ratio' ? definition.floor : undefined
  const dimension = dimensionOf(rule)
  let buckets: Bucket[] = []
  let endMs = 0

  const keyOf = (startMs: number) =>
    over.kind === 'days' ? days.dayOf(startMs) : Math.round(startMs / windowMs)
  const startOf = (key: number) => {
    const firstMs = over.kind === 'days' ? days.startOf(key) : key * windowMs
    return Math.ceil(firstMs / windowMs) * windowMs
  }

  function add(bucket: Bucket, of: Segment, numerator: number, denominator: number): void {
    const sum = bucket.sums.get(of)
    const scaled = scale === 1 ? numerator : Math.round(numerator * scale)
    if (sum !== undefined) {
      sum.numerator += scaled
      sum.denominator += denominator
    } else if (bucket.sums.size < maxSegments) bucket.sums.set(of, { numerator: scaled, denominator })
  }

  function fill(bucket: Bucket, { values, segments }: WindowMetrics): void {
    if (dimension === undefined) {
      const { numerator, denominator } = values.get(metric) ?? { numerator: 0, denominator: 0 }
      add(bucket, 'all', numerator, denominator)
      return
    }
    for (const row of segments)
      if (
        row.metric === metric &&
        row.dimension === dimension &&
        (segment === undefined || row.segment === segment)
      )
        add(bucket, row.segment, row.numerator, row.denominator)
  }

  return {
    enter(window: WindowMetrics): void {
      const key = keyOf(window.start)
      buckets = buckets.filter(bucket => bucket.key > key - span)
      const last = buckets.at(-1)
      const bucket = last?.key === key ? last : { key, complete: 0, sums: new Map() }
      if (bucket !== last) buckets.push(bucket)
      fill(bucket, window)
      // One that was stored before there was the metric says nothing of it.
      if (window.complete && window.values.has(metric)) bucket.complete += 1
      endMs = window.end
    },
    /** The segments that the span has anything of. */
    segments: (): ReadonlySet<Segment> => new Set(buckets.flatMap(({ sums }) => [...sums.keys()])),
    of(one: Segment): Total {
      const fromMs = startOf((buckets.at(-1)?.key ?? 0) - span + 1)
      const expected = Math.round((endMs - fromMs) / windowMs)
      let numerator = 0
      let denominator = 0
      let complete = 0
      for (const bucket of buckets) {
        const sum = bucket.sums.get(one)
        numerator += sum?.numerator ?? 0
        denominator += sum?.denominator ?? 0
        complete += bucket.complete
      }
      const total = numerator / scale
      const share =
        denominator === 0 ? null : Math.max(floor ?? Number.NEGATIVE_INFINITY, total / denominator)
      return { value: isShare ? share : total, fromMs, isWhole: complete >= expected }
    }
  }
}
