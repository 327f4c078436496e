import type { Severity } from '../../detectors/types.ts'
import { sentenceOf } from '../channel/message/details.ts'
import { formatAmount, formatMoment, formatSpan, subjectOf } from '../channel/message/format.ts'
import type { StoredIncident } from '../incident/types.ts'
import { translator } from '../language/translator.ts'
import { hourMs } from '../time/units.ts'
import { type DailyFigures, lossOf, type Rate } from './daily.ts'
import type { Change, Period } from './figures.ts'
import { capital, dateText, numberText, type ReportWords } from './words.ts'

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

const mostOpen = 10
/** Windows that were not read yet, or an instance that was restarted. */
const sufficient = 0.995

export function dailyText(pipeline: string, figures: DailyFigures, words: ReportWords): ReportText {
  const { day, periods, categories, incidents, open } = figures
  const { t } = translator(words.language)
  const money = (value: number) => formatAmount('money', value, words)
  const [yesterday, week, month] = periods
  const weekday = dateText(day, { weekday: 'long' }, words)
  const revenue = (period: Period, of?: string) =>
    t('report.revenue', {
      value: `${money(period.revenue)}${changeText(period.revenueChange, period, words, of)}`
    })
  const orders = (period: Period, of?: string) =>
    t('report.orders', {
      value: `${wholeText(period.orders, words)}${changeText(period.ordersChange, period, words, of)}`
    })
  return {
    title: t('report.title', { pipeline, date: dateText(day, { dateStyle: 'full' }, words) }),
    sections: [
      {
        heading: capital(weekday),
        lines: [
          ...missing(figures, words),
          revenue(yesterday, weekday),
          orders(yesterday, weekday),
          t('report.conversion', { value: rateText(figures.conversion, words) }),
          t('report.abandonment', { value: rateText(figures.abandonment, words) })
        ]
      },
      ...[week, month].map(period => ({
        heading: periodText(period, words),
        lines: [revenue(period), orders(period)]
      })),
      {
        heading: t('report.categories', { weekday }),
        lines: categories.map(({ segment, total }) =>
          t('report.category', {
            category: segment.replace(/^category=/, ''),
            money: money(total),
            share: shareText(total / yesterday.revenue, words)
          })
        )
      },
      { heading: t('report.incidents', { weekday }), lines: incidentLines(incidents, words) },
      { heading: t('report.open'), lines: openLines(open, words) }
    ].filter(({ lines }) => lines.length > 0)
  }
}

/** `Last 7 days (3 are stored)`. */
export function periodText(
  { days, storedDays: stored }: Pick<Period, 'days' | 'storedDays'>,
  { language }: ReportWords
): string {
  const { t } = translator(language)
  return stored < days ? t('report.last_days_stored', { days, stored }) : t('report.last_days', { days })
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
  const { t } = translator(words.language)
  const lines = incidents.slice(0, mostListed).map(incident => {
    const { openedAt, lastAnomalyAt, status, lastAnomaly } = incident
    return t(status === 'open' ? 'report.digest_open' : 'report.digest_incident', {
      subject: subjectOf({ ...incident, incident }, t),
      span: formatSpan(openedAt, Math.max(openedAt, lastAnomalyAt), words),
      details: sentenceOf(lastAnomaly, words)
    })
  })
  const more = incidents.length - lines.length
  return {
    title: t('report.digest', { pipeline, count: incidents.length }),
    sections: [
      {
        heading: t('report.digest_span', { span: formatSpan(fromMs, toMs, words) }),
        lines: more > 0 ? [...lines, t('report.digest_more', { count: more })] : lines
      }
    ]
  }
}

function missing({ coveredMs, fromMs, toMs }: DailyFigures, words: ReportWords): string[] {
  if (coveredMs >= sufficient * (toMs - fromMs)) return []
  const hours = (ms: number) => numberText(ms / hourMs, { maximumFractionDigits: 1 }, words)
  const { t } = translator(words.language)
  return [t('report.missing', { covered: hours(coveredMs), hours: hours(toMs - fromMs) })]
}

/** ` (+4.2 % against the Sundays before)`. */
function changeText({ share, days }: Change, period: Period, words: ReportWords, weekday?: string): string {
  if (share === null) return ''
  const against = weekday === undefined ? 'before' : 'weekday'
  const isOfSome = days < period.days
  return translator(words.language).t(`report.against_${against}${isOfSome ? '_of' : ''}`, {
    change: numberText(share * 100, { maximumFractionDigits: 1, signDisplay: 'exceptZero' }, words),
    ...(weekday !== undefined && { weekday }),
    ...(isOfSome && { compared: days, days: period.days })
  })
}

const wholeText = (value: number, words: ReportWords): string =>
  numberText(value, { maximumFractionDigits: 0 }, words)

const shareText = (share: number, words: ReportWords): string =>
  Number.isFinite(share) ? formatAmount('share', share, words) : '–'

function rateText({ day, week }: Rate, words: ReportWords): string {
  const { t } = translator(words.language)
  const own = day === null ? t('amount.unknown') : shareText(day, words)
  return week === null ? own : t('report.rate_week', { day: own, week: shareText(week, words) })
}

function incidentLines(incidents: DailyFigures['incidents'], words: ReportWords): string[] {
  const { t } = translator(words.language)
  if (incidents.length === 0) return [t('report.none')]
  return incidents.map(({ severity: name, count, loss }) => {
    const severity = t(`severity.${name}`)
    return loss === null
      ? t('report.incident_count', { severity, count })
      : t('report.incident_loss', { severity, count, loss: formatAmount('money', loss, words) })
  })
}

function openLines(open: readonly StoredIncident[], words: ReportWords): string[] {
  const { t } = translator(words.language)
  const lines = open.slice(0, mostOpen).map(incident => {
    const { severity, openedAt, acknowledged } = incident
    const loss = lossOf(incident)
    return [
      t('report.open_since', {
        severity: t(`severity.${severity}`),
        subject: subjectOf({ ...incident, incident }, t),
        time: formatMoment(openedAt, words)
      }),
      ...(loss === null ? [] : [t('report.open_loss', { loss: formatAmount('money', loss, words) })]),
      ...(acknowledged === null ? [] : [t('report.open_acknowledged', { name: acknowledged.by })])
    ].join(', ')
  })
  return open.length > mostOpen ? [...lines, t('part.more', { count: open.length - mostOpen })] : lines
}
