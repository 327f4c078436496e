import { minuteMs } from '../../time/units.ts'
import type { Span } from '../backtest/outcome.ts'

/** Uniform numbers in [0, 1). */
export type Uniform = () => number

/** A fault that is put into the past: of [startMs, endMs) this share of something is missing. */
export interface Drop {
  readonly startMs: number
  readonly endMs: number
  readonly depth: number
}

export const depths: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const lengthMs = 60 * minuteMs
/** Time from one to the next, so that each is found by itself. */
const leastApartMs = 6 * 60 * minuteMs
const mostOfDepth = 5

/** As many of each depth, at random times that lie apart, in the order of time; none where the span is too short. */
export function drawDrops({ fromMs, toMs }: Span, windowMs: number, uniform: Uniform): readonly Drop[] {
  const ofDepth = Math.min(mostOfDepth, Math.floor((toMs - fromMs) / leastApartMs / depths.length))
  const shuffled = Array.from({ length: ofDepth }, () => depths)
    .flat()
    .map(depth => ({ depth, order: uniform() }))
    .toSorted((a, b) => a.order - b.order)
  const slotMs = (toMs - fromMs) / Math.max(1, shuffled.length)
  const length = Math.max(windowMs, Math.floor(lengthMs / windowMs) * windowMs)
  return shuffled.map(({ depth }, slot) => {
    const latestMs = slotMs - length - leastApartMs / 2
    const at = fromMs + slot * slotMs + uniform() * Math.max(0, latestMs)
    const startMs = Math.ceil(at / windowMs) * windowMs
    return { startMs, endMs: startMs + length, depth }
  })
}

/** Findings of a drop end no later than this behind it. */
const afterMs = 10 * minuteMs

/** When it was found first, behind its beginning; undefined where it was not. `windowEnds` in the order of time. */
export function foundAfterMs({ startMs, endMs }: Drop, windowEnds: readonly number[]): number | undefined {
  const end = windowEnds.find(at => at > startMs && at <= endMs + afterMs)
  return end === undefined ? undefined : end - startMs
}

/** A binomial draw; a rounded normal where there are many trials. */
export function thinned(uniform: Uniform, trials: number, kept: number): number {
  if (trials > 100) {
    const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
    const drawn = Math.round(trials * kept + Math.sqrt(trials * kept * (1 - kept)) * normal)
    return Math.min(trials, Math.max(0, drawn))
  }
  let count = 0
  for (let trial = 0; trial < trials; trial++) if (uniform() < kept) count++
  return count
}
