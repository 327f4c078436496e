import { leastReach } from '../baseline/series.ts'
import type { Amount } from '../types.ts'
import type { Measure } from './measurement.ts'
import { single } from './ranges.ts'

const nothing: Amount = { value: 0, expected: 0 }

/** Value and expectation of each of the newest windows, the newest first, by what was known before them. */
export function amountsOf(
  measure: Measure,
  span: number,
  isLeftOut: (ago: number) => boolean
): readonly Amount[] | undefined {
  const reach = [Math.max(span, leastReach), span].find(windows => measure(single(windows, 0)))
  if (reach === undefined) return undefined
  return Array.from({ length: reach }, (_, ago) => {
    const one = isLeftOut(ago) ? undefined : measure(single(reach, ago))
    const isNumber = one && Number.isFinite(one.observed) && Number.isFinite(one.expected)
    return isNumber ? { value: one.observed, expected: one.expected } : nothing
  })
}

/** Windows that lack their events. What would show their lack as well is not judged by them. */
export function createGaps() {
  const windows = new Set<number>()
  return {
    add(newest: number, span: number): void {
      for (let ago = 0; ago < span; ago += 1) windows.add(newest - ago)
      for (const window of windows) if (newest - window >= longestSpan) windows.delete(window)
    },
    has: (window: number): boolean => windows.has(window)
  }
}

/** A day of minutes, the most that a kind looks at. */
const longestSpan = 1_440
