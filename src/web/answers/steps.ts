import { dayMs, hourMs, minuteMs } from '../../time/units.ts'

const minutes = [1, 2, 5, 10, 15, 30].map(count => count * minuteMs)
const hours = [1, 2, 3, 6, 12].map(count => count * hourMs)

/** The length of steps that gives at most so many of them: a window, or a time that people count in. */
export function stepOf(spanMs: number, points: number, windowMs: number): number {
  const lengths = [windowMs, ...minutes, ...hours, dayMs].filter(length => length % windowMs === 0)
  return lengths.find(length => spanMs / length <= points) ?? Math.ceil(spanMs / points / dayMs) * dayMs
}

/** The span in whole steps. */
export function alignedTo(stepMs: number, fromMs: number, toMs: number) {
  return {
    fromMs: Math.floor(fromMs / stepMs) * stepMs,
    toMs: Math.max(Math.ceil(toMs / stepMs), Math.floor(fromMs / stepMs) + 1) * stepMs
  }
}
