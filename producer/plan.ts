import { demoKinds, type Incident, type IncidentKind, incidentKinds } from './incident.ts'
import { integer, type Uniform, uniformOf } from './random.ts'
import { drawSegment } from './segment.ts'
import { defaultShop, type Shop } from './shop.ts'

/** A stream to draw: the shop, the span of event time and the incidents. */
export interface Plan {
  readonly seed: number
  readonly shop: Shop
  readonly startMs: number
  readonly endMs: number
  /** In order of their start. */
  readonly incidents: readonly Incident[]
}

/** An incident as a label of the stream: a kind, [startMs, endMs), a depth, and a segment if it hit only one. */
export type Label = Omit<Incident, 'kind'> & { readonly kind: string }

export const scenarios = ['steady', ...incidentKinds, 'demo'] as const
export type Scenario = (typeof scenarios)[number]

const minuteMs = 60_000
const warmupMinutes = 60

export function labelsOf(plan: { readonly incidents: readonly Label[] }): readonly Label[] {
  return plan.incidents
}

/**
 * An hour of warm-up, then one incident of each of its kinds in an order drawn from the seed: 15 to 30 minutes long, 20 to 35
 * apart, 60 to 100 % deep; 30 quiet minutes at the end. The shop's clock says 9:30 at the start, so that it is open.
 */
export function demoPlan(seed: number, startMs: number, ordersPerMinute = 16): Plan {
  const uniform = uniformOf(seed, 'plan')
  const order = demoKinds.map(kind => ({ kind, at: uniform() })).sort((a, b) => a.at - b.at)
  const incidents: Incident[] = []
  let at = startMs + warmupMinutes * minuteMs
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
    ordersPerMinute,
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
  /** If given, not drawn: the incident's start after `startMs`, its length, its depth and its segment. */
  readonly incidentAfterMs?: number
  readonly incidentLengthMs?: number
  readonly depth?: number
  /** One of `segmentsOf` the scenario. */
  readonly segment?: string
}

/** One incident of the named kind, after a third of the stream at least; `steady` has none. */
export function scenarioPlan(options: ScenarioOptions): Plan {
  const { scenario, seed, startMs, durationMs } = options
  const shop = { ...defaultShop, ...options.shop }
  const endMs = startMs + durationMs
  if (scenario === 'steady') return { seed, shop, startMs, endMs, incidents: [] }
  const uniform = uniformOf(seed, 'plan')
  const drawnLengthMs = drawLength(scenario, uniform, durationMs)
  const drawnDepth = drawDepth(scenario, uniform)
  const share = uniform()
  const lengthMs = options.incidentLengthMs ?? drawnLengthMs
  const earliestMs = Math.min(Math.max(durationMs / 3, warmupMinutes * minuteMs), durationMs / 2)
  const roomMs = Math.max(0, durationMs - lengthMs - earliestMs)
  const afterMs = options.incidentAfterMs ?? Math.floor((earliestMs + share * roomMs) / 1_000) * 1_000
  const begin = startMs + afterMs
  const incident: Incident = {
    kind: scenario,
    startMs: begin,
    endMs: begin + lengthMs,
    depth: options.depth ?? drawnDepth,
    ...segmentOf(options.segment ?? drawSegment(scenario, seed))
  }
  return { seed, shop, startMs, endMs, incidents: [incident] }
}

/** An incident of this kind that begins at `startMs`; its length, depth and segment are drawn. */
export function drawIncident(kind: IncidentKind, uniform: Uniform, startMs: number): Incident {
  const lengthMs = drawLength(kind, uniform, Number.POSITIVE_INFINITY)
  const depth = drawDepth(kind, uniform)
  return { kind, startMs, endMs: startMs + lengthMs, depth, ...segmentOf(drawSegment(kind, startMs)) }
}

const segmentOf = (segment: string | undefined) => (segment === undefined ? {} : { segment })

/** 15 to 30 minutes; a leak takes three hours to show. Neither outgrows the stream. */
function drawLength(kind: IncidentKind, uniform: Uniform, durationMs: number): number {
  const drawnMs = integer(uniform, 15, 30) * minuteMs
  if (kind === 'slow_leak') return Math.min(180 * minuteMs, Math.floor(durationMs / 2))
  return Math.min(drawnMs, Math.floor(durationMs / 3))
}

/** 60 to 100 %; of records that come twice or late 20 to 60 %, since more is an outage; a leak takes 40 %. */
function drawDepth(kind: IncidentKind, uniform: Uniform): number {
  const drawn = integer(uniform, 60, 100) / 100
  if (kind === 'slow_leak') return 0.4
  return kind === 'duplicate_flood' || kind === 'late_burst' ? Math.round(drawn * 100 - 40) / 100 : drawn
}
