import { mean, median } from 'simple-statistics'

/** What one past day says of a time of day. */
export interface DayRate {
  readonly rate: number
  /** What it was counted from: counts, in so many windows. */
  readonly count: number
  readonly windows: number
}

/** What is usual, in logarithms, and how far that may be wrong: a standard deviation. */
export interface Blend {
  readonly level: number
  readonly doubt: number
}

export interface BlendOptions {
  /** How far one day lies from another like it, in logarithms. */
  readonly daySpread: number
  /** Counts come in bunches of so many. */
  readonly bunch: number
}

/** The doubt about what few days say never grows beyond this. */
const greatestDoubt = 0.5

/** The median of the days; of one or two their mean. */
export function typical(days: readonly DayRate[]): number {
  const rates = days.map(({ rate }) => rate)
  return rates.length < 3 ? mean(rates) : median(rates)
}

/**
 * Moves `from` to what `days` say by as much as their distance is more than the luck of so few days and counts would
 * make it (James and Stein's shrinkage). What one or two days say alone stays in doubt.
 */
export function towards(from: Blend, days: readonly DayRate[], { daySpread, bunch }: BlendOptions): Blend {
  if (days.length === 0) return from
  const distance = Math.log(typical(days)) - from.level
  const counted = days.reduce((sum, { count }) => sum + count, 0)
  const luck = daySpread ** 2 / days.length + bunch / Math.max(1, counted)
  const step = distance * Math.max(0, 1 - luck / Math.max(distance ** 2, luck))
  const doubt = Math.min(greatestDoubt, Math.abs(step) / (1 + days.length ** 3))
  return { level: from.level + step, doubt: Math.hypot(from.doubt, doubt) }
}
