import { minuteMs } from '../../src/time/units.ts'

/** Odd spans closer together than this are of one state of affairs. */
const quietMs = 30 * minuteMs

/** How many of the newest windows keep from training: none once a state of affairs has lasted for `limitMs`. */
export function createExclusion(limitMs: number, windowMs: number): (end: number, windows: number) => number {
  let since = Number.NEGATIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  return function disowned(end, windows) {
    if (windows === 0) return 0
    if (end - last > quietMs + windowMs) since = end
    last = end
    return end - since > limitMs ? 0 : windows
  }
}
