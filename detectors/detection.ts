import { shopMetrics } from '../src/metrics/catalogue.ts'
import type { WindowMetrics } from '../src/metrics/types.ts'
import { createHistoryStart } from './history-start.ts'
import { soundWindow } from './sound-window.ts'
import { createThresholds, segmentMetricsOf } from './thresholds/thresholds.ts'
import type { Detection, Verdict } from './types.ts'
import { createWindowJudge, type DetectionOptions, nothingJudged } from './window-judge.ts'

/**
 * Judges each window by what was learned before it. A pure function of the windows fed, in order: `learn` and `judge`
 * leave the same state. A window at or before the newest one is ignored. Where history begins anew, all that was
 * learned before is forgotten.
 */
export function createDetection(options: DetectionOptions): Detection {
  const historyStart = createHistoryStart(options.windowMs)
  let judgeWindow = createWindowJudge(options)
  let newest = Number.NEGATIVE_INFINITY
  const { detectors, windowMs, timezone, currency, metrics = shopMetrics, calendar } = options
  const { enabled, rules: configured } = detectors.metric_threshold
  const rules = enabled ? configured : []
  const thresholds = createThresholds({ rules, windowMs, timezone, metrics, currency, calendar })

  function judge(raw: WindowMetrics, withBands: boolean): Verdict {
    if (raw.start <= newest) return nothingJudged(raw)
    newest = raw.start
    const window = soundWindow(raw)
    const again = historyStart.enter(window)
    if (again !== undefined) {
      judgeWindow = createWindowJudge(options)
      for (const one of again) judgeWindow.judge(one)
    }
    const verdict = judgeWindow.judge(window, withBands)
    // A sum of the day counts from its first window, also where history begins anew.
    const beyond = thresholds?.(window)
    if (beyond === undefined) return verdict
    return {
      ...verdict,
      findings: [...verdict.findings, ...beyond.findings],
      judged: [...verdict.judged, ...beyond.judged],
      standing: beyond.standing
    }
  }

  return {
    learn(window) {
      judge(window, false)
    },
    judge: window => judge(window, options.bands ?? false),
    warmup: () => judgeWindow.warmup(),
    ...(thresholds && {
      alsoLearns: {
        segmentMetrics: segmentMetricsOf(rules),
        learnIncomplete(raw) {
          if (raw.start <= newest) return
          newest = raw.start
          thresholds(soundWindow(raw))
        }
      }
    })
  }
}
