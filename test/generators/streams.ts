import type { Basket } from '../../producer/basket.ts'
import { demoKinds, type Incident, type IncidentKind } from '../../producer/incident.ts'
import { drawIncident, type Plan } from '../../producer/plan.ts'
import { integer, uniformOf } from '../../producer/random.ts'
import { defaultShop } from '../../producer/shop.ts'
import type { ScoredLabel } from '../../src/demo/score.ts'
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
  /** The market's week, and what its traffic is of that of the week before. */
  readonly week?: MarketWeekName
  readonly growth?: number
}

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
  return { minutes: totalsOf(plan), labels: plan.incidents, days: options.days, timezone: 'UTC' }
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Monday 2026-10-05 00:00 UTC. */
const weeksStartMs = Date.UTC(2026, 9, 5)

/** With incidents: one in every eight hours from the second day on. */
function weeksPlan({
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
