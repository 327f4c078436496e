import type { NotificationRecord } from '../alert/types.ts'
import type { Anomaly } from '../detect/types.ts'
import { cut, plain } from './text.ts'

export interface Locale {
  /** The shop's currency, ISO 4217. */
  readonly currency: string
  /** IANA name of the time zone that times are shown in. */
  readonly timezone: string
}

/** `revenue_drop` as a person writes it. */
export function titleOf(kind: string): string {
  const words = plain(kind).replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function subjectOf({ kind, segment }: { kind: string; segment: string }): string {
  return segment === 'all' ? titleOf(kind) : `${titleOf(kind)} · ${plain(segment)}`
}

const money: ReadonlySet<string> = new Set([
  'revenue',
  'net_revenue',
  'average_order_value',
  'order_value_p50'
])

/** A metric's value as a person reads it: money, a share or a rate, or a number. */
export function amountOf(metric: string, value: number, { currency }: Locale): string {
  if (!Number.isFinite(value)) return 'unknown'
  if (metric.endsWith('_rate') || metric.endsWith('_share')) return `${format(value * 100, 1)} %`
  if (!money.has(metric)) return format(value, Math.abs(value) < 100 ? 1 : 0)
  return new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 2 }).format(value)
}

const format = (value: number, digits: number): string =>
  new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(value)

/** A name from events may be of any length; a line holds this much of it. */
const longestSegment = 120

/**
 * Where a finding sits, a line for each segment, the one with the greatest share of the change first:
 * `payment_method=paypal · 97 % of the change · $12.00 instead of $430.00`.
 */
export function whereOf(anomaly: Anomaly, locale: Locale): readonly string[] {
  // An anomaly that was stored before segments were followed has none.
  const { metric, explainedBy = [] } = anomaly
  return explainedBy.map(({ segment, share, value, expected }) => {
    const change = `${amountOf(metric, value, locale)} instead of ${amountOf(metric, expected, locale)}`
    return `${cut(plain(segment), longestSegment)} · ${format(share * 100, 0)} % of the change · ${change}`
  })
}

/** The span [fromMs, toMs), e.g. `21 Nov 2026, 10:02 – 10:05 UTC`. */
export function spanOf(fromMs: number, toMs: number, { timezone }: Locale): string {
  const formatter = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: timezone
  })
  const zone = timezone === 'UTC' ? 'UTC' : timezone
  return `${formatter.formatRange(fromMs, toMs).replaceAll(/[\u2009\u202f]/g, ' ')} ${zone}`
}

/** Why this message came, where that isn't plain from its being there; null otherwise. */
export function reasonText({ reason }: NotificationRecord): string | null {
  if (reason.startsWith('refused_elsewhere:')) {
    const receiver = cut(plain(reason.slice(reason.indexOf(':') + 1)), 80)
    return `Passed on: the receiver ${receiver} refused this message for good.`
  }
  if (reason === 'test') return 'This is a test of cartwatch: nothing is wrong.'
  if (reason === 'severity_rose') return 'The severity rose.'
  if (reason === 'came_back') return 'The condition cleared and came back.'
  if (reason === 'still_open') return 'Found while catching up, and still there.'
  return null
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
