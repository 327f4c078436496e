import type { Severity } from '../../detectors/types.ts'
import { formatAmount, formatMoment, formatSpan, subjectOf } from '../channel/message/format.ts'
import type { RenderOptions } from '../channel/types.ts'
import type { StoredIncident } from '../incident/types.ts'
import { dayMs, hourMs } from '../time/units.ts'
import { type DailyFigures, lossOf, type Rate } from './daily.ts'
import type { Change, Period } from './figures.ts'

/** A report as a message has it: passages of lines. */
export interface ReportText {
  readonly title: string
  /** Figures before the passages. */
  readonly facts?: readonly { readonly label: string; readonly text: string }[]
  readonly sections: readonly { readonly heading: string; readonly lines: readonly string[] }[]
  /** Of the worst that it names; low where it is not given. */
  readonly severity?: Severity
  /** The severity of each thing that it tells of, by id: it is not told again that day. */
  readonly told?: Readonly<Record<string, Severity>>
}

export type ReportWords = Pick<RenderOptions, 'currency' | 'timezone' | 'language'>

const dateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' })
const weekdayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' })
const percent = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const signed = new Intl.NumberFormat('en', { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

const mostOpen = 10
/** Windows that were not read yet, or an instance that was restarted. */
const sufficient = 0.995

export function dailyText(pipeline: string, figures: DailyFigures, words: ReportWords): ReportText {
  const { day, periods, categories, incidents, open } = figures
  const at = day * dayMs
  const money = (value: number) => formatAmount('money', value, words)
  const [yesterday, week, month] = periods
  const weekday = weekdayFormat.format(at)
  return {
    title: `Daily report of ${pipeline}: ${dateFormat.format(at)}`,
    sections: [
      {
        heading: weekday,
        lines: [
          ...missing(figures),
          `Revenue: ${money(yesterday.revenue)}${changeText(yesterday.revenueChange, yesterday, weekday)}`,
          `Orders: ${whole.format(yesterday.orders)}${changeText(yesterday.ordersChange, yesterday, weekday)}`,
          `Conversion: ${rateText(figures.conversion)}`,
          `Cart abandonment: ${rateText(figures.abandonment)}`
        ]
      },
      ...[week, month].map(period => ({
        heading: `Last ${period.days} days${period.storedDays < period.days ? ` (${period.storedDays} are stored)` : ''}`,
        lines: [
          `Revenue: ${money(period.revenue)}${changeText(period.revenueChange, period)}`,
          `Orders: ${whole.format(period.orders)}${changeText(period.ordersChange, period)}`
        ]
      })),
      {
        heading: `Top categories on ${weekday}`,
        lines: categories.map(
          ({ segment, total }) =>
            `${segment.replace(/^category=/, '')}: ${money(total)} (${shareText(total / yesterday.revenue)} of revenue)`
        )
      },
      { heading: `Incidents that opened on ${weekday}`, lines: incidentLines(incidents, money) },
      { heading: 'Still open', lines: openLines(open, words) }
    ].filter(({ lines }) => lines.length > 0)
  }
}

const mostListed = 25

/** A list of incidents of low severity; at least one. */
export function digestText(
  pipeline: string,
  incidents: readonly StoredIncident[],
  fromMs: number,
  toMs: number,
  words: ReportWords
): ReportText {
  const lines = incidents.slice(0, mostListed).map(incident => {
    const { openedAt, lastAnomalyAt, status, lastAnomaly } = incident
    const span = formatSpan(openedAt, Math.max(openedAt, lastAnomalyAt), words)
    const still = status === 'open' ? ', still open' : ''
    return `${subjectOf({ ...incident, incident })}, ${span}${still}: ${lastAnomaly.details}`
  })
  const more = incidents.length - lines.length
  const count = incidents.length === 1 ? '1 incident' : `${incidents.length} incidents`
  return {
    title: `Digest of ${pipeline}: ${count} of low severity`,
    sections: [
      {
        heading: `Opened ${formatSpan(fromMs, toMs, words)}`,
        lines: more > 0 ? [...lines, `… and ${more} more: cartwatch incidents lists them`] : lines
      }
    ]
  }
}

function missing({ coveredMs, fromMs, toMs }: DailyFigures): string[] {
  if (coveredMs >= sufficient * (toMs - fromMs)) return []
  const hours = (ms: number) => percent.format(ms / hourMs)
  return [`Only ${hours(coveredMs)} of ${hours(toMs - fromMs)} hours are stored: the figures are too low.`]
}

/** ` (+4.2 % against the last 4 Sundays)`. */
function changeText({ share, days }: Change, period: Period, weekday?: string): string {
  if (share === null) return ''
  const against = weekday === undefined ? 'the same weekdays before' : `the ${weekday}s before`
  const of = days < period.days ? `, ${days} of ${period.days} days compared` : ''
  return ` (${signed.format(share * 100)} % against ${against}${of})`
}

const shareText = (share: number): string =>
  Number.isFinite(share) ? `${percent.format(share * 100)} %` : '–'

const rateText = ({ day, week }: Rate): string =>
  `${day === null ? 'unknown' : shareText(day)}${week === null ? '' : ` (last 7 days: ${shareText(week)})`}`

function incidentLines(incidents: DailyFigures['incidents'], money: (value: number) => string): string[] {
  if (incidents.length === 0) return ['None']
  return incidents.map(
    ({ severity, count, loss }) => `${severity}: ${count}${loss === null ? '' : `, loss ${money(loss)}`}`
  )
}

function openLines(open: readonly StoredIncident[], words: ReportWords): string[] {
  const lines = open.slice(0, mostOpen).map(incident => {
    const { severity, openedAt, acknowledged } = incident
    const loss = lossOf(incident)
    return [
      `${severity}: ${subjectOf({ ...incident, incident })}, since ${formatMoment(openedAt, words)}`,
      ...(loss === null ? [] : [`loss so far ${formatAmount('money', loss, words)}`]),
      ...(acknowledged === null ? [] : [`acknowledged by ${acknowledged.by}`])
    ].join(', ')
  })
  return open.length > mostOpen ? [...lines, `… and ${open.length - mostOpen} more`] : lines
}
