import { localOffset } from '../time/local-time.ts'
import { dayMs, hourMs } from '../time/units.ts'
import { zoneClock } from '../time/zone-clock.ts'

/** The time of one report. */
export interface Slot {
  /** The local day that the report is about: `2026-11-29`. */
  readonly date: string
  /** When it is due: at the hour of the next day. */
  readonly at: number
  /** The day's number, counted from 1970-01-01. */
  readonly day: number
}

export interface DailySchedule {
  /** IANA name. */
  readonly timezone: string
  /** Of the local day, 0 to 23. */
  readonly hour: number
}

/**
 * One slot for each local day, also where the clock is changed: an hour that is left out counts as the one behind it, of one
 * that comes twice the first counts.
 */
export function createSchedule({ timezone, hour }: DailySchedule) {
  const offsetAt = localOffset(timezone)
  const instantOf = zoneClock(timezone) ?? (localMs => localMs)

  const slotOf = (day: number): Slot => ({
    date: new Date(day * dayMs).toISOString().slice(0, 10),
    at: instantOf((day + 1) * dayMs + hour * hourMs),
    day
  })

  const today = (nowMs: number) => Math.floor((nowMs + offsetAt(nowMs)) / dayMs)

  /** The last one that is due. */
  function latest(nowMs: number): Slot {
    const slot = slotOf(today(nowMs) - 1)
    return slot.at <= nowMs ? slot : slotOf(slot.day - 1)
  }

  return {
    latest,
    next: (nowMs: number): Slot => slotOf(latest(nowMs).day + 1),
    slotOf,
    /** When a local day begins. */
    startOf: (day: number): number => instantOf(day * dayMs)
  }
}

export type Schedule = ReturnType<typeof createSchedule>

/** The number of a day written as `2026-11-29`; undefined where there is none. */
export function dayOfDate(date: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN
  // There is no 30th of February.
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(date) ? ms / dayMs : undefined
}
