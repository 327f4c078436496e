import type { SpanTotal } from '../store/types.ts'

/** What is stored of one local day. */
export interface DayFigures {
  /** Counted from 1970-01-01. */
  readonly day: number
  readonly lengthMs: number
  /** Of its windows that are stored. */
  readonly coveredMs: number
  readonly revenue: number
  readonly orders: number
}

export interface Change {
  /** 0.05 is 5 % more; null where nothing is there to compare with. */
  readonly share: number | null
  /** The days of the period that could be compared. */
  readonly days: number
}

export interface Period {
  readonly days: number
  /** Those of which something is stored. */
  readonly storedDays: number
  readonly revenue: number
  readonly orders: number
  readonly revenueChange: Change
  readonly ordersChange: Change
}

/** Each day is compared with the mean of the same weekday in so many weeks before the period. */
export const weeksBefore = 4

/** A day with less of it stored says little: the first one, or one with an outage of ours. */
const wholeShare = 0.95

const isWhole = ({ coveredMs, lengthMs }: DayFigures): boolean => coveredMs >= wholeShare * lengthMs

/** The figures of `days` days up to and including the day `last`. */
export function periodOf(all: ReadonlyMap<number, DayFigures>, last: number, days: number): Period {
  const first = last - days + 1
  const own = Array.from({ length: days }, (_, at) => all.get(first + at)).filter(day => day !== undefined)
  const stored = own.filter(({ coveredMs }) => coveredMs > 0)
  const sum = (name: 'revenue' | 'orders') => stored.reduce((before, day) => before + day[name], 0)

  function changeOf(name: 'revenue' | 'orders'): Change {
    let actual = 0
    let usual = 0
    let compared = 0
    for (const day of stored.filter(isWhole)) {
      const before = sameWeekdays(all, day.day, first)
      if (before.length === 0) continue
      compared += 1
      actual += day[name]
      usual += before.reduce((total, one) => total + one[name], 0) / before.length
    }
    return { share: usual > 0 ? actual / usual - 1 : null, days: compared }
  }

  return {
    days,
    storedDays: stored.length,
    revenue: sum('revenue'),
    orders: sum('orders'),
    revenueChange: changeOf('revenue'),
    ordersChange: changeOf('orders')
  }
}

/** The same weekdays in the weeks before `first`, as far as they are whole. */
function sameWeekdays(all: ReadonlyMap<number, DayFigures>, day: number, first: number): DayFigures[] {
  const nearest = day - 7 * Math.floor((day - first) / 7 + 1)
  const days = Array.from({ length: weeksBefore }, (_, week) => all.get(nearest - 7 * week))
  return days.filter(one => one !== undefined).filter(isWhole)
}

/** A share of two sums, null without a denominator. */
export function shareOf(totals: readonly SpanTotal[], metric: string): number | null {
  const numerator = totals.reduce((sum, one) => sum + (one.metric === metric ? one.numerator : 0), 0)
  const denominator = totals.reduce((sum, one) => sum + (one.metric === metric ? one.denominator : 0), 0)
  return denominator > 0 ? numerator / denominator : null
}
