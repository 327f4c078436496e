import type { Chart } from '../../src/incident/chart.ts'
import { epoch, minuteMs } from './alerts.ts'

/** Windows up to the one that `anomalyAt(1)` is about: 1,850 each in a band of 1,400 to 2,400, and 245 in the last. */
export function chartOf(windows = 60): Chart {
  const points = Array.from({ length: windows }, (_, at) => ({
    start: epoch + (at - windows + 1) * minuteMs,
    value: at === windows - 1 ? 245 : 1_850,
    expected: 1_900,
    lower: 1_400,
    upper: 2_400
  }))
  return { windowMs: minuteMs, points }
}
