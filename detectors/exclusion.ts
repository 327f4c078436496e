import type { WindowMetrics } from '../src/metrics/types.ts'
import { minuteMs } from '../src/time/units.ts'

/** Findings closer together than this are of one condition. */
const quietMs = 30 * minuteMs

/**
 * How many of the newest windows may not train: those of a finding, and none once a condition has lasted for `limitMs`.
 * `slackMs` is added to both bounds.
 */
export function createExclusion(limitMs: number, slackMs = 0) {
  let since = Number.NEGATIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  return function exclusion({ start, end }: Pick<WindowMetrics, 'start' | 'end'>, windows: number): number {
    if (windows === 0) return 0
    if (start - last > quietMs + slackMs) since = start
    last = start
    return end - since > limitMs + slackMs ? 0 : windows
  }
}
