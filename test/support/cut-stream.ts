import { createDetection } from '../../detectors/detection.ts'
import type { Detection, Finding } from '../../detectors/types.ts'
import { warmUp } from '../../src/decide/warm-up.ts'
import type { WindowMetrics } from '../../src/metrics/types.ts'
import type { Store } from '../../src/store/types.ts'
import { streamOf } from '../generators/streams.ts'
import { windowMetricsOf } from '../generators/window-metrics.ts'
import { detectorDefaults } from './detector-defaults.ts'

const minuteMs = 60_000

/** Windows of a shop with incidents, one in a hundred of them not seen whole. */
export function shopWindows(seed: number, minutes: number): readonly WindowMetrics[] {
  const stream = streamOf('producer', {
    seed,
    ordersPerMinute: 20,
    days: Math.ceil(minutes / 1_440),
    incidents: true
  })
  const windows: WindowMetrics[] = []
  for (const totals of stream.minutes) {
    if (windows.length === minutes) break
    windows.push({ ...windowMetricsOf(totals), complete: windows.length % 100 !== 57 })
  }
  return windows
}

export const newDetection = (): Detection =>
  createDetection({ detectors: detectorDefaults, windowMs: minuteMs, timezone: 'UTC', currency: 'USD' })

export function findingsOf(detection: Detection, windows: readonly WindowMetrics[]): readonly Finding[] {
  return windows.flatMap(window => detection.judge(window).findings)
}

/** What a new process finds from window `cut` on, once it has read back what is stored of the windows before. */
export async function findingsAfterRestart(
  store: Pick<Store, 'windows'>,
  windows: readonly WindowMetrics[],
  cut: number
): Promise<readonly Finding[]> {
  const detection = newDetection()
  const from = windows[0]?.start ?? 0
  await warmUp(store, 'shop', detection, from, from + cut * minuteMs)
  return findingsOf(detection, windows.slice(cut))
}
