import { inEnglish, spoken } from '../../src/language/translator.ts'
import type { Scale, SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import type { WindowTime } from '../baseline/series.ts'
import type { DetectorsOptions } from '../catalogue.ts'
import { createExclusion, createLimits } from '../exclusion.ts'
import { kindOf } from '../kind-of.ts'
import { categoryImbalance, mixedDimension } from '../kinds/category-imbalance.ts'
import type { Words } from '../rules/format.ts'
import type { Finding } from '../types.ts'
import { addSegmentBands, type SegmentBands } from './bands.ts'
import {
  categoryDropText,
  categoryShiftText,
  explanation,
  revenueDropText,
  type SegmentFinding,
  trafficDropText
} from './details-text.ts'
import { createDimension, type Dimension } from './dimension.ts'
import { explainingSegments } from './explain.ts'
import { shiftOf } from './mix.ts'
import { createRootCauses, type Symptom } from './root-cause.ts'
import { isOnMostEvents, type SegmentDrop, segmentDropsOf } from './segment-drops.ts'

export interface SegmentsOptions {
  readonly detectors: Pick<
    DetectorsOptions,
    'baseline' | 'segments' | 'revenue_drop' | 'traffic_drop' | 'category_imbalance'
  >
  /** Dimensions whose values are judged; all others are evidence. */
  readonly watch: readonly string[]
  /** Values of a dimension that a window keeps at most. */
  readonly top: number
  readonly windowMs: number
  readonly words: Words
  readonly scaleOf: (metric: string) => Scale
}

/** What the segments of a dimension show, and in how many of the newest windows. */
interface Symptoms {
  readonly symptoms: readonly Symptom[]
  readonly windows: number
}

const followedMetrics: ReadonlySet<string> = new Set(['events', 'orders', 'revenue'])
/** Its values are in money of their own. */
const foreign = 'currency'
const blockMs = 600_000

export type Segments = ReturnType<typeof createSegments>

/** Says where a finding sits, and finds what only a segment shows. Fed every window once, in order. */
// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function createSegments(options: SegmentsOptions) {
  const { detectors, watch, windowMs, words } = options
  const { segments, baseline, category_imbalance: imbalance } = detectors
  const inWindows = (ms: number) => Math.max(1, Math.round(ms / windowMs))
  const spans = [...new Set(segments.spansMs.map(ms => Math.max(segments.minWindows, inWindows(ms))))]
  const longest = Math.max(...spans)
  const block = Math.min(inWindows(blockMs), Math.floor(longest / 2))
  const falling = { spans, minWindows: segments.minWindows, drop: segments.drop }
  const limitOf = createLimits(baseline)
  const causes = createRootCauses(segments.togetherMs)
  const followed = new Map<string, { dimension: Dimension; exclude: ReturnType<typeof createExclusion> }>()
  const dimensions: Dimension[] = []
  const rows = new Map<string, SegmentValue[]>()

  function follow(name: string): void {
    const dimension = createDimension(name, windowMs, {
      slots: 2 * options.top + 8,
      longest,
      block: Math.max(1, block),
      memory: inWindows(segments.memoryMs),
      warmup: inWindows(baseline.warmupMs),
      spread: segments.spread,
      leastSpread: segments.leastSpread
    })
    followed.set(name, { dimension, exclude: createExclusion({ windowMs, slackMs: windowMs }) })
    dimensions.push(dimension)
  }

  /** Whether a drop of a value's count is looked for. */
  function isJudged(dimension: Dimension, quantity: 'orders' | 'events'): boolean {
    if (quantity === 'orders') return detectors.revenue_drop.enabled
    return dimension.name === mixedDimension
      ? imbalance.enabled
      : detectors.traffic_drop.enabled && isOnMostEvents(dimension, longest)
  }

  function fallsIn(dimension: Dimension): { reported: SegmentFinding; fall: SegmentDrop }[] {
    const maxPValue = segments.maxPValue
    const ofRevenue = isJudged(dimension, 'orders')
      ? segmentDropsOf(dimension, 'orders', { ...falling, maxPValue }).map(fall => ({
          fall,
          reported: revenueDropText(fall, segments, words)
        }))
      : []
    const isMixed = dimension.name === mixedDimension
    if (!isJudged(dimension, 'events')) return ofRevenue
    const ofEvents = segmentDropsOf(dimension, 'events', { ...falling, maxPValue }).map(fall => ({
      fall,
      reported: isMixed ? categoryDropText(fall, imbalance, words) : trafficDropText(fall, segments, words)
    }))
    return [...ofRevenue, ...ofEvents]
  }

  function symptomsOf(dimension: Dimension, end: number): Symptoms {
    const falls = fallsIn(dimension)
    const symptoms = falls.map(({ reported, fall }) => ({
      finding: placed(reported, end),
      probability: fall.probability,
      fellAtMs: end - fall.onset * windowMs,
      reachMs: fall.onsetReach * windowMs
    }))
    const windows = Math.max(0, ...falls.map(({ fall }) => Math.max(fall.onset, fall.span)))
    if (dimension.name !== mixedDimension || !imbalance.enabled) return { symptoms, windows }
    const shift = shiftOf(dimension, { ...falling, maxPValue: imbalance.maxPValue })
    if (!shift || falls.some(({ fall }) => fall.segment === shift.segment)) return { symptoms, windows }
    const finding = placed(categoryShiftText(shift, imbalance, words), end)
    const { probability, span } = shift
    const changed = { finding, probability, fellAtMs: end - span * windowMs, reachMs: 0 }
    return { symptoms: [...symptoms, changed], windows: Math.max(windows, span) }
  }

  function placed({ span, ...reported }: SegmentFinding, end: number): Finding {
    return {
      ...reported,
      ...options.scaleOf(reported.metric),
      windowStart: end - span * windowMs,
      windowEnd: end
    }
  }

  const spanOf = ({ windowStart, windowEnd }: Finding) =>
    Math.min(longest, Math.round((windowEnd - windowStart) / windowMs))

  function explained(finding: Finding): Finding {
    const reading = kindOf(finding.kind)?.explainable
    if (!reading) return finding
    const change = { quantity: reading.quantity, span: spanOf(finding), ratio: reading.ratio(finding) }
    const explainedBy = explainingSegments(dimensions, change, segments.explains).map(one =>
      reading.shown(one, finding)
    )
    const further = explanation(explainedBy, words)
    const { details, said } = finding
    return {
      ...finding,
      explainedBy,
      ...(said
        ? spoken([...said, ...further])
        : { details: [details, ...further.map(one => inEnglish([one]))].join(' ') })
    }
  }

  /** A dimension learns no window that it shows something in, or that is of one of these findings on the shop. */
  function learn(seen: ReadonlyMap<Dimension, Symptoms>, ofShop: readonly Finding[], window: WindowMetrics) {
    for (const { dimension, exclude } of followed.values()) {
      const own = seen.get(dimension)?.windows ?? 0
      const exclusion = exclude(window, {
        windows: Math.max(own, ...ofShop.map(spanOf)),
        limitMs: Math.max(
          own > 0 ? baseline.excludeMs : 0,
          ...ofShop.map(({ severity }) => limitOf(severity))
        )
      })
      dimension.learn(exclusion.kind === 'excluded' ? exclusion.windows : 0)
    }
  }

  return {
    enter(at: WindowTime, window: WindowMetrics): void {
      for (const values of rows.values()) values.length = 0
      for (const value of window.segments) {
        if (value.dimension === foreign || !followedMetrics.has(value.metric)) continue
        const known = rows.get(value.dimension)
        if (known) known.push(value)
        else {
          rows.set(value.dimension, [value])
          follow(value.dimension)
        }
      }
      for (const dimension of dimensions) dimension.enter(at, rows.get(dimension.name) ?? [], window)
    },
    /** Adds the bands of all values that are judged, in a window that was entered and not judged yet. */
    addBands(bands: SegmentBands, window: WindowMetrics): void {
      for (const dimension of dimensions.filter(({ name }) => watch.includes(name))) {
        const quantities = (['orders', 'events'] as const).filter(one => isJudged(dimension, one))
        const watched = { dimension, quantities }
        addSegmentBands(bands, watched, { ...falling, maxPValue: segments.maxPValue }, window)
      }
    },
    /** All that is reported of a complete window, given what was found on the whole shop; then learns the window. */
    judge(window: WindowMetrics, found: readonly Finding[]): readonly Finding[] {
      const seen = new Map(
        dimensions
          .filter(({ name }) => watch.includes(name))
          .map(dimension => [dimension, symptomsOf(dimension, window.end)])
      )
      const symptoms = [...seen.values()].flatMap(({ symptoms }) => symptoms)
      const reported = causes(found.map(explained), symptoms, window.end)
      learn(
        seen,
        found.filter(({ kind }) => kindOf(kind)?.explainable),
        window
      )
      return reported
    },
    /** Takes in a window that is not judged. */
    skip: (window: WindowMetrics) => learn(new Map(), [], window),
    /** Kinds of segments alone that are judged. */
    judged(): readonly string[] {
      const mixed = watch.includes(mixedDimension) ? followed.get(mixedDimension)?.dimension : undefined
      const isJudged = imbalance.enabled && mixed !== undefined && mixed.pasts(longest).length > 0
      return isJudged ? [categoryImbalance.kind] : []
    }
  }
}
