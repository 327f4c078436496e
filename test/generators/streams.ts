import type { Basket } from '../../producer/basket.ts'
import { demoKinds, type Incident, type IncidentKind } from '../../producer/incident.ts'
import { drawIncident, type Plan } from '../../producer/plan.ts'
import { integer, uniformOf } from '../../producer/random.ts'
import { defaultShop, type Shop } from '../../producer/shop.ts'
import type { ScoredLabel } from '../../src/demo/score.ts'
import { withAbroad } from './abroad.ts'
import { withLaterRefunds } from './later-refunds.ts'
import { marketTotals } from './market.ts'
import type { MarketWeekName } from './market-day.ts'
import { marketPlan } from './market-plan.ts'
import { type MinuteTotals, totalsOf } from './totals/totals.ts'

/** Weeks of a shop, minute by minute, with what was done to them. */
export interface Stream {
  readonly minutes: Iterable<MinuteTotals>
  readonly labels: readonly ScoredLabel[]
  readonly days: number
  readonly timezone: string
}

export interface StreamOptions {
  readonly seed: number
  readonly ordersPerMinute: number
  readonly days: number
  readonly incidents: boolean
  /** Of the producer's incidents; those of the demo where none are given. */
  readonly kinds?: readonly IncidentKind[]
  /** The bound within which the producer's level wanders; its own where it is not given. */
  readonly wander?: number
  /** What the orders of the producer's shop are made of; its own where it is not given. */
  readonly basket?: Basket
  /** What its weeks are like; steady where it is not given. */
  readonly weeks?: WeeksName
  /** The market's week, and what its traffic is of that of the week before. */
  readonly week?: MarketWeekName
  readonly growth?: number
}

/**
 * Weeks of the producer's shop: `promotions` are three days of a sale, with refunds days after each; `abroad`, at night
 * most visitors come from another country, where few of them buy.
 */
export const weeksNames = ['steady', 'promotions', 'abroad'] as const
export type WeeksName = (typeof weeksNames)[number]

export type Generator = 'producer' | 'market'

/** The shop of the fixture producer, or the market. */
export function streamOf(generator: Generator, options: StreamOptions): Stream {
  if (generator === 'market') {
    const market = marketPlan(options)
    return {
      minutes: marketTotals(market),
      labels: market.incidents,
      days: market.days,
      timezone: market.timeZone
    }
  }
  const plan = weeksPlan(options)
  return {
    minutes: minutesOf(plan, options.weeks ?? 'steady'),
    labels: plan.incidents,
    days: options.days,
    timezone: 'UTC'
  }
}

function minutesOf(plan: Plan, weeks: WeeksName): Iterable<MinuteTotals> {
  switch (weeks) {
    case 'steady':
      return totalsOf(plan)
    case 'promotions':
      return withLaterRefunds(
        plan.seed,
        totalsOf({ ...plan, incidents: [...plan.incidents, ...sales(plan)] })
      )
    case 'abroad': {
      const part = (share: number, isAbroad: boolean, more: number) =>
        totalsOf({ ...plan, seed: plan.seed + more, shop: partOf(plan.shop, share, isAbroad) })
      return withAbroad(part(0.85, false, 0), part(0.15, true, 1_000), part(0.25, true, 2_000))
    }
    default:
      return weeks satisfies never
  }
}

/** From 8 to 22 on three days, with up to three times the visitors: good days, and no incidents. */
function sales({ startMs, endMs }: Plan): readonly Incident[] {
  return saleDays.flatMap(([day, depth]): Incident[] => {
    const fromMs = startMs + (24 * day + 8) * hourMs
    const toMs = fromMs + 14 * hourMs
    return toMs < endMs ? [{ kind: 'flash_sale', startMs: fromMs, endMs: toMs, depth }] : []
  })
}

const saleDays: readonly (readonly [day: number, depth: number])[] = [
  [9, 0.9],
  [16, 2],
  [22, 1.2]
]

/** Abroad the day begins nine hours later. */
const partOf = (shop: Shop, share: number, isAbroad: boolean): Shop => ({
  ...shop,
  ordersPerMinute: share * shop.ordersPerMinute,
  timezoneOffsetMinutes: shop.timezoneOffsetMinutes - (isAbroad ? 9 * 60 : 0)
})

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Monday 2026-10-05 00:00 UTC. */
const weeksStartMs = Date.UTC(2026, 9, 5)

/** With incidents: one in every eight hours from the second day on. */
export function weeksPlan({
  seed,
  ordersPerMinute,
  days,
  incidents,
  wander,
  basket,
  kinds = demoKinds
}: StreamOptions): Plan {
  const uniform = uniformOf(seed, 'weeks')
  const slots = incidents ? Math.max(0, days - 1) * 3 : 0
  const drawn: Incident[] = []
  for (let slot = 0; slot < slots; slot += 1) {
    const startMs = weeksStartMs + (24 + slot * 8) * hourMs + integer(uniform, 0, 300) * minuteMs
    const kind = kinds[integer(uniform, 0, kinds.length - 1)] as IncidentKind
    drawn.push(drawIncident(kind, uniform, startMs))
  }
  return {
    seed,
    shop: {
      ...defaultShop,
      ordersPerMinute,
      wander: wander ?? defaultShop.wander,
      basket: basket ?? defaultShop.basket
    },
    startMs: weeksStartMs,
    endMs: weeksStartMs + days * 24 * hourMs,
    incidents: drawn
  }
}
