import { metricThreshold } from '../../../detectors/kinds/metric-threshold.ts'
import { severityOf } from '../../../detectors/rules/severity.ts'
import { againstThreshold, shareBeyond } from '../../../detectors/thresholds/details-text.ts'
import { thresholdFacts } from '../../channel/message/threshold-facts.ts'
import type { Language } from '../../language/language.ts'
import { translator } from '../../language/translator.ts'
import type { Store } from '../../store/types.ts'
import type { ReportText } from '../text.ts'
import type { BurnReport, Draft, DraftOptions } from '../types.ts'
import type { ReportWords } from '../words.ts'
import type { Budget } from './settings.ts'

/** What a local day has cost so far against its budget, over it or under it. */
export async function draftBurnRate(
  { costs, budget }: BurnReport,
  store: Pick<Store, 'totals'>,
  pipeline: string,
  { schedule, slot, words }: DraftOptions
): Promise<Draft> {
  const bounds = [schedule.startOf(slot.day), schedule.startOf(slot.day + 1)]
  const [total] = await store.totals(pipeline, bounds, [costs.cost])
  if (total === undefined || budget === null) return { text: null, isWhole: false }
  const figures = { date: slot.date, metric: costs.cost, value: total.numerator, budget }
  const text = (language: Language) => burnText(pipeline, figures, { ...words, language })
  return { text, isWhole: true }
}

interface BurnFigures {
  /** The local day: `2026-11-30`. */
  readonly date: string
  readonly metric: string
  readonly value: number
  readonly budget: Budget
}

export function burnText(
  pipeline: string,
  { date, metric, value, budget }: BurnFigures,
  words: ReportWords
): ReportText {
  const { t } = translator(words.language)
  const { threshold } = budget
  const share = shareBeyond({ value, threshold })
  const isOver = value >= threshold
  const evidence = { date, days: 1, beyond_share: share }
  const of = {
    kind: metricThreshold.kind,
    metric,
    unit: 'money',
    value,
    expected: threshold,
    evidence
  } as const
  return {
    title: t('costs.burn_title', {
      pipeline,
      beyond: againstThreshold('money', { value, threshold }, words.currency)
    }),
    facts: thresholdFacts(of, words, t).map(({ label, text }) => ({ label, text })),
    sections: [],
    severity: isOver ? severityOf(budget.severity, budget.raiseBy, share ?? 0) : 'low'
  }
}
