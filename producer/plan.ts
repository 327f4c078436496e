import { type Incident, type IncidentKind, incidentKinds } from './incident.ts'
import { integer, uniformOf } from './random.ts'
import { defaultShop, type Shop } from './shop.ts'

/** A stream to be drawn: the shop, the span of event time and what is done to it. */
export interface Plan {
  readonly seed: number
  readonly shop: Shop
  readonly startMs: number
  readonly endMs: number
  /** In order of their start. */
  readonly incidents: readonly Incident[]
}

/** What was done to the stream: a kind, [startMs, endMs) and a depth. */
export type Label = Incident

export const scenarios = ['steady', ...incidentKinds, 'demo'] as const
export type Scenario = (typeof scenarios)[number]

const minuteMs = 60_000
const warmupMinutes = 60

export function labelsOf(plan: Plan): readonly Label[] {
  return plan.incidents
}

export interface DemoOptions {
  readonly ordersPerMinute?: number
  readonly warmupMinutes?: number
}

/**
 * An hour of warm-up, then one incident of each kind in an order drawn from the seed: 15 to 30 minutes long, 20 to 35
 * apart, 60 to 100 % deep; 30 quiet minutes at the end. The shop's clock says 9:30 at the start, so that it is open.
 */
export function demoPlan(seed: number, startMs: number, options: DemoOptions = {}): Plan {
  const uniform = uniformOf(seed, 'plan')
  const order = incidentKinds.map(kind => ({ kind, at: uniform() })).sort((a, b) => a.at - b.at)
  const incidents: Incident[] = []
  let at = startMs + (options.warmupMinutes ?? warmupMinutes) * minuteMs
  for (const { kind } of order) {
    const begin = at + integer(uniform, 0, 15 * 60) * 1_000
    const end = begin + integer(uniform, 15 * 60, 30 * 60) * 1_000
    incidents.push({ kind, startMs: begin, endMs: end, depth: integer(uniform, 60, 100) / 100 })
    at = end + 20 * minuteMs
  }
  const minuteOfDay = Math.floor(startMs / minuteMs) % 1_440
  const eastward = (((9 * 60 + 30 - minuteOfDay) % 1_440) + 1_440) % 1_440
  const shop = {
    ...defaultShop,
    ordersPerMinute: options.ordersPerMinute ?? 16,
    timezoneOffsetMinutes: eastward > 840 ? eastward - 1_440 : eastward
  }
  return { seed, shop, startMs, endMs: at + 10 * minuteMs, incidents }
}

export interface ScenarioOptions {
  readonly scenario: Exclude<Scenario, 'demo'>
  readonly seed: number
  readonly startMs: number
  readonly durationMs: number
  readonly shop?: Partial<Shop>
  /** Given instead of drawn: the incident's start after `startMs`, its length and its depth. */
  readonly incidentAfterMs?: number
  readonly incidentLengthMs?: number
  readonly depth?: number
}

/** One incident of the named kind, after a third of the stream at least; `steady` has none. */
export function scenarioPlan(options: ScenarioOptions): Plan {
  const { seed, startMs, durationMs } = options
  const shop = { ...defaultShop, ...options.shop }
  const endMs = startMs + durationMs
  if (options.scenario === 'steady') return { seed, shop, startMs, endMs, incidents: [] }
  const uniform = uniformOf(seed, 'plan')
  const drawnLengthMs = Math.min(integer(uniform, 15, 30) * minuteMs, Math.floor(durationMs / 3))
  const drawnDepth = integer(uniform, 60, 100) / 100
  const share = uniform()
  const lengthMs = options.incidentLengthMs ?? drawnLengthMs
  const earliestMs = Math.min(Math.max(durationMs / 3, warmupMinutes * minuteMs), durationMs / 2)
  const roomMs = Math.max(0, durationMs - lengthMs - earliestMs)
  const afterMs = options.incidentAfterMs ?? Math.floor((earliestMs + share * roomMs) / 1_000) * 1_000
  const begin = startMs + afterMs
  const incident = incidentOf(options.scenario, begin, begin + lengthMs, options.depth ?? drawnDepth)
  return { seed, shop, startMs, endMs, incidents: [incident] }
}

function incidentOf(kind: IncidentKind, startMs: number, endMs: number, depth: number): Incident {
  return { kind, startMs, endMs, depth }
}
