import type { NotificationRecord } from '../../incident/types.ts'
import { bytesOf, formatsOf } from '../../language/formats.ts'
import { translator } from '../../language/translator.ts'
import type { Unit } from '../../metrics/types.ts'
import { dayMs } from '../../time/units.ts'
import { clockText, formatSpan, metricText } from '../message/format.ts'
import { cut, plain } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'

export type LabelOptions = Pick<RenderOptions, 'currency' | 'language' | 'timezone'>

/** A value on an axis whose values are so far apart: no digit more than tells them apart. */
export function valueLabel(
  unit: Unit,
  value: number,
  step: number,
  { currency, language = 'en' }: LabelOptions
): string {
  const { locale } = formatsOf(language)
  const { t } = translator(language)
  const number = (of: number, apart: number, style: Intl.NumberFormatOptions = {}): string => {
    const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(apart) - 1e-9)))
    const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits }
    return new Intl.NumberFormat(locale, { ...fixed, ...style }).format(of)
  }
  switch (unit) {
    case 'money':
      return number(value, step, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
    case 'share':
      return number(value, step * 100, { style: 'percent' })
    case 'seconds':
      return t('amount.seconds', { value: number(value, step) })
    case 'bytes': {
      const { unit: prefix, count } = bytesOf(value)
      return t(`amount.byte.${prefix}`, { value: number(count, value === 0 ? 1 : (step * count) / value) })
    }
    case 'count':
    case 'number':
      return number(value, step)
    default:
      return unit satisfies never
  }
}

/** A time on an axis; a day where the times are days apart. */
export function timeLabel(ms: number, stepMs: number, { timezone, language = 'en' }: LabelOptions): string {
  if (stepMs < dayMs) return clockText(ms, { timezone, language })
  const { locale } = formatsOf(language)
  return new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: timezone }).format(ms)
}

const longest = { metric: 40, segment: 40 }

/** `Revenue in USD · country=DE`. */
export function titleOf(
  { anomalies, segment }: Pick<NotificationRecord, 'anomalies' | 'segment'>,
  { currency, language }: LabelOptions
): string {
  const { t } = translator(language)
  const { metric = '', unit = 'number' } = anomalies.at(-1) ?? {}
  const name = cut(metricText(metric, t), longest.metric)
  const named = name.charAt(0).toUpperCase() + name.slice(1)
  const title = unit === 'money' ? t('picture.money', { metric: named, currency }) : named
  return segment === 'all' ? title : `${title} · ${cut(plain(segment), longest.segment)}`
}

export const spanLabel = (fromMs: number, toMs: number, options: LabelOptions): string =>
  formatSpan(fromMs, toMs, options)
