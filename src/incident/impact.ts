import type { Anomaly } from '../../detectors/types.ts'
import { rank } from './severity.ts'
import type { Peak } from './types.ts'

/** How far a value is from what was expected, in parts of it. */
const deviation = ({ value, expected }: Pick<Peak, 'value' | 'expected'>): number =>
  Math.abs(value - expected) / Math.max(Math.abs(expected), Number.EPSILON)

/** The worse of the two; the same object where that is the peak so far. */
export function peakOf(peak: Peak, { severity, value, expected, windowEnd }: Anomaly): Peak {
  const found = { value, expected, severity, windowEnd }
  const graver = rank(severity) - rank(peak.severity)
  return graver > 0 || (graver === 0 && deviation(found) > deviation(peak)) ? found : peak
}

/**
 * Expected minus actual so far. A finding over a longer span than a window adds its whole span at first, and then with
 * each window that window's part of it, so that no window counts twice.
 */
export function lossOf(
  before: number | null,
  { additive, value, expected, windowStart, windowEnd }: Anomaly,
  window: { readonly windowStart: number; readonly windowEnd: number }
): number | null {
  if (!additive || !Number.isFinite(value) || !Number.isFinite(expected)) return null
  const spanMs = windowEnd - windowStart
  const share =
    before === null || spanMs <= 0 ? 1 : Math.min(1, (window.windowEnd - window.windowStart) / spanMs)
  return (before ?? 0) + (expected - value) * share
}
