import type { MetricDefinition, WindowMetrics } from '../src/metrics/types.ts'
import { localOffset } from '../src/time/local-time.ts'
import { createBands } from './bands.ts'
import type { Calendar } from './baseline/calendar.ts'
import type { WindowTime } from './baseline/series.ts'
import { createSeriesRegistry } from './baseline/series-registry.ts'
import { type DetectorsOptions, kinds as listed } from './catalogue.ts'
import { createDetectors } from './create-detectors.ts'
import { type Detector, isSound } from './detector.ts'
import { createFindingMemory, noFindings } from './earlier-findings.ts'
import { createFindings, type KindFound } from './findings.ts'
import type { Kind } from './kind.ts'
import { createLastingKinds } from './lasting-kinds.ts'
import { createWords } from './rules/format.ts'
import { createSegments } from './segments/segments.ts'
import { createTraining, isAbout } from './training.ts'
import type { Finding, Verdict, Warmup } from './types.ts'

export interface DetectionOptions {
  readonly detectors: DetectorsOptions
  readonly windowMs: number
  /** IANA name of the time zone of the daily curve. */
  readonly timezone: string
  /** ISO 4217, for texts. */
  readonly currency: string
  /** All that windows have; those of every shop where left out. */
  readonly metrics?: readonly MetricDefinition[]
  readonly calendar?: Calendar
  /** Whether a judged window also says its bands: they cost more than its judgement. */
  readonly bands?: boolean
  /** Dimensions whose values are judged, and how many values a window keeps of each; absent where none is followed. */
  readonly segments?: { readonly watch: readonly string[]; readonly top: number }
}

const kinds: readonly Kind[] = listed
const judgingIncomplete = kinds.filter(({ judgesIncomplete }) => judgesIncomplete)
const incompleteKinds: ReadonlySet<string> = new Set(judgingIncomplete.map(({ kind }) => kind))
const incompleteMetrics: ReadonlySet<string> = new Set(judgingIncomplete.map(({ metric }) => metric))
const nameOf = ({ kind }: { readonly kind: string }): string => kind

/** Judges windows, each later than the one before, by what was learned before it; then learns it. */
export interface WindowJudge {
  judge(window: WindowMetrics, withBands?: boolean): Verdict
  warmup(): readonly Warmup[]
}

/** Says nothing of any kind. */
export const nothingJudged = ({ start, end }: WindowMetrics): Verdict => ({
  windowStart: start,
  windowEnd: end,
  findings: [],
  judged: []
})

export function createWindowJudge(all: DetectionOptions): WindowJudge {
  const { detectors: options, windowMs, currency, metrics, calendar } = all
  const shop = createSeriesRegistry({ baseline: options.baseline, windowMs, ...(metrics && { metrics }) })
  const detectors = createDetectors(shop, options)
  const words = createWords(currency, windowMs)
  const findings = createFindings({ windowMs, metrics })
  const segments =
    all.segments && options.segments.enabled
      ? createSegments({ ...all.segments, detectors: options, windowMs, words, scaleOf: findings.scaleOf })
      : undefined
  const offsetAt = localOffset(all.timezone)
  const train = createTraining(shop, options.baseline)
  const memory = createFindingMemory()
  const lasting = createLastingKinds()
  const verdictOf = createVerdicts(calendar)
  const bandsOf = createBands({ detectors, shop, calendar, segments, incompleteKinds })

  const isReady = (detector: Detector) => detector.trainedWindows() >= shop.warmupWindows

  /** An incomplete window is judged only by kinds about what it lacks, and nothing is learned from it. */
  function judgeIncomplete(window: WindowMetrics, at: WindowTime, withBands: boolean): Verdict {
    const followed = shop.followed.filter(({ metric }) => incompleteMetrics.has(metric))
    for (const { series, read } of followed) series.enter(at, read({ ...window, complete: true }))
    const ready = detectors.filter(one => isReady(one) && incompleteKinds.has(one.kind))
    const founds = ready.flatMap(({ kind, judge }): KindFound[] => {
      const found = judge(words, noFindings, window)
      return found && isSound(found) ? [{ kind, found }] : []
    })
    const found = findings.of(founds, window.end)
    const bands = withBands ? { bands: bandsOf(window) } : {}
    for (const { series } of followed) series.forget(1, true)
    return { ...verdictOf(window, found, ready.map(nameOf)), ...bands }
  }

  function judgeComplete(window: WindowMetrics, at: WindowTime, withBands: boolean): Verdict {
    // A window without the metric is one that history lacks: what is learned again at a start is the same.
    for (const { series, read } of shop.followed) series.enter(at, read(window))
    const ready = detectors.filter(isReady)
    const founds: KindFound[] = []
    for (const { kind, judge } of ready) {
      const widening = calendar?.widens(kind, window.start)
      shop.widen(widening?.factor ?? 1)
      const found = judge(words, memory.asOf(at.window), window)
      if (!found || !isSound(found)) continue
      const evidence = { ...found.evidence, ...(widening && { calendar: widening.name }) }
      founds.push({ kind, found: { ...found, evidence } })
      memory.add(found, at.window)
    }
    shop.widen(1)
    // Measured before the window is learned.
    const found = findings.of(founds, window.end)
    const { lasting: lastingKinds, back } = lasting.after(founds, window.end)
    const bands = withBands ? { bands: bandsOf(window) } : {}
    const isOff = calendar?.isOff(window.start, window.end) ?? false
    const believed = train(window, at.window, founds, isOff)
    if (believed.size > 0) lasting.believe()
    const judged = [...ready.map(nameOf), ...(segments?.judged() ?? [])]
    return {
      ...verdictOf(window, segments?.judge(window, found) ?? found, judged),
      ...bands,
      lasting: lastingKinds,
      back,
      believed: founds
        .filter(({ found: one }) => isAbout(one, one.metric) && believed.has(one.metric))
        .map(nameOf)
    }
  }

  function judge(window: WindowMetrics, withBands = false): Verdict {
    const at = { window: Math.round(window.start / windowMs), localMs: window.start + offsetAt(window.start) }
    segments?.enter(at, window)
    if (window.complete) return judgeComplete(window, at, withBands)
    const verdict = judgeIncomplete(window, at, withBands)
    segments?.skip(window)
    return verdict
  }

  return {
    judge,
    warmup: () =>
      detectors.map(({ kind, trainedWindows }) => ({
        kind,
        windowsSeen: trainedWindows(),
        windowsNeeded: shop.warmupWindows
      }))
  }
}

/** Verdicts without what the calendar mutes. */
function createVerdicts(calendar: Calendar | undefined) {
  return function verdictOf(
    { start, end }: WindowMetrics,
    findings: readonly Finding[],
    judged: readonly string[]
  ): Verdict {
    const isHeard = (kind: string, fromMs: number) => calendar?.mutes(kind, fromMs, end) === undefined
    return {
      windowStart: start,
      windowEnd: end,
      findings: findings.filter(({ kind, windowStart }) => isHeard(kind, windowStart)),
      judged: judged.filter(kind => isHeard(kind, start))
    }
  }
}
