import { formatsOf, keep } from '../../language/formats.ts'
import type { Language } from '../../language/language.ts'
import { isKey } from '../../language/translator.ts'
import type { Unit } from '../../metrics/types.ts'
import { visible } from '../../telemetry/visible-text.ts'
import { secondMs } from '../../time/units.ts'
import { durationText, formatAmount, formatMoment } from '../message/format.ts'
import { isAddress } from '../message/placeholders.ts'
import { cut } from '../message/text.ts'
import { linkButton } from '../slack/buttons.ts'
import { slackLimits } from '../slack/limits.ts'
import { actionButton } from '../slack/message.ts'
import type { OwnFilters } from './filters.ts'
import type { Job } from './job.ts'
import { markedJson } from './json.ts'
import { slackAddress, slackEscaped } from './slack-text.ts'
import { markValue, unmarked } from './spans.ts'

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return unmarked(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Error('takes a text, and got a list or a map')
}

/** NaN for what is none, which is shown as unknown. */
const numberOf = (value: unknown): number =>
  value === null || value === undefined || value === '' ? Number.NaN : Number(value)

const filling = (value: unknown): string | number => (typeof value === 'number' ? value : textOf(value))

function digitsOf(arg: unknown, usual: number): number {
  if (arg === undefined) return usual
  const digits = Number(arg)
  if (Number.isInteger(digits) && digits >= 0 && digits <= 10) return digits
  throw new Error('takes a number of decimals from 0 to 10')
}

const numberFormat = keep(key => {
  const [language, digits, style] = key.split(' ')
  const { locale } = formatsOf(language as Language)
  const maximumFractionDigits = Number(digits)
  return new Intl.NumberFormat(locale, { maximumFractionDigits, ...(style && { style: 'percent' as const }) })
})

const languageOf = ({ renderOptions }: Pick<Job, 'renderOptions'>): Language => renderOptions.language ?? 'en'

const units: readonly unknown[] = [
  'money',
  'share',
  'seconds',
  'bytes',
  'count',
  'number'
] satisfies readonly Unit[]
const isUnit = (unit: unknown): unit is Unit => units.includes(unit)

/** A time of ISO 8601, or milliseconds since 1970. */
function momentOf(value: unknown): number {
  const ms = typeof value === 'number' ? value : Date.parse(textOf(value))
  if (Number.isFinite(ms) && Math.abs(ms) < 8.64e15) return ms
  throw new Error('takes a time such as opened_at; put it within {% if opened_at %}')
}

function ofSlack({ form }: Job): void {
  if (form.name !== 'slack') throw new Error('is for Slack: this template is of a receiver of another type')
}

/** Within a JSON text, what a filter writes itself has its escapes. */
const written = (markup: string, { form }: Job): string =>
  form.syntax === 'json' ? JSON.stringify(markup).slice(1, -1) : markup

/** The longest start of a text that has at most `max` characters with its escapes, which are longer than what they stand for. */
function cutToEscaped(text: string, max: number): string {
  const fits = (length: number) => slackEscaped(cut(text, length)).length <= max
  if (text.length <= max && fits(max)) return text
  let least = 1
  let most = max
  while (least < most) {
    const middle = Math.ceil((least + most) / 2)
    if (fits(middle)) least = middle
    else most = middle - 1
  }
  return cut(text, least)
}

/** The filters of ours. docs/templates.md lists them. */
export const ownFilters: OwnFilters<Job> = {
  upper: { handler: value => textOf(value).toUpperCase() },
  lower: { handler: value => textOf(value).toLowerCase() },
  json: {
    isMarkup: true,
    handler: (value, _args, { form }) =>
      form.syntax === 'json' ? markedJson(value) : markValue(JSON.stringify(value ?? null))
  },
  t: {
    handler(value, args, { message }) {
      const key = textOf(value)
      if (!isKey(key))
        throw new Error(`knows no text ${visible(key.slice(0, 100))}: locales/en.yaml lists them`)
      const values = args.flatMap(arg =>
        Array.isArray(arg) ? [[String(arg[0]), filling(arg[1])] as const] : []
      )
      return message.t(key, Object.fromEntries(values))
    }
  },
  duration_human: {
    handler(value, _args, { message: { t } }) {
      const seconds = numberOf(value)
      return Number.isFinite(seconds) ? durationText(seconds * secondMs, t) : t('amount.unknown')
    }
  },
  money: {
    handler(value, [currency], { renderOptions }) {
      const code = currency === undefined ? renderOptions.currency : textOf(currency).toUpperCase()
      if (!/^[A-Z]{3}$/.test(code)) throw new Error('takes a currency such as "EUR"')
      return formatAmount('money', numberOf(value), {
        currency: code,
        language: languageOf({ renderOptions })
      })
    }
  },
  number: {
    handler(value, [digits], job) {
      const number = numberOf(value)
      if (!Number.isFinite(number)) return job.message.t('amount.unknown')
      return numberFormat(`${languageOf(job)} ${digitsOf(digits, 1)}`).format(number)
    }
  },
  percent: {
    handler(value, [digits], job) {
      const share = numberOf(value)
      const language = languageOf(job)
      const most = digitsOf(digits, 0)
      if (!Number.isFinite(share)) return job.message.t('amount.unknown')
      // In English with a blank, as in the built-in messages.
      return language === 'en'
        ? `${numberFormat(`en ${most}`).format(share * 100)} %`
        : numberFormat(`${language} ${most} percent`).format(share)
    }
  },
  amount: {
    handler(value, [unit], { renderOptions, notification }) {
      const own = unit ?? notification.anomalies.at(-1)?.unit ?? 'number'
      if (!isUnit(own)) throw new Error(`takes a unit: ${units.join(', ')}`)
      return formatAmount(own, numberOf(value), renderOptions)
    }
  },
  truncate_slack: {
    handler(value, [most]) {
      const max = most === undefined ? slackLimits.section : Number(most)
      if (!Number.isInteger(max) || max < 1 || max > slackLimits.text)
        throw new Error(`takes a number of characters from 1 to ${slackLimits.text}`)
      return cutToEscaped(textOf(value), max)
    }
  },
  slack_timestamp: {
    isMarkup: true,
    handler(value, [format], job) {
      ofSlack(job)
      const ms = momentOf(value)
      const shown = textOf(format ?? '{date_short_pretty} {time}').replace(/[\^|<>&]/g, '')
      const plain = formatMoment(ms, job.renderOptions).replace(/[\^|<>&]/g, '')
      return written(`<!date^${Math.floor(ms / secondMs)}^${shown}|${plain}>`, job)
    }
  },
  slack_link: {
    isMarkup: true,
    handler(value, [label], job) {
      ofSlack(job)
      const url = textOf(value)
      const text = textOf(label ?? value).replaceAll('|', '¦')
      if (!isAddress(url)) return markValue(text)
      return `${written(`<${slackAddress(url)}|`, job)}${markValue(text)}>`
    }
  },
  slack_button: {
    isMarkup: true,
    handler(value, [target], job) {
      ofSlack(job)
      if (job.form.syntax !== 'json')
        throw new Error('is for templates named *.json.liquid; a text has the usual buttons under it')
      const label = cut(textOf(value), slackLimits.label)
      const wanted = textOf(target)
      const button = isAddress(wanted) ? linkButton(label, wanted) : actionButton(label, wanted, job)
      if (button === undefined)
        throw new Error('takes acknowledge, silence, escalate, or an address such as links.dashboard')
      return button === null || label === '' ? '' : markedJson(button)
    }
  }
}
