import { kindOf } from '../../../detectors/kind-of.ts'
import { isAbove } from '../../../detectors/rules/severity.ts'
import type { Anomaly, SegmentShare } from '../../../detectors/types.ts'
import type { ActionVia, NotificationRecord } from '../../incident/types.ts'
import type { Unit } from '../../metrics/types.ts'
import { dayMs, hourMs, minuteMs, secondMs } from '../../time/units.ts'
import type { RenderOptions } from '../types.ts'
import { cut, plain, plainStart } from './text.ts'

/** Of a name in a title; receivers cut it further. */
const longestName = 300

/** `revenue_drop` as a person writes it; of a kind that another version has, out of its name. */
function titleOf(kind: string): string {
  const title = kindOf(kind)?.title
  if (title !== undefined) return title
  const words = plainStart(kind, longestName).replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a message is about: the probable cause where there is one, else the kind; and where. */
export function subjectOf({ kind, segment, incident }: Subject): string {
  const title = incident?.cause?.title ?? titleOf(kind)
  return segment === 'all' ? title : `${title} · ${plainStart(segment, longestName)}`
}

/** `[staging] `, before what names a message; nothing where the configuration names no environment. */
export const environmentMark = ({ environment }: Pick<RenderOptions, 'environment'>): string =>
  environment === undefined ? '' : `[${environment}] `

interface Subject extends Pick<NotificationRecord, 'kind' | 'segment'> {
  readonly incident?: NotificationRecord['incident']
}

/** A value as a person reads it. */
export function formatAmount(
  unit: Unit,
  value: number,
  { currency }: Pick<RenderOptions, 'currency'>
): string {
  if (!Number.isFinite(value)) return 'unknown'
  switch (unit) {
    case 'money':
      return moneyFormat(currency).format(value)
    case 'share':
      return `${format(value * 100, 1)} %`
    case 'seconds':
      return `${numberText(value)} s`
    case 'bytes':
      return bytesText(value)
    case 'count':
    case 'number':
      return numberText(value)
    default:
      return unit satisfies never
  }
}

/** Keeps what is costly to make: there are as many as a configuration has currencies and zones. */
function keep<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>()
  return key => {
    const one = made.get(key) ?? make(key)
    made.set(key, one)
    return one
  }
}

const moneyFormat = keep(
  currency => new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 2 })
)
const numberFormat = keep(digits => new Intl.NumberFormat('en', { maximumFractionDigits: Number(digits) }))
const format = (value: number, digits: number): string => numberFormat(String(digits)).format(value)
const numberText = (value: number): string => format(value, Math.abs(value) < 100 ? 1 : 0)

const byteUnits = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** In units of a thousand: `1.5 GB`. */
function bytesText(value: number): string {
  const power = Math.min(
    byteUnits.length - 1,
    Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3))
  )
  return `${format(value / 1_000 ** power, 1)} ${byteUnits[power]}`
}

/** A name from events may be of any length; a line holds this much of it. */
const longestSegment = 120

/** A segment's part in a finding: `payment_method=paypal · 97 % of the change · $12.00 instead of $430.00`. */
export function formatShare(
  unit: Unit,
  { segment, share, value, expected }: SegmentShare,
  renderOptions: RenderOptions
): string {
  const change = `${formatAmount(unit, value, renderOptions)} instead of ${formatAmount(unit, expected, renderOptions)}`
  return `${plainStart(segment, longestSegment)} · ${format(share * 100, 0)} % of the change · ${change}`
}

const spanFormat = keep(
  timeZone => new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone })
)

/** The span [fromMs, toMs), e.g. `21 Nov 2026, 10:02 – 10:05 UTC`. */
export function formatSpan(
  fromMs: number,
  toMs: number,
  { timezone }: Pick<RenderOptions, 'timezone'>
): string {
  return `${spanFormat(timezone)
    .formatRange(fromMs, toMs)
    .replaceAll(/[\u2009\u202f]/g, ' ')} ${timezone}`
}

/** `21 Nov 2026, 10:02 UTC`. */
export const formatMoment = (ms: number, { timezone }: Pick<RenderOptions, 'timezone'>): string =>
  `${spanFormat(timezone).format(ms)} ${timezone}`

const units = [
  ['d', dayMs],
  ['h', hourMs],
  ['min', minuteMs],
  ['s', secondMs]
] as const

/** In its two greatest units: `4 h`, `1 d 3 h`, `45 s`. */
export function durationOf(ms: number): string {
  const first = units.findIndex(([, length]) => ms >= length)
  if (first < 0) return '0 s'
  let rest = ms
  return units
    .slice(first, first + 2)
    .map(([unit, length]) => {
      const count = Math.floor(rest / length)
      rest -= count * length
      return count > 0 ? `${count} ${unit}` : ''
    })
    .filter(Boolean)
    .join(' ')
}

const ways: Readonly<Record<ActionVia, string>> = {
  slack: 'in Slack',
  pagerduty: 'in PagerDuty',
  link: 'by its link',
  cli: 'on the command line',
  api: 'by the API'
}

/** `Ann in Slack`; null where nobody did, or the severity rose above what was acknowledged. */
export function acknowledgedBy({ incident }: NotificationRecord): string | null {
  const taken = incident?.acknowledged
  if (!incident || !taken) return null
  return isAbove(incident.severity, taken.severity)
    ? null
    : `${cut(plain(taken.by), 80) || 'somebody'} ${ways[taken.via]}`
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
