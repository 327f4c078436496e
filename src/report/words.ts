import type { RenderOptions } from '../channel/types.ts'
import { formatsOf } from '../language/formats.ts'
import { dayMs } from '../time/units.ts'

export type ReportWords = Pick<RenderOptions, 'currency' | 'timezone' | 'language'>

type Language = Pick<ReportWords, 'language'>

/** A day, counted from 1970-01-01. */
export function dateText(
  day: number,
  format: Intl.DateTimeFormatOptions,
  { language = 'en' }: Language
): string {
  const locale = language === 'en' ? 'en-GB' : formatsOf(language).locale
  return new Intl.DateTimeFormat(locale, { ...format, timeZone: 'UTC' }).format(day * dayMs)
}

export const numberText = (
  value: number,
  format: Intl.NumberFormatOptions,
  { language = 'en' }: Language
): string => new Intl.NumberFormat(formatsOf(language).locale, format).format(value)

/** As a heading begins. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
