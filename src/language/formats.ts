import { hourMs, minuteMs, secondMs } from '../time/units.ts'
import type { Language } from './language.ts'
import type { Figure } from './phrase.ts'

/** How a language writes figures. */
export interface Formats {
  readonly locale: string
  money(amount: number, currency: string): string
  /** With two digits behind the point, however much it is. */
  cents(amount: number, currency: string): string
  /** With at most one. */
  tenths(value: number): string
  /** Of a fraction, in percents with one. */
  fineShare(fraction: number): string
  count(value: number): string
  /** Of a fraction, in whole percents. */
  share(fraction: number): string
  /** With a digit more below 10 %. */
  smallShare(fraction: number): string
  signedShare(fraction: number): string
  /** To three digits. */
  short(value: number): string
  /** With one digit behind the point. */
  times(value: number): string
  /** With two. */
  hundredths(value: number): string
  /** With all its digits. */
  asSent(value: number): string
}

/** Keeps what is costly to make: there are as many as a configuration has currencies. */
export function keep<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>()
  return key => {
    const one = made.get(key) ?? make(key)
    made.set(key, one)
    return one
  }
}

const moneyOf = (locale: string, options: Intl.NumberFormatOptions = {}) => {
  const format = (digits: number) =>
    keep(
      currency =>
        new Intl.NumberFormat(locale, {
          ...options,
          style: 'currency',
          currency,
          minimumFractionDigits: digits,
          maximumFractionDigits: digits
        })
    )
  const [whole, fine] = [format(0), format(2)]
  return {
    money: (amount: number, currency: string): string =>
      (Math.abs(amount) >= 100 || amount === 0 ? whole : fine)(currency).format(amount),
    cents: (amount: number, currency: string): string => fine(currency).format(amount)
  }
}

const tenthsOf = (locale: string) => {
  const made = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  return (value: number): string => made.format(value)
}

const countOf = (locale: string) => {
  const many = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const few = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  return (value: number): string => (Math.abs(value) >= 10 ? many : few).format(value)
}

/** What messages had before there were languages: texts that are stored and compared. */
const english = (): Formats => ({
  locale: 'en',
  ...moneyOf('en-US'),
  tenths: tenthsOf('en-US'),
  fineShare: fraction => `${(fraction * 100).toFixed(1)}%`,
  count: countOf('en-US'),
  share: fraction => `${Math.round(fraction * 100)}%`,
  smallShare: fraction => `${(fraction * 100).toFixed(fraction < 0.1 ? 1 : 0)}%`,
  signedShare(fraction) {
    const percent = Math.round(fraction * 100)
    return `${percent < 0 ? '−' : '+'}${Math.abs(percent)}%`
  },
  short: value => String(Number(value.toPrecision(3))),
  times: value => value.toFixed(1),
  hundredths: value => value.toFixed(2),
  asSent: String
})

function formatsIn(locale: string): Formats {
  const number = (options: Intl.NumberFormatOptions) => {
    const made = new Intl.NumberFormat(locale, options)
    return (value: number): string => made.format(value)
  }
  const share = number({ style: 'percent', maximumFractionDigits: 0 })
  const fineShare = number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
  return {
    locale,
    ...moneyOf(locale, { currencyDisplay: 'narrowSymbol' }),
    tenths: tenthsOf(locale),
    fineShare,
    count: countOf(locale),
    share,
    smallShare: fraction => (fraction < 0.1 ? fineShare : share)(fraction),
    signedShare: number({ style: 'percent', maximumFractionDigits: 0, signDisplay: 'always' }),
    short: number({ maximumSignificantDigits: 3 }),
    times: number({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    hundredths: number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    asSent: number({ maximumFractionDigits: 20 })
  }
}

const locales: Readonly<Record<Exclude<Language, 'en'>, string>> = { fr: 'fr-FR' }

const made: Partial<Record<Language, Formats>> = {}

export function formatsOf(language: Language): Formats {
  made[language] ??= language === 'en' ? english() : formatsIn(locales[language])
  return made[language]
}

const spans: readonly (readonly [unit: 'hour' | 'minute' | 'second', ms: number])[] = [
  ['hour', hourMs],
  ['minute', minuteMs],
  ['second', secondMs]
]

/** A span in its greatest whole unit. */
export function spanOf(ms: number) {
  const [unit, unitMs] = spans.find(([, unitMs]) => ms >= unitMs && ms % unitMs === 0) ?? ['second', secondMs]
  return { unit, count: Math.round((ms / unitMs) * 10) / 10 } as const
}

/** A value in thousands of bytes as it is read, with the name of its unit. */
export function bytesOf(value: number) {
  const power = Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3)
  const place = Math.min(byteUnits.length - 1, power)
  return { unit: byteUnits[place] as (typeof byteUnits)[number], count: value / 1_000 ** place }
}

const byteUnits = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** A figure as text, but those that need words: `span` writes those of time. */
export function figureText(
  figure: Exclude<Figure, { unit: 'exact' }>,
  formats: Formats,
  span: (ms: number) => string
): string {
  const { unit, value } = figure
  switch (unit) {
    case 'money':
      return formats.money(value, figure.currency)
    case 'count':
      return formats.count(value)
    case 'share':
      return formats.share(value)
    case 'small_share':
      return formats.smallShare(value)
    case 'signed_share':
      return formats.signedShare(value)
    case 'short':
      return formats.short(value)
    case 'times':
      return formats.times(value)
    case 'hundredths':
      return formats.hundredths(value)
    case 'as_sent':
      return formats.asSent(value)
    case 'span':
      return span(value)
    default:
      return figure satisfies never
  }
}
