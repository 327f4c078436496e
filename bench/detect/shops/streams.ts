import { eventsOf } from '../../../producer/events.ts'
import { type IncidentKind, incidentKinds } from '../../../producer/incident.ts'
import type { Label } from '../../../producer/plan.ts'
import { uniformOf } from '../../../producer/random.ts'
import { ordersPerSession } from '../../../producer/shop.ts'
import { marketTotals, visitsPerOrder } from '../../../test/generators/market.ts'
import { marketEvents } from '../../../test/generators/market-events.ts'
import { marketPlan } from '../../../test/generators/market-plan.ts'
import { weeksPlan } from '../../../test/generators/streams.ts'
import { drawFaults, drops, faults } from './faults.ts'
import { funnelLines } from './funnel.ts'

/** A fault under the name of its row. */
export interface Named extends Omit<Label, 'depth'> {
  readonly name: string
}

export interface LabelledStream {
  /** Lines of cartwatch's own layout, in order of arrival. */
  readonly lines: Iterable<string>
  readonly labels: readonly Named[]
  readonly days: number
  readonly timezone: string
  /** Events that a fault took away, changed or added, once the lines are read; undefined where nobody counts them. */
  touched(label: Named): number | undefined
}

export interface StreamOptions {
  readonly seed: number
  readonly visitsPerMinute: number
  readonly days: number
}

type MakeStream = (options: StreamOptions) => LabelledStream

/** The producer's faults; a flash sale is none. */
const producerKinds: readonly IncidentKind[] = incidentKinds.filter(kind => kind !== 'flash_sale')
/** 2026-09-07 00:00 in Berlin, a Monday. */
const funnelStartMs = Date.UTC(2026, 8, 6, 22)
export const funnelTimezone = 'Europe/Berlin'

/** Three ways to make a shop that have nothing in common but the layout of their events. */
export const streams = {
  funnel({ seed, visitsPerMinute, days }) {
    const counts = new Map<Named, number>()
    const drawn = drawFaults(uniformOf(seed, 'faults'), funnelStartMs, { ...faults, ...drops })
    const own = { seed, visitsPerMinute, days, startMs: funnelStartMs, timezone: funnelTimezone }
    return {
      lines: funnelLines({ ...own, faults: drawn }, fault => {
        counts.set(fault, (counts.get(fault) ?? 0) + 1)
      }),
      labels: drawn,
      days,
      timezone: funnelTimezone,
      touched: label => counts.get(label) ?? 0
    }
  },
  producer({ seed, visitsPerMinute, days }) {
    const plan = weeksPlan({
      seed,
      ordersPerMinute: visitsPerMinute * ordersPerSession,
      days,
      incidents: true,
      kinds: producerKinds
    })
    return {
      lines: linesOf(eventsOf(plan)),
      labels: plan.incidents.map(incident => ({ ...incident, name: incident.kind })),
      days,
      timezone: 'UTC',
      touched: () => undefined
    }
  },
  market({ seed, visitsPerMinute, days }) {
    const ordersPerMinute = visitsPerMinute / visitsPerOrder
    const plan = marketPlan({ seed, ordersPerMinute, days, incidents: true })
    return {
      lines: linesOf(marketEvents(seed, marketTotals(plan))),
      labels: plan.incidents.map(incident => ({ ...incident, name: incident.kind })),
      days,
      timezone: plan.timeZone,
      touched: () => undefined
    }
  }
} satisfies Record<string, MakeStream>
export type StreamName = keyof typeof streams

function* linesOf(records: Iterable<{ readonly line: string }>): Generator<string> {
  for (const { line } of records) yield line
}
