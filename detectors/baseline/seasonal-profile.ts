import { dayMs } from '../../src/time/units.ts'
import { towards, typical } from '../stats/shrinkage.ts'
import { createPastDays, type IsLike, type PastDaysOptions } from './past-days.ts'

/** What days are compared with: the others, those of the same weekday, or both blended; or nothing. */
export const seasons = ['both', 'day', 'week', 'none'] as const
export type Season = (typeof seasons)[number]

export interface ProfileOptions extends PastDaysOptions {
  readonly season: Season
  /** How far one day lies from another like it, in logarithms. */
  readonly daySpread: number
}

/** How well days like this one are known: `weekday` where its weekday is, `half` where only its half of the week is. */
export type Familiarity = 'weekday' | 'half' | 'none'

/** What is usual at one moment. */
export interface Usual {
  /** Count of one window. */
  readonly rate: number
  /** How far the rate may be wrong, in logarithms: for want of days like this one, and where the curve is steep. */
  readonly curveSd: number
  readonly familiarity: Familiarity
}

const daysPerWeek = 7
/** The curve of a day may come early or late, by this share of a bin. */
const curveTiming = 0.6

interface Bin {
  readonly rate: number
  readonly doubt: number
  readonly familiarity: Familiarity
}

const unknown: Bin = { rate: Number.NaN, doubt: 0, familiarity: 'none' }
const everyDay: IsLike = () => true
const sameWeekday: IsLike = ago => ago % daysPerWeek === 0

/**
 * The usual rate at each time of the day and of the week. Times are local: instant plus offset.
 *
 * It is that of past days at the same time of day, moved towards that of the same half of the week and of the same
 * weekday by how surely these differ. Between the middles of bins the rate runs straight.
 */
export function createProfile(options: ProfileOptions) {
  const { season, binMs } = options
  const binsPerDay = Math.round(dayMs / binMs)
  const past = createPastDays(options)
  const known = new Map<number, Bin>()

  function usualOf(bin: number): Bin {
    if (season === 'none') return unknown
    if (season === 'both') return blended(bin)
    const rates = past.ratesOf(bin, season === 'week' ? sameWeekday : everyDay)
    return rates.length === 0 ? unknown : { rate: typical(rates), doubt: 0, familiarity: 'weekday' }
  }

  function blended(bin: number): Bin {
    const ofDays = past.ratesOf(bin, everyDay)
    if (ofDays.length === 0) return unknown
    const today = Math.floor(bin / binsPerDay)
    const ofHalf = past.ratesOf(bin, ago => isWeekend(today - ago) === isWeekend(today))
    const ofWeekday = past.ratesOf(bin, sameWeekday)
    const level = Math.log(typical(ofDays))
    const off = ofWeekday.length === 0 ? past.dayOff(bin, sameWeekday) : undefined
    const doubt = off === undefined ? 0 : Math.abs(Math.log(off) - level)
    const blend = towards(towards({ level, doubt }, ofHalf, options), ofWeekday, options)
    const familiarity = ofWeekday.length > 0 ? 'weekday' : ofHalf.length > 0 ? 'half' : 'none'
    return { rate: Math.exp(blend.level), doubt: blend.doubt, familiarity }
  }

  function usual(bin: number): Bin {
    const before = known.get(bin)
    if (before) return before
    if (known.size > 2 * binsPerDay) known.clear()
    const fresh = usualOf(bin)
    known.set(bin, fresh)
    return fresh
  }

  /** How much the logarithm of the rate changes at most from bin to bin around this one. */
  function steepness(bin: number): number {
    let steepest = 0
    for (let i = bin - 2; i <= bin; i += 1) {
      const change = Math.abs(Math.log(usual(i + 1).rate / usual(i).rate))
      if (change > steepest) steepest = change
    }
    return steepest
  }

  return {
    /** Adds one window's count to the day it belongs to; `isUsual` is false for one that was part of a finding. */
    add(localMs: number, count: number, isUsual: boolean): void {
      past.add(Math.floor(localMs / binMs), count, !isUsual)
    },
    /** Undefined where there are no days before that it can be compared with. */
    at(localMs: number): Usual | undefined {
      if (past.isEmpty()) return undefined
      const bin = Math.floor(localMs / binMs)
      const place = localMs / binMs - bin - 0.5
      const own = usual(bin)
      const next = usual(place < 0 ? bin - 1 : bin + 1)
      const rate = own.rate + (next.rate - own.rate) * Math.abs(place)
      if (Number.isNaN(rate)) return undefined
      const curveSd = Math.hypot(own.doubt, steepness(bin) * curveTiming)
      return { rate, curveSd, familiarity: own.familiarity }
    }
  }
}

/** Days are counted from the epoch, a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (day + 4) % daysPerWeek
  return weekday === 0 || weekday === 6
}

export type Profile = ReturnType<typeof createProfile>
