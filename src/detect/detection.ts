import { createDetectors, type DetectorsOptions } from '../../detectors/catalogue.ts'
import type { Detector } from '../../detectors/detector.ts'
import { localOffset } from '../../detectors/local-time.ts'
import { createShop } from '../../detectors/shop.ts'
import { createWords } from '../../detectors/words.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import type { Detection, Finding, Verdict } from './types.ts'

export interface DetectionOptions {
  readonly detectors: DetectorsOptions
  readonly windowMs: number
  /** IANA name of the timezone of the daily curve. */
  readonly timezone: string
  /** ISO 4217, for texts. */
  readonly currency: string
}

/**
 * Judges each window by what was learned before it. A pure function of the windows fed, in order: `learn` and `judge`
 * leave the same behind. A window at or before the newest one is passed over.
 */
export function createDetection({
  detectors: options,
  windowMs,
  timezone,
  currency
}: DetectionOptions): Detection {
  const shop = createShop({ baseline: options.baseline, windowMs })
  const detectors = createDetectors(shop, options)
  const words = createWords(currency, windowMs)
  const offsetAt = localOffset(timezone)
  const warmupWindows = Math.ceil(options.baseline.warmupMs / windowMs)
  const exclusion = createExclusion(options.baseline.excludeMs)
  let newest = Number.NEGATIVE_INFINITY

  const isReady = (detector: Detector) => detector.trained() >= warmupWindows

  function judge(window: WindowMetrics): Verdict {
    const verdict = (findings: readonly Finding[], judged: readonly string[]): Verdict => ({
      windowStart: window.start,
      windowEnd: window.end,
      findings,
      judged
    })
    if (window.start <= newest) return verdict([], [])
    newest = window.start
    const at = { window: Math.round(window.start / windowMs), localMs: window.start + offsetAt(window.start) }
    for (const { series, read } of shop.followed) series.enter(at, read(window))
    if (!window.complete) return verdict([], [])

    const ready = detectors.filter(isReady)
    const founds = ready.flatMap(detector => {
      const found = detector.judge(words)
      return found ? [{ kind: detector.kind, found }] : []
    })
    const disowned = exclusion.windows(window, Math.max(0, ...founds.map(({ found }) => found.span)))
    for (const { series, oddity } of shop.followed) {
      const odd = oddity.windows(at.window)
      const windows = disowned || odd
      if (windows > 0) series.forget(windows, disowned > 0)
      else series.train()
    }
    return verdict(
      founds.map(({ kind, found: { span, ...finding } }) => ({
        ...finding,
        kind,
        segment: 'all',
        explainedBy: [],
        windowStart: window.end - span * windowMs,
        windowEnd: window.end
      })),
      ready.map(({ kind }) => kind)
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
        windowsSeen: detector.trained(),
        windowsNeeded: warmupWindows
      }))
  }
}

/** Odd spans closer together than this are of one state of affairs. */
const quietMs = 30 * 60_000

/** How many of the newest windows keep from training: none once a state of affairs has lasted for `limitMs`. */
function createExclusion(limitMs: number) {
  let since = Number.NEGATIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  return {
    windows(window: WindowMetrics, span: number): number {
      if (span === 0) return 0
      if (window.start - last > quietMs) since = window.start
      last = window.start
      return window.end - since > limitMs ? 0 : span
    }
  }
}
