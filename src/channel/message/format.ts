import { kindOf } from '../../../detectors/kind-of.ts'
import { isAbove } from '../../../detectors/rules/severity.ts'
import type { Anomaly, SegmentShare } from '../../../detectors/types.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { bytesOf, formatsOf, keep } from '../../language/formats.ts'
import type { Language } from '../../language/language.ts'
import { english, isKey, type Translate, translator } from '../../language/translator.ts'
import type { Unit } from '../../metrics/types.ts'
import { dayMs, hourMs, minuteMs, secondMs } from '../../time/units.ts'
import type { RenderOptions } from '../types.ts'
import { causeTitle } from './cause.ts'
import { cut, plain, plainStart } from './text.ts'

/** Of a name in a title; receivers cut it further. */
const longestName = 300

/** `revenue_drop` as a person writes it; of a kind that another version has, out of its name. */
function titleOf(kind: string, t: Translate): string {
  const key = `kind.${kind}.title`
  const title = isKey(key) ? t(key) : kindOf(kind)?.title
  if (title !== undefined) return title
  const words = plainStart(kind, longestName).replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a message is about: the probable cause where there is one, else the kind; and where. */
export function subjectOf({ kind, segment, incident }: Subject, t: Translate = english): string {
  const title = incident?.cause ? causeTitle(incident.cause, t) : titleOf(kind, t)
  return segment === 'all' ? title : `${title} · ${plainStart(segment, longestName)}`
}

/** `[staging] `, before what names a message; nothing where the configuration names no environment. */
export const environmentMark = ({ environment }: Pick<RenderOptions, 'environment'>): string =>
  environment === undefined ? '' : `[${environment}] `

interface Subject extends Pick<NotificationRecord, 'kind' | 'segment'> {
  readonly incident?: NotificationRecord['incident']
}

/** `cart adds`, of a metric that every shop has; of another one, out of its name. */
export function metricText(metric: string, t: Translate): string {
  const key = `metric.${metric}`
  return isKey(key) ? t(key) : plain(metric).replaceAll('_', ' ')
}

/** In English by its id, as it has always been. */
export const metricName = (
  metric: string,
  { language = 'en' }: Pick<RenderOptions, 'language'>,
  t: Translate
): string => (language === 'en' ? plain(metric) : metricText(metric, t))

type Money = Pick<RenderOptions, 'currency' | 'language'>
type Times = Pick<RenderOptions, 'timezone' | 'language'>

/** A value as a person reads it. */
export function formatAmount(unit: Unit, value: number, { currency, language = 'en' }: Money): string {
  const { t } = translator(language)
  if (!Number.isFinite(value)) return t('amount.unknown')
  switch (unit) {
    case 'money':
      return moneyFormat(`${language} ${currency}`).format(value)
    case 'share':
      return percentText(value, 1, language)
    case 'seconds':
      return t('amount.seconds', { value: numberText(value, language) })
    case 'bytes':
      return bytesText(value, language)
    case 'count':
    case 'number':
      return numberText(value, language)
    default:
      return unit satisfies never
  }
}

const localeOf = (language: string | undefined) => formatsOf(language as Language).locale

const moneyFormat = keep(key => {
  const [language, currency] = key.split(' ')
  return new Intl.NumberFormat(localeOf(language), {
    style: 'currency',
    currency,
    maximumFractionDigits: 2,
    ...(language !== 'en' && { currencyDisplay: 'narrowSymbol' as const })
  })
})
const numberFormat = keep(key => {
  const [language, digits, style] = key.split(' ')
  return new Intl.NumberFormat(localeOf(language), {
    maximumFractionDigits: Number(digits),
    ...(style && { style: 'percent' as const })
  })
})

const numberText = (value: number, language: Language = 'en'): string =>
  numberFormat(`${language} ${Math.abs(value) < 100 ? 1 : 0}`).format(value)

/** In English with a blank, as it has always been. */
const percentText = (fraction: number, digits: number, language: Language = 'en'): string =>
  language === 'en'
    ? `${numberFormat(`en ${digits}`).format(fraction * 100)} %`
    : numberFormat(`${language} ${digits} percent`).format(fraction)

function bytesText(value: number, language: Language): string {
  const { unit, count } = bytesOf(value)
  const text = numberFormat(`${language} 1`).format(count)
  return translator(language).t(`amount.byte.${unit}`, { value: text })
}

/** A name from events may be of any length; a line holds this much of it. */
const longestSegment = 120

/** `$12.00 instead of $430.00`. */
export const formatChange = (
  unit: Unit,
  { value, expected }: Pick<Anomaly, 'value' | 'expected'>,
  options: Money
): string =>
  translator(options.language).t('amount.change', {
    value: formatAmount(unit, value, options),
    expected: formatAmount(unit, expected, options)
  })

/** A segment's part in a finding: `payment_method=paypal · 97 % of the change · $12.00 instead of $430.00`. */
export const formatShare = (unit: Unit, share: SegmentShare, options: Money): string =>
  translator(options.language).t('part.where_line', {
    segment: plainStart(share.segment, longestSegment),
    share: percentText(share.share, 0, options.language),
    change: formatChange(unit, share, options)
  })

const spanFormat = keep(key => {
  const [language, timeZone] = key.split(' ')
  const locale = language === 'en' ? 'en-GB' : localeOf(language)
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone })
})

/** The span [fromMs, toMs), e.g. `21 Nov 2026, 10:02 – 10:05 UTC`. */
export function formatSpan(fromMs: number, toMs: number, { timezone, language = 'en' }: Times): string {
  return `${spanFormat(`${language} ${timezone}`)
    .formatRange(fromMs, toMs)
    .replaceAll(/[\u2009\u202f]/g, ' ')} ${timezone}`
}

/** `21 Nov 2026, 10:02 UTC`. */
export const formatMoment = (ms: number, { timezone, language = 'en' }: Times): string =>
  `${spanFormat(`${language} ${timezone}`).format(ms)} ${timezone}`

const clockFormat = keep(key => {
  const [language, timeZone] = key.split(' ')
  const locale = language === 'en' ? 'en-GB' : localeOf(language)
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone })
})

/** `14:02`, where the day is known. */
export const clockText = (ms: number, { timezone, language = 'en' }: Times): string =>
  clockFormat(`${language} ${timezone}`).format(ms)

const units = [
  ['d', dayMs],
  ['h', hourMs],
  ['min', minuteMs],
  ['s', secondMs]
] as const

/** In its two greatest units: `4 h`, `1 d 3 h`, `45 s`. */
export const durationOf = (ms: number): string => durationText(ms, english)

export function durationText(ms: number, t: Translate): string {
  const first = units.findIndex(([, length]) => ms >= length)
  if (first < 0) return t('duration.s', { count: 0 })
  let rest = ms
  return units
    .slice(first, first + 2)
    .map(([unit, length]) => {
      const count = Math.floor(rest / length)
      rest -= count * length
      return count > 0 ? t(`duration.${unit}`, { count }) : ''
    })
    .filter(Boolean)
    .join(' ')
}

/** `Ann in Slack`; null where nobody did, or the severity rose above what was acknowledged. */
export function acknowledgedBy({ incident }: NotificationRecord, t: Translate = english): string | null {
  const taken = incident?.acknowledged
  if (!incident || !taken) return null
  return isAbove(incident.severity, taken.severity)
    ? null
    : t(`by.${taken.via}`, { name: cut(plain(taken.by), 80) || t('by.somebody') })
}

const openedAtKey = 'incident_opened_at'
const statusKey = 'incident_status'

/** What a summary's anomaly says of its whole incident: when it began, and whether it lasts. */
export function wholeOf({ evidence, windowStart }: Anomaly): { openedAt: number; lasts: boolean } {
  const openedAt = evidence[openedAtKey]
  return {
    openedAt: typeof openedAt === 'number' ? Math.min(openedAt, windowStart) : windowStart,
    lasts: evidence[statusKey] === 'open'
  }
}
