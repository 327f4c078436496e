import type { WindowMetrics } from '../src/metrics/types.ts'
import { createHistoryStart } from './history-start.ts'
import { soundWindow } from './sound-window.ts'
import type { Detection } from './types.ts'
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

  function judge(raw: WindowMetrics) {
    if (raw.start <= newest) return nothingJudged(raw)
    newest = raw.start
    const window = soundWindow(raw)
    const again = historyStart.enter(window)
    if (again !== undefined) {
      judgeWindow = createWindowJudge(options)
      for (const one of again) judgeWindow.judge(one)
    }
    return judgeWindow.judge(window)
  }

  return {
    learn(window) {
      judge(window)
    },
    judge,
    warmup: () => judgeWindow.warmup()
  }
}
