import { formatAmount } from '../../channel/message/format.ts'
import { translator } from '../../language/translator.ts'
import type { Recommendation } from '../../store/tables/recommendations.ts'
import { dayMs, hourMs } from '../../time/units.ts'
import { periodText, type ReportText } from '../text.ts'
import { capital, dateText, type ReportWords } from '../words.ts'
import type { IdleRule } from './settings.ts'
import type { CostFigures } from './summary.ts'

const mostListed = 3

/** What is idle; at least one. `isNew`: it was not told today, or is more severe now. */
export function idleText(
  pipeline: string,
  open: readonly Recommendation[],
  { rule, isNew, nowMs }: { rule: IdleRule; isNew: (one: Recommendation) => boolean; nowMs: number },
  words: ReportWords
): ReportText {
  const { t } = translator(words.language)
  const savingsOf = (list: readonly Recommendation[]) =>
    monthly(
      list.reduce((sum, { monthlySavings }) => sum + monthlySavings, 0),
      words
    )
  const rest = open.slice(mostListed)
  const added = open.filter(isNew).length
  const count = open.length
  return {
    title: t('costs.idle_title', { pipeline, savings: savingsOf(open) }),
    facts: [
      { label: t('costs.savings'), text: savingsOf(open) },
      {
        label: t('costs.issues'),
        text: added < count ? t('costs.issues_new', { count, added }) : String(count)
      },
      {
        label: t('costs.rule'),
        text: t('costs.rule_text', { share: formatAmount('share', rule.below, words), days: rule.days })
      }
    ],
    sections: [
      ...open.slice(0, mostListed).map((one, index) => ({
        heading: `${index + 1}. ${one.resource}`,
        lines: [
          t('costs.gpu', { name: one.gpu ?? t('costs.unknown') }),
          t('costs.provider', { name: one.provider ?? t('costs.unknown') }),
          t('costs.idle_days', { days: idleDaysOf(one, nowMs) }),
          t('costs.saves', { savings: savingsOf([one]) })
        ]
      })),
      ...(rest.length > 0
        ? [
            {
              heading: t('costs.more', { count: rest.length }),
              lines: [t('costs.saves', { savings: savingsOf(rest) }), t('costs.all')]
            }
          ]
        : [])
    ]
  }
}

/** Whole days; a change of the clock makes one of them an hour longer or shorter. */
const idleDaysOf = ({ since }: Recommendation, nowMs: number): number =>
  Math.max(1, Math.floor((nowMs - since + hourMs) / dayMs))

export function costText(pipeline: string, figures: CostFigures, words: ReportWords): ReportText {
  const { day, periods, models, savings } = figures
  const { t } = translator(words.language)
  const money = (value: number) => formatAmount('money', value, words)
  const [yesterday, week, month] = periods
  const weekday = dateText(day, { weekday: 'long' }, words)
  return {
    title: t('costs.title', { pipeline, date: dateText(day, { dateStyle: 'full' }, words) }),
    facts: [
      { label: capital(weekday), text: money(yesterday.cost) },
      ...[week, month].map(period => ({ label: periodText(period, words), text: money(period.cost) })),
      ...(savings === null
        ? []
        : [
            { label: t('costs.savings'), text: monthly(savings.monthly, words) },
            { label: t('costs.high'), text: String(savings.high) }
          ])
    ],
    sections: [
      { heading: t('costs.incomplete'), lines: missing(figures, words) },
      {
        heading: t('costs.models', { weekday }),
        lines: models.map(({ segment, total }) =>
          t('costs.model', {
            model: segment.slice(segment.indexOf('=') + 1),
            money: money(total),
            share: formatAmount('share', total / yesterday.cost, words)
          })
        )
      }
    ].filter(({ lines }) => lines.length > 0)
  }
}

const monthly = (value: number, words: ReportWords): string =>
  translator(words.language).t('costs.a_month', { money: formatAmount('money', value, words) })

/** Windows that were not read yet, or an instance that was restarted. */
const sufficient = 0.995

function missing({ coveredMs, lengthMs }: CostFigures, words: ReportWords): string[] {
  if (coveredMs >= sufficient * lengthMs) return []
  const hours = (ms: number) => formatAmount('number', ms / hourMs, words)
  return [
    translator(words.language).t('report.missing', { covered: hours(coveredMs), hours: hours(lengthMs) })
  ]
}
