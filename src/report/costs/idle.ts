import { severityOf } from '../../../detectors/rules/severity.ts'
import { recommendationIdOf } from '../../incident/ids.ts'
import type { Recommendation } from '../../store/tables/recommendations.ts'
import type { ResourceUse } from '../../store/tables/resources.ts'
import type { Store } from '../../store/types.ts'
import { hourMs } from '../../time/units.ts'
import type { Schedule } from '../schedule.ts'
import type { CostSettings, IdleRule } from './settings.ts'

export type IdleStore = Pick<
  Store,
  'totals' | 'idleResources' | 'resourceDays' | 'resourceLabels' | 'openRecommendations'
>

export interface IdleQuestion {
  readonly pipeline: string
  readonly costs: CostSettings
  readonly rule: IdleRule
  readonly schedule: Pick<Schedule, 'startOf'>
  /** The last whole local day. */
  readonly day: number
  readonly nowMs: number
  readonly currency: string
  /** A day that is not stored in full is evaluated later. */
  readonly mayWait: boolean
}

export interface IdleAnswer {
  /** The one with the greatest savings first. */
  readonly open: readonly Recommendation[]
  /** No longer idle, or gone. */
  readonly ended: readonly Recommendation[]
  /** The last day is stored in full. */
  readonly isWhole: boolean
}

const daysOfMonth = 30
/** How far before the rule's days the first idle day is looked for. */
const lookBackDays = 30
/** A resource without a row for so long, while others have some, is gone. */
const goneMs = 3 * hourMs

/**
 * What is idle now. A new recommendation needs a measure of each day; one that is open stays while the days that are stored
 * show it, so that an outage of ours ends none. Undefined where nothing is stored of the last
 * day, or too little.
 */
export async function evaluateIdle(store: IdleStore, asked: IdleQuestion): Promise<IdleAnswer | undefined> {
  const { pipeline, costs, rule, schedule, day, nowMs, mayWait } = asked
  const bounds = boundsOf(schedule, day - rule.days + 1, day)
  const last = await store.totals(pipeline, bounds.slice(-2), [costs.cost])
  const coveredMs = last[0]?.coveredMs ?? 0
  const isWhole = coveredMs >= (bounds.at(-1) ?? 0) - (bounds.at(-2) ?? 0)
  if (coveredMs === 0 || (mayWait && !isWhole)) return undefined
  const before = await store.openRecommendations(pipeline)
  const known = new Map(before.map(one => [one.resource, one]))
  const found = await store.idleResources(pipeline, metricsOf(costs), { boundsMs: bounds, below: rule.below })
  const idle = found.filter(
    ({ resource, days, lastSeen, anyLastSeen }) =>
      anyLastSeen - lastSeen < goneMs && (days === rule.days || known.has(resource))
  )
  const sinceOf = await firstIdleDays(
    store,
    asked,
    idle.filter(({ resource }) => !known.has(resource))
  )
  const labelOf = await labelsOf(store, asked, bounds, idle)
  const open = idle.map(use =>
    recommendationOf(use, asked, {
      since: known.get(use.resource)?.since ?? sinceOf.get(use.resource) ?? bounds[0] ?? nowMs,
      label: name => labelOf.get(`${use.resource} ${name}`) ?? null
    })
  )
  const stillIdle = new Set(open.map(({ resource }) => resource))
  const ended = before.filter(({ resource }) => !stillIdle.has(resource))
  return {
    open: open.toSorted((one, other) => other.monthlySavings - one.monthlySavings),
    ended: ended.map(one => ({ ...one, endedAt: nowMs, evaluatedAt: nowMs })),
    isWhole
  }
}

const metricsOf = ({ cost, utilization, resource }: CostSettings) => ({
  cost,
  utilization,
  dimension: resource
})

/** Where the days from `first` to `last` begin, and where the last one ends. */
const boundsOf = (schedule: Pick<Schedule, 'startOf'>, first: number, last: number): number[] =>
  Array.from({ length: last - first + 2 }, (_, at) => schedule.startOf(first + at))

function recommendationOf(
  { resource, utilization, cost, days, lastSeen }: ResourceUse,
  { pipeline, costs, rule, currency, nowMs }: IdleQuestion,
  { since, label }: { since: number; label: (dimension: string) => string | null }
): Recommendation {
  const dailyCost = cost / days
  const monthlySavings = dailyCost * daysOfMonth
  return {
    id: recommendationIdOf(pipeline, 'idle_gpu', resource, since),
    ...{ pipeline, kind: 'idle_gpu', resource },
    gpu: label(costs.gpu),
    provider: label(costs.provider),
    model: label(costs.model),
    severity: severityOf('low', rule.raiseSavings, monthlySavings),
    ...{ since, lastSeen, meanUtilization: utilization, dailyCost, monthlySavings, currency },
    ...{ endedAt: null, evaluatedAt: nowMs }
  }
}

/** Back from the rule's days, day by day, while each is there and idle by itself. */
async function firstIdleDays(
  store: IdleStore,
  { pipeline, costs, rule, schedule, day }: IdleQuestion,
  idle: readonly ResourceUse[]
): Promise<ReadonlyMap<string, number>> {
  if (idle.length === 0) return new Map()
  const first = day - rule.days + 1 - lookBackDays
  const boundsMs = boundsOf(schedule, first, day - rule.days)
  const resources = idle.map(({ resource }) => resource)
  const days = await store.resourceDays(pipeline, metricsOf(costs), { boundsMs, resources })
  const idleDays = new Set(
    days.filter(({ utilization }) => utilization < rule.below).map(one => `${one.resource} ${one.day}`)
  )
  return new Map(
    resources.map(resource => {
      let since = lookBackDays
      while (since > 0 && idleDays.has(`${resource} ${since - 1}`)) since -= 1
      return [resource, schedule.startOf(first + since)]
    })
  )
}

/** By resource and dimension, on the last day. */
async function labelsOf(
  store: IdleStore,
  { pipeline, costs }: IdleQuestion,
  bounds: readonly number[],
  idle: readonly ResourceUse[]
): Promise<ReadonlyMap<string, string>> {
  if (idle.length === 0) return new Map()
  const found = await store.resourceLabels(pipeline, metricsOf(costs), {
    labels: [costs.gpu, costs.provider, costs.model],
    fromMs: bounds.at(-2) ?? 0,
    toMs: bounds.at(-1) ?? 0,
    resources: idle.map(({ resource }) => resource)
  })
  return new Map(found.map(({ resource, label, value }) => [`${resource} ${label}`, value]))
}
