import { formatAmount } from '../../channel/message/format.ts'
import type { Recommendation } from '../../store/tables/recommendations.ts'
import { dayMs, hourMs } from '../../time/units.ts'
import type { ReportText, ReportWords } from '../text.ts'
import type { IdleRule } from './settings.ts'
import type { CostFigures, CostPeriod } from './summary.ts'

const dateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' })
const weekdayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' })
const percent = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

const mostListed = 3

/** What is idle; at least one. `isNew`: it was not told today, or is more severe now. */
export function idleText(
  pipeline: string,
  open: readonly Recommendation[],
  { rule, isNew, nowMs }: { rule: IdleRule; isNew: (one: Recommendation) => boolean; nowMs: number },
  words: ReportWords
): ReportText {
  const money = (value: number) => formatAmount('money', value, words)
  const savings = (list: readonly Recommendation[]) =>
    `${money(list.reduce((sum, one) => sum + one.monthlySavings, 0))} a month`
  const top = open.slice(0, mostListed)
  const rest = open.slice(mostListed)
  const added = open.filter(isNew).length
  return {
    title: `Idle GPUs of ${pipeline}: ${savings(open)} could be saved`,
    facts: [
      { label: 'Potential savings', text: savings(open) },
      {
        label: 'Issues',
        text: `${open.length}${added < open.length ? ` (${added} new or more severe)` : ''}`
      },
      {
        label: 'Idle is',
        text: `below ${percent.format(rule.below * 100)} % over ${counted(rule.days, 'day')}`
      }
    ],
    sections: [
      ...top.map((one, index) => ({
        heading: `${index + 1}. ${one.resource}`,
        lines: [
          `GPU: ${one.gpu ?? 'unknown'}`,
          `Provider: ${one.provider ?? 'unknown'}`,
          `Idle: ${counted(idleDaysOf(one, nowMs), 'day')}`,
          `Savings: ${money(one.monthlySavings)} a month`
        ]
      })),
      ...(rest.length > 0
        ? [
            {
              heading: `And ${rest.length} more`,
              lines: [`Savings: ${savings(rest)}`, 'The table realtime.recommendations lists them all.']
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
  const money = (value: number) => formatAmount('money', value, words)
  const at = day * dayMs
  const [yesterday, week, month] = periods
  const weekday = weekdayFormat.format(at)
  return {
    title: `Cost summary of ${pipeline}: ${dateFormat.format(at)}`,
    facts: [
      { label: weekday, text: money(yesterday.cost) },
      ...[week, month].map(period => ({ label: periodText(period), text: money(period.cost) })),
      ...(savings === null
        ? []
        : [
            { label: 'Potential savings', text: `${money(savings.monthly)} a month` },
            { label: 'High-severity recommendations', text: String(savings.high) }
          ])
    ],
    sections: [
      { heading: 'Incomplete', lines: missing(figures) },
      {
        heading: `Top models on ${weekday}`,
        lines: models.map(
          ({ segment, total }) =>
            `${segment.slice(segment.indexOf('=') + 1)}: ${money(total)} (${shareText(total / yesterday.cost)})`
        )
      }
    ].filter(({ lines }) => lines.length > 0)
  }
}

const periodText = ({ days, storedDays }: CostPeriod): string =>
  `Last ${days} days${storedDays < days ? ` (${storedDays} stored)` : ''}`

/** Windows that were not read yet, or an instance that was restarted. */
const sufficient = 0.995

function missing({ coveredMs, lengthMs }: CostFigures): string[] {
  if (coveredMs >= sufficient * lengthMs) return []
  const hours = (ms: number) => percent.format(ms / hourMs)
  return [`Only ${hours(coveredMs)} of ${hours(lengthMs)} hours are stored: the figures are too low.`]
}

const shareText = (share: number): string =>
  Number.isFinite(share) ? `${percent.format(share * 100)} %` : '–'

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
