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

/** A metric's value as a person reads it: money, a share of a rate, or a number. */
export function amountOf(metric: string, value: number, { currency }: Locale): string {
  if (!Number.isFinite(value)) return 'unknown'
  if (metric.endsWith('_rate')) return `${format(value * 100, 1)} %`
  if (metric !== 'revenue') return format(value, Math.abs(value) < 100 ? 1 : 0)
  return new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 2 }).format(value)
}

const format = (value: number, digits: number): string =>
  new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(value)

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
