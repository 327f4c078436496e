import { dayMs, hourMs, minuteMs, secondMs } from '../time/units.ts'

const durations = [
  ['d', dayMs],
  ['h', hourMs],
  ['m', minuteMs],
  ['s', secondMs]
] as const

/** Writes milliseconds the way `parseDuration` reads them, in the largest unit that fits evenly: 90 s is `90s`. */
export function formatDuration(ms: number): string {
  const fit = durations.find(([, unitMs]) => ms > 0 && ms % unitMs === 0)
  return fit ? `${ms / fit[1]}${fit[0]}` : ms === 0 ? '0s' : `${ms}ms`
}

/** Writes a fraction as a percentage, without the dust of binary fractions. */
export function formatShare(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(12))}%`
}
