import { localOffset } from '../../src/time/local-time.ts'
import { dayMs, hourMs } from '../../src/time/units.ts'
import { zoneClock } from '../../src/time/zone-clock.ts'

/** The days and hours of a time zone, through changes of its summer time. */
export interface LocalDays {
  /** The day of an instant, counted from that of the epoch. */
  dayOf(atMs: number): number
  /** The instant at which a day begins. */
  startOf(day: number): number
  /** `2026-03-29`. */
  dateOf(day: number): string
  /** The full hours that struck in (fromMs, toMs], at most an hour apart: none, or the one, from 0 to 23. */
  struck(fromMs: number, toMs: number): number | undefined
  /** `14:05`. */
  timeOf(atMs: number): string
}

export function createLocalDays(timezone: string): LocalDays {
  const offsetAt = localOffset(timezone)
  const instantOf = zoneClock(timezone) ?? (localMs => localMs)
  const localAt = (atMs: number) => atMs + offsetAt(atMs)
  return {
    dayOf: atMs => Math.floor(localAt(atMs) / dayMs),
    startOf: day => instantOf(day * dayMs),
    dateOf: day => new Date(day * dayMs).toISOString().slice(0, 10),
    struck(fromMs, toMs) {
      const now = localAt(toMs)
      const sinceFull = ((now % hourMs) + hourMs) % hourMs
      return sinceFull < toMs - fromMs ? Math.floor((((now % dayMs) + dayMs) % dayMs) / hourMs) : undefined
    },
    timeOf: atMs => new Date(localAt(atMs)).toISOString().slice(11, 16)
  }
}
