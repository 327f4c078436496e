import { isAbove } from '../../../detectors/rules/severity.ts'
import type { Recommendation } from '../../store/tables/recommendations.ts'
import type { SegmentTotal, Store } from '../../store/types.ts'
import type { Schedule } from '../schedule.ts'
import type { CostSettings } from './settings.ts'

/** What a cost summary says, before it is written. */
export interface CostFigures {
  /** The day it is about, counted from 1970-01-01. */
  readonly day: number
  readonly lengthMs: number
  /** Of that day, what is stored. */
  readonly coveredMs: number
  /** Yesterday, 7 and 30 days. */
  readonly periods: readonly [CostPeriod, CostPeriod, CostPeriod]
  /** The models with the greatest cost on that day. */
  readonly models: readonly SegmentTotal[]
  /** Null where nobody asks for idle resources. */
  readonly savings: { readonly monthly: number; readonly high: number } | null
}

interface CostPeriod {
  readonly days: number
  /** Those of which something is stored. */
  readonly storedDays: number
  readonly cost: number
}

export type CostStore = Pick<Store, 'totals' | 'segmentTotals'>

const longestDays = 30
const mostModels = 5

/** Reads what a cost summary is about. Rejects with the store's error. */
export async function readCosts(
  store: CostStore,
  pipeline: string,
  { cost, model }: CostSettings,
  schedule: Pick<Schedule, 'startOf'>,
  day: number
): Promise<Omit<CostFigures, 'savings'>> {
  const first = day - longestDays + 1
  const bounds = Array.from({ length: longestDays + 1 }, (_, at) => schedule.startOf(first + at))
  const [fromMs = 0, toMs = 0] = bounds.slice(-2)
  const totals = await store.totals(pipeline, bounds, [cost])
  const models = await store.segmentTotals(pipeline, {
    ...{ metric: cost, dimension: model, fromMs, toMs },
    limit: mostModels
  })
  const periodOf = (days: number): CostPeriod => {
    const own = totals.filter(({ span, coveredMs }) => span >= longestDays - days && coveredMs > 0)
    return { days, storedDays: own.length, cost: own.reduce((sum, { numerator }) => sum + numerator, 0) }
  }
  return {
    day,
    lengthMs: toMs - fromMs,
    coveredMs: totals.find(({ span }) => span === longestDays - 1)?.coveredMs ?? 0,
    periods: [periodOf(1), periodOf(7), periodOf(longestDays)],
    models
  }
}

export const savingsOf = (open: readonly Recommendation[]): NonNullable<CostFigures['savings']> => ({
  monthly: open.reduce((sum, { monthlySavings }) => sum + monthlySavings, 0),
  high: open.filter(({ severity }) => isAbove(severity, 'medium')).length
})
