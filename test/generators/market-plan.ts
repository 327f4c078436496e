import { integer, uniformOf } from '../../producer/random.ts'
import { type Market, type MarketIncident, marketIncidentKinds, minuteMs } from './market.ts'
import { localTimes, type MarketWeekName, marketWeeks } from './market-day.ts'

export interface MarketOptions {
  readonly seed: number
  readonly ordersPerMinute: number
  /** Without them only the promotion day happens. */
  readonly incidents: boolean
  readonly days?: number
  readonly week?: MarketWeekName
  /** What a week's traffic is of that of the week before. */
  readonly growth?: number
}

/** 2026-03-16 00:00 UTC, a Monday: summer time begins in Berlin on the second Sunday of the stream. */
export const marketStartMs = Date.UTC(2026, 2, 16)

/**
 * Three weeks in Berlin with a promotion in the third one. With incidents, two of each kind from the fourth day on,
 * one a day, while the shop is open: an hour or two long, so that a shop of one order a minute can show them.
 */
export function marketPlan({
  seed,
  ordersPerMinute,
  incidents,
  days = 21,
  week = 'usual',
  growth = 1
}: MarketOptions): Market {
  const timeZone = 'Europe/Berlin'
  const promotionDay = 17
  return {
    seed,
    ordersPerMinute,
    startMs: marketStartMs,
    days,
    timeZone,
    week: marketWeeks[week],
    growth,
    promotionDay,
    incidents: incidents ? drawIncidents(seed, timeZone, promotionDay) : []
  }
}

function drawIncidents(seed: number, timeZone: string, promotionDay: number): MarketIncident[] {
  const uniform = uniformOf(seed, 'market plan')
  const localTime = localTimes(timeZone)
  const kinds = [...marketIncidentKinds, ...marketIncidentKinds]
    .map(kind => ({ kind, at: uniform() }))
    .sort((a, b) => a.at - b.at)
  const days = Array.from({ length: 17 }, (_, index) => index + 4).filter(day => day !== promotionDay)
  return kinds.map(({ kind }, index) => {
    const midnightMs = marketStartMs + (days[index] as number) * 1_440 * minuteMs
    const openingMs = midnightMs + (10 - localTime(midnightMs).hours) * 3_600_000
    const startMs = openingMs + integer(uniform, 0, 9 * 60) * minuteMs
    const endMs = startMs + integer(uniform, 60, 120) * minuteMs
    return { kind, startMs, endMs, depth: depthOf[kind](uniform()), divisor: uniform() < 0.5 ? 10 : 100 }
  })
}

const depthOf: Readonly<Record<MarketIncident['kind'], (drawn: number) => number>> = {
  outage: () => 1,
  flood: drawn => 1.5 + 4 * drawn,
  collapse: drawn => 0.8 + 0.2 * drawn,
  gap: () => 1,
  price_fault: drawn => 0.5 + 0.5 * drawn,
  missing_prices: drawn => 0.5 + 0.5 * drawn
}
