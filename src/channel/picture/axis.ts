import { localOffset } from '../../time/local-time.ts'
import { dayMs, hourMs, minuteMs } from '../../time/units.ts'

export interface ValueAxis {
  readonly from: number
  readonly to: number
  readonly step: number
  readonly ticks: readonly number[]
}

const fewestTicks = 4

/** Round numbers over a span of values. */
export function valueAxis(least: number, greatest: number): ValueAxis {
  const from = least >= 0 && least < greatest / 2 ? 0 : least
  const reach = greatest - from || Math.abs(greatest) || 1
  const power = 10 ** Math.floor(Math.log10(reach / fewestTicks))
  const step = [5, 2, 1].map(one => one * power).find(one => reach / one >= fewestTicks - 1) ?? power
  const first = Math.floor(from / step)
  const last = Math.max(Math.ceil((from + reach) / step), first + 1)
  // A product of whole numbers and the step, so that no error adds up.
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step)
  return { from: first * step, to: last * step, step, ticks }
}

const finestMs = 15 * minuteMs
const stepsMs = [
  ...[5, 10, 15, 30].map(minutes => minutes * minuteMs),
  ...[1, 2, 3, 6, 12].map(hours => hours * hourMs),
  ...[1, 2, 7, 14].map(days => days * dayMs)
]

export interface TimeAxis {
  readonly stepMs: number
  readonly ticks: readonly number[]
}

/** Times that are round on the wall clock of a zone, about as many as named or fewer. */
export function timeAxis(fromMs: number, toMs: number, timezone: string, most: number): TimeAxis {
  const stepMs = stepsMs.find(step => (toMs - fromMs) / step <= most) ?? toMs - fromMs
  // Offsets of zones are whole quarters of an hour.
  const everyMs = Math.min(stepMs, finestMs)
  const offsetAt = localOffset(timezone)
  const ticks: number[] = []
  for (let at = Math.ceil(fromMs / everyMs) * everyMs; at <= toMs; at += everyMs)
    if ((at + offsetAt(at)) % stepMs === 0) ticks.push(at)
  return { stepMs, ticks }
}
