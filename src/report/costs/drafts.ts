import { isAbove } from '../../../detectors/rules/severity.ts'
import type { Severity } from '../../../detectors/types.ts'
import type { Language } from '../../language/language.ts'
import type { Recommendation } from '../../store/tables/recommendations.ts'
import type { ReportText } from '../text.ts'
import type { CostsReport, Draft, DraftOptions, DraftStore } from '../types.ts'
import { evaluateIdle, type IdleAnswer } from './idle.ts'
import { readCosts, savingsOf } from './summary.ts'
import { costText, idleText } from './text.ts'

/** What is idle, where anything of it is new: not told that day, or milder then. */
export async function draftIdle(
  { costs }: CostsReport,
  store: DraftStore,
  pipeline: string,
  options: DraftOptions
): Promise<Draft> {
  const { idle: rule } = costs
  const answer = await idleNow(costs, store, pipeline, options)
  if (rule === null || answer === undefined) return { text: null, isWhole: false }
  const { open, isWhole } = answer
  const told: Told = Object.assign({}, ...options.told.map(report => report.told))
  const isNew = ({ id, severity }: Recommendation) => {
    const before = told[id]
    return before === undefined || isAbove(severity, before)
  }
  const { nowMs, words } = options
  const now: Told = Object.fromEntries(open.map(({ id, severity }) => [id, severity]))
  const write = (language: Language): ReportText => ({
    ...idleText(pipeline, open, { rule, isNew, nowMs }, { ...words, language }),
    severity: open.reduce(worst, 'low'),
    told: now
  })
  return { text: open.some(isNew) ? write : null, isWhole, recommendations: [...open, ...answer.ended] }
}

type Told = Readonly<Record<string, Severity>>

const worst = (one: Severity, { severity }: Recommendation): Severity =>
  isAbove(severity, one) ? severity : one

export async function draftCosts(
  { costs }: CostsReport,
  store: DraftStore,
  pipeline: string,
  options: DraftOptions
): Promise<Draft> {
  const { schedule, slot, words } = options
  const figures = await readCosts(store, pipeline, costs, schedule, slot.day)
  const { coveredMs, lengthMs } = figures
  if (coveredMs === 0 || (options.mayWait && coveredMs < lengthMs)) return { text: null, isWhole: false }
  const answer = await idleNow(costs, store, pipeline, options)
  const open = answer?.open ?? (costs.idle === null ? null : await store.openRecommendations(pipeline))
  const savings = open && savingsOf(open)
  const text = (language: Language) => costText(pipeline, { ...figures, savings }, { ...words, language })
  const recommendations = answer && [...answer.open, ...answer.ended]
  return { text, isWhole: coveredMs >= lengthMs, ...(recommendations && { recommendations }) }
}

/** Undefined where nobody asks for it, or the report is about a day before the last one. */
async function idleNow(
  costs: CostsReport['costs'],
  store: DraftStore,
  pipeline: string,
  { schedule, slot, words, nowMs, mayWait }: DraftOptions
): Promise<IdleAnswer | undefined> {
  const { idle: rule } = costs
  const { day } = slot
  if (rule === null || schedule.startOf(day + 2) <= nowMs) return undefined
  return evaluateIdle(store, {
    ...{ pipeline, costs, rule, schedule, day, nowMs, mayWait },
    currency: words.currency
  })
}
