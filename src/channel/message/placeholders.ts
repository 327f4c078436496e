import type { NotificationRecord } from '../../incident/types.ts'
import { slackLimits } from '../slack/limits.ts'
import { dashboardPlaceholders } from '../types.ts'
import { addressesIn } from './links.ts'
import { cut, plain } from './text.ts'

type Placeholder = (typeof dashboardPlaceholders)[number]

const placeholder = /\{([^{}]*)\}/g
const known: ReadonlySet<string> = new Set(dashboardPlaceholders)

/** Of one value within a text. */
const maxValueLength = 120

/** A URL's template filled in with encoded values; null where that gives no address a receiver takes. */
export function filledUrl(template: string | null, notification: NotificationRecord): string | null {
  const values = valuesOf(notification)
  if (template === null || !values) return null
  const url = template.replaceAll(placeholder, (written, name: string) =>
    known.has(name) ? encodeURIComponent(values[name as Placeholder].toWellFormed()) : written
  )
  return isAddress(url) ? url : null
}

/** A text of the configuration, ready to be shown: on one line, with the addresses that it names itself. */
export interface FilledText {
  readonly text: string
  readonly links: readonly string[]
}

/** A text's template filled in with values as they may be shown; a value is never, and never ends, a link of its own. */
export function filledText(template: string, notification: NotificationRecord): FilledText {
  const values = valuesOf(notification)
  const links: string[] = []
  const parts = addressesIn(template).map(({ text, url }) => {
    const address = url && filledUrl(url, notification)
    if (address && plain(address) === address) {
      links.push(address)
      return address
    }
    if (!values) return text
    return text.replaceAll(placeholder, (written, name: string) =>
      known.has(name) ? cut(plain(values[name as Placeholder]), maxValueLength) : written
    )
  })
  return { text: plain(parts.join('')), links }
}

export const unknownPlaceholders = (template: string): readonly string[] =>
  [...template.matchAll(placeholder)].map(match => match[1] ?? '').filter(name => !known.has(name))

/** Whether a receiver takes it as a link: PagerDuty has Slack's limit. */
export const isAddress = (url: string): boolean =>
  url.length <= slackLimits.url && /^https?:\/\/\S+$/.test(url) && URL.canParse(url)

function valuesOf(notification: NotificationRecord): Readonly<Record<Placeholder, string>> | undefined {
  const anomaly = notification.anomalies.at(-1)
  if (!anomaly) return undefined
  return {
    kind: notification.kind,
    segment: notification.segment,
    metric: anomaly.metric,
    severity: notification.severity,
    pipeline: notification.pipeline,
    id: anomaly.id,
    incident: notification.incidentId,
    window_start: new Date(anomaly.windowStart).toISOString(),
    window_end: new Date(anomaly.windowEnd).toISOString(),
    window_start_ms: String(anomaly.windowStart),
    window_end_ms: String(anomaly.windowEnd)
  }
}
