import { setImmediate as turn } from 'node:timers/promises'
import type { Detection } from '../../detectors/types.ts'
import { shopMetrics } from '../metrics/catalogue.ts'
import type { Store } from '../store/types.ts'
import { dayMs } from '../time/units.ts'

const windowsPerTurn = 50
/** Segments are compared with the last hours, and with the time of day of a few days: older ones weigh little. */
const segmentDays = 3
/** Metrics whose segments every shop's detectors learn. */
export const learntOfSegments: readonly string[] = shopMetrics.flatMap(
  ({ name, learntOfSegments: isLearnt }) => (isLearnt ? [name] : [])
)

/**
 * Feeds a detection the windows that are stored of [fromMs, toMs): a week at a time without segments, then the newest
 * days one by one, with pauses for other work. Gives the number of windows learnt; rejects with the store's error.
 */
export async function warmUp(
  store: Pick<Store, 'windows'>,
  pipeline: string,
  detection: Pick<Detection, 'learn' | 'alsoLearns'>,
  fromMs: number,
  toMs: number
): Promise<number> {
  const { segmentMetrics = [], learnIncomplete } = detection.alsoLearns ?? {}
  const which = learnIncomplete ? 'all' : 'complete'
  let learnt = 0

  async function learn(from: number, to: number, stepMs: number, metrics: readonly string[]): Promise<void> {
    for (let at = from; at < to; at += stepMs) {
      const windows = await store.windows(pipeline, at, Math.min(at + stepMs, to), metrics, which)
      for (const [index, window] of windows.entries()) {
        if (window.complete) {
          detection.learn(window)
          learnt++
        } else learnIncomplete?.(window)
        // A week at once would keep heartbeats waiting for seconds, and cost the place in the group.
        if (index % windowsPerTurn === 0) await turn()
      }
    }
  }

  const segmentsFrom = Math.max(fromMs, toMs - segmentDays * dayMs)
  await learn(fromMs, segmentsFrom, 7 * dayMs, [])
  await learn(segmentsFrom, toMs, dayMs, [...new Set([...learntOfSegments, ...segmentMetrics])])
  return learnt
}
