import { shopMetrics } from '../src/metrics/catalogue.ts'
import { scaleOf } from '../src/metrics/scale.ts'
import type { MetricDefinition, Scale, WindowMetrics } from '../src/metrics/types.ts'
import { localOffset } from '../src/time/local-time.ts'
import { minuteMs } from '../src/time/units.ts'
import type { Calendar } from './baseline/calendar.ts'
import type { WindowTime } from './baseline/series.ts'
import { createSeriesRegistry } from './baseline/series-registry.ts'
import { type DetectorsOptions, kinds as listed } from './catalogue.ts'
import { createDetectors } from './create-detectors.ts'
import type { Detector, Found, Reported } from './detector.ts'
import type { Kind } from './kind.ts'
import { kindOf, saysEventsAreMissing } from './kind-of.ts'
import { amountsOf, createGaps } from './rules/amounts.ts'
import { createWords } from './rules/format.ts'
import { createSegments } from './segments/segments.ts'
import type { Detection, Finding, Verdict } from './types.ts'

export interface DetectionOptions {
  readonly detectors: DetectorsOptions
  readonly windowMs: number
  /** IANA name of the timezone of the daily curve. */
  readonly timezone: string
  /** ISO 4217, for texts. */
  readonly currency: string
  /** All that windows have; those of every shop where left out. */
  readonly metrics?: readonly MetricDefinition[]
  readonly calendar?: Calendar
  /** Dimensions whose values are judged, and values that a window keeps of each. Absent: none is followed. */
  readonly segments?: { readonly watch: readonly string[]; readonly top: number }
}

/**
 * Judges each window by what was learned before it. A pure function of the windows fed, in order: `learn` and `judge`
 * leave the same behind. A window at or before the newest one is passed over.
 */
export function createDetection({
  detectors: options,
  windowMs,
  timezone,
  currency,
  metrics,
  calendar,
  segments: followed
}: DetectionOptions): Detection {
  const shop = createSeriesRegistry({ baseline: options.baseline, windowMs, ...(metrics && { metrics }) })
  const detectors = createDetectors(shop, options)
  const words = createWords(currency, windowMs)
  const scales = new Map((metrics ?? shopMetrics).map(metric => [metric.name, scaleOf(metric)]))
  const scaleOfMetric = (metric: string): Scale => scales.get(metric) ?? { unit: 'number', additive: false }
  const segments =
    followed && options.segments.enabled
      ? createSegments({ ...followed, detectors: options, windowMs, words, scaleOf: scaleOfMetric })
      : undefined
  const offsetAt = localOffset(timezone)
  const { warmupWindows } = shop
  const exclusions = createExclusions(options.baseline.excludeMs)
  const gaps = createGaps()
  const reported = new Map<string, number>()
  const risen = new Map<string, number>()
  let newest = Number.NEGATIVE_INFINITY

  const isReady = (detector: Detector) => detector.trainedWindows() >= warmupWindows

  function findingOf(
    kind: string,
    { span, excludeFromTraining: disowns, scale, measure, ...found }: Found,
    { end }: WindowMetrics
  ): Finding {
    const windowStart = end - span * windowMs
    const isSymptom = kindOf(kind)?.symptomOf === 'missing_events'
    const isLeftOut = (ago: number) => isSymptom && gaps.has(Math.round(end / windowMs) - 1 - ago)
    const amounts = measure && amountsOf(measure, span, isLeftOut)
    return {
      ...found,
      ...(amounts && { amounts }),
      ...scaleOfMetric(found.metric),
      ...scale,
      kind,
      segment: 'all',
      explainedBy: [],
      windowStart,
      windowEnd: end
    }
  }

  /** An incomplete window is judged only by kinds about what it lacks, and nothing is learned from it. */
  function judgeIncomplete(window: WindowMetrics, at: WindowTime): Verdict {
    const judging = kinds.filter(({ judgesIncomplete }) => judgesIncomplete)
    const followed = shop.followed.filter(({ metric }) => judging.some(kind => kind.metric === metric))
    for (const { series, read } of followed) series.enter(at, read({ ...window, complete: true }))
    const ready = detectors.filter(one => isReady(one) && judging.some(({ kind }) => kind === one.kind))
    const findings = ready.flatMap(detector => {
      const found = detector.judge(words, nothingTold)
      return found ? [findingOf(detector.kind, found, window)] : []
    })
    for (const { series } of followed) series.forget(1, true)
    const isMuted = (kind: string, fromMs: number) => calendar?.mutes(kind, fromMs, window.end) !== undefined
    return verdictOn(window)(
      findings.filter(({ kind, windowStart }) => !isMuted(kind, windowStart)),
      ready.map(({ kind }) => kind).filter(kind => !isMuted(kind, window.start))
    )
  }

  function judge(window: WindowMetrics): Verdict {
    const verdict = verdictOn(window)
    if (window.start <= newest) return verdict([], [])
    newest = window.start
    const at = { window: Math.round(window.start / windowMs), localMs: window.start + offsetAt(window.start) }
    segments?.enter(at, window)
    if (!window.complete) {
      segments?.skip(window)
      return judgeIncomplete(window, at)
    }
    // A window that is not entered is one that history lacks: what is learnt again is the same.
    for (const { series, read } of shop.followed) series.enter(at, read(window))

    const ready = detectors.filter(isReady)
    const founds: { readonly kind: string; readonly found: Found }[] = []
    for (const detector of ready) {
      const widening = calendar?.widens(detector.kind, window.start)
      shop.widen(widening?.factor ?? 1)
      const found = detector.judge(words, {
        now: founds.length > 0,
        of: (metric, windows) => at.window - (reported.get(metric) ?? Number.NEGATIVE_INFINITY) < windows,
        rose: (metric, windows) => at.window - (risen.get(metric) ?? Number.NEGATIVE_INFINITY) < windows
      })
      if (!found) continue
      const evidence = { ...found.evidence, ...(widening && { calendar: widening.name }) }
      founds.push({ kind: detector.kind, found: { ...found, evidence } })
      reported.set(found.metric, at.window)
      if (found.value > found.expected) risen.set(found.metric, at.window)
    }
    shop.widen(1)
    for (const { kind, found } of founds) if (saysEventsAreMissing(kind)) gaps.add(at.window, found.span)
    const findings = founds.map(({ kind, found }) => findingOf(kind, found, window))
    const isOff = calendar?.isOff(window.start, window.end) ?? false
    const disownedOf = exclusions(
      window,
      founds.map(({ found }) => found)
    )
    for (const { metric, series, outlierGate: oddity } of shop.followed) {
      const odd = oddity?.windows(at.window) ?? 0
      const disowned = Math.max(disownedOf(metric), isOff ? 1 : 0)
      const windows = disowned || odd
      if (windows > 0) series.forget(windows, disowned > 0)
      else series.train()
    }
    const isMuted = (kind: string, fromMs: number) => calendar?.mutes(kind, fromMs, window.end) !== undefined
    return verdict(
      (segments?.judge(window, findings) ?? findings).filter(one => !isMuted(one.kind, one.windowStart)),
      [...ready.map(({ kind }) => kind), ...(segments?.judged() ?? [])].filter(
        kind => !isMuted(kind, window.start)
      )
    )
  }

  return {
    learn(window) {
      judge(window)
    },
    judge,
    warmup: () =>
      detectors.map(detector => ({
        kind: detector.kind,
        windowsSeen: detector.trainedWindows(),
        windowsNeeded: warmupWindows
      }))
  }
}

const kinds: readonly Kind[] = listed

const verdictOn =
  ({ start, end }: WindowMetrics) =>
  (findings: readonly Finding[], judged: readonly string[]): Verdict => ({
    windowStart: start,
    windowEnd: end,
    findings,
    judged
  })

const nothingTold: Reported = { now: false, of: () => false, rose: () => false }

/** Odd spans closer together than this are of one state of affairs. */
const quietMs = 30 * minuteMs

/** How many of the newest windows keep the series of a metric from training. */
function createExclusions(limitMs: number) {
  const ofAll = createExclusion(limitMs)
  const ofMetrics = new Map<string, ReturnType<typeof createExclusion>>()
  return function exclusions(window: WindowMetrics, founds: readonly Found[]): (metric: string) => number {
    const all = ofAll(
      window,
      Math.max(0, ...founds.map(({ excludeFromTraining: disowns, span }) => (disowns ? 0 : span)))
    )
    const some = new Map<string, number>()
    for (const { excludeFromTraining: disowns, span } of founds) {
      for (const metric of disowns ?? []) {
        const exclusion = ofMetrics.get(metric) ?? createExclusion(limitMs)
        ofMetrics.set(metric, exclusion)
        some.set(metric, exclusion(window, span))
      }
    }
    return metric => Math.max(all, some.get(metric) ?? 0)
  }
}

/** None once a state of affairs has lasted for `limitMs`. */
function createExclusion(limitMs: number) {
  let since = Number.NEGATIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  return function exclusion(window: WindowMetrics, span: number): number {
    if (span === 0) return 0
    if (window.start - last > quietMs) since = window.start
    last = window.start
    return window.end - since > limitMs ? 0 : span
  }
}
