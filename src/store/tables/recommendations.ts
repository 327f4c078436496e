import { z } from 'zod'
import { type Severity, severities } from '../../../detectors/types.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import { dateTime, maybeDateTime, type Table } from './table.ts'

/** Something that could be saved. Times in milliseconds since the epoch, amounts in units of the currency. */
export interface Recommendation {
  readonly id: string
  readonly pipeline: string
  readonly kind: 'idle_gpu'
  readonly resource: string
  /** Null where no row says it. */
  readonly gpu: string | null
  readonly provider: string | null
  readonly model: string | null
  readonly severity: Severity
  /** Where its first idle day began. */
  readonly since: number
  readonly lastSeen: number
  /** A share. */
  readonly meanUtilization: number
  readonly dailyCost: number
  readonly monthlySavings: number
  readonly currency: string
  /** When it was seen to work again, or to be gone; null while it is open. */
  readonly endedAt: number | null
  /** The version of its row. */
  readonly evaluatedAt: number
}

const columns = {
  id: ({ id }) => id,
  pipeline: ({ pipeline }) => pipeline,
  kind: ({ kind }) => kind,
  resource: ({ resource }) => resource,
  gpu: ({ gpu }) => gpu,
  provider: ({ provider }) => provider,
  model: ({ model }) => model,
  severity: ({ severity }) => severity,
  status: ({ endedAt }) => (endedAt === null ? 'open' : 'ended'),
  since: ({ since }) => dateTime(since),
  last_seen: ({ lastSeen }) => dateTime(lastSeen),
  mean_utilization: ({ meanUtilization }) => meanUtilization,
  daily_cost: ({ dailyCost }) => dailyCost,
  monthly_savings: ({ monthlySavings }) => monthlySavings,
  currency: ({ currency }) => currency,
  ended_at: ({ endedAt }) => maybeDateTime(endedAt),
  evaluated_at: ({ evaluatedAt }) => dateTime(evaluatedAt)
} satisfies Table<Recommendation>['columns']

const recommendationTable = { name: 'recommendations', columns }

const name = z.string().nullable()
const openLine = z.tuple([
  z.string(),
  z.string(),
  name,
  name,
  name,
  z.enum(severities),
  ...([z.number(), z.number(), z.number(), z.number(), z.number()] as const),
  z.string(),
  z.number()
])

type RecommendationCalls = Pick<Store, 'insertRecommendations' | 'openRecommendations'>

export const recommendationCalls = ({ database, insert, select }: Requests): RecommendationCalls => ({
  insertRecommendations: recommendations => insert(recommendationTable, recommendations),

  openRecommendations: pipeline =>
    select(
      `SELECT id, resource, gpu, provider, model, severity, toUnixTimestamp64Milli(since),
          toUnixTimestamp64Milli(last_seen), mean_utilization, daily_cost, monthly_savings, currency,
          toUnixTimestamp64Milli(evaluated_at)
        FROM ${database}.recommendations FINAL
        WHERE pipeline = {pipeline:String} AND kind = 'idle_gpu' AND status = 'open'
        ORDER BY monthly_savings DESC, resource`,
      { pipeline },
      (line): Recommendation => {
        const [id, resource, gpu, provider, model, severity, since, lastSeen, ...amounts] = openLine.parse(
          JSON.parse(line)
        )
        const [meanUtilization, dailyCost, monthlySavings, currency, evaluatedAt] = amounts
        const names = { resource, gpu, provider, model }
        const figures = { meanUtilization, dailyCost, monthlySavings, currency }
        const times = { since, lastSeen, endedAt: null, evaluatedAt }
        return { id, pipeline, kind: 'idle_gpu', ...names, severity, ...figures, ...times }
      }
    )
})
