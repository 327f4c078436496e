import type { NotificationRecord } from '../alert/types.ts'
import type { Anomaly, Severity } from '../detect/types.ts'
import { dashboardUrl } from './dashboard.ts'
import { amountOf, type Locale, reasonText, spanOf, subjectOf, whereOf, wholeOf } from './describe.ts'
import type { Http } from './http.ts'
import { formsOf } from './mask.ts'
import { cut, cutWithNotice, plain, slackEscape, withoutLinks } from './text.ts'
import type { Channel } from './types.ts'

export interface SlackOptions extends Locale {
  readonly webhookUrl: string
  readonly dashboardTemplate: string | null
  readonly http: Http
}

/** A Slack incoming webhook. */
export function createSlackChannel(options: SlackOptions): Channel {
  const { webhookUrl, http } = options
  const secrets = formsOf(webhookUrl)
  return {
    type: 'slack',
    address: webhookUrl,
    send: notification => http.post(webhookUrl, slackMessage(notification, options), secrets)
  }
}

const colors: Readonly<Record<Severity, string>> = {
  critical: '#d32f2f',
  high: '#ff9800',
  medium: '#ffc107',
  low: '#2196f3'
}
const resolvedColor = '#36a64f'
const emojis: Readonly<Record<Severity, string>> = { critical: '🚨', high: '🔶', medium: '⚠️', low: 'ℹ️' }

/** Far under what Slack refuses (150, 2,000, 3,000 a part, about 11,000 in all), so that all parts fit together. */
const max = { title: 140, field: 300, details: 2_500, line: 280, lines: 2_800, text: 600 }

type Block = Readonly<Record<string, unknown>>
export interface SlackMessage {
  readonly text: string
  readonly attachments: readonly [{ readonly color: string; readonly blocks: readonly Block[] }]
  readonly [option: string]: unknown
}

export type SlackLook = Locale & Pick<SlackOptions, 'dashboardTemplate'>

/** The message for a notification. Nothing in it can mention, link or break out, whatever the anomaly's texts hold. */
export function slackMessage(notification: NotificationRecord, look: SlackLook): SlackMessage {
  const { action, severity, anomalies } = notification
  const anomaly = anomalies.at(-1)
  const title = titleOf(notification)
  const note = reasonText(notification)
  const blocks: Block[] = [{ type: 'header', text: plainText(cut(title, max.title)) }]
  if (note) blocks.push(section(note))
  if (action === 'summary') blocks.push(section(summaryLines(anomalies, look)))
  else if (anomaly) blocks.push(...about(notification, anomaly, look))
  const url = dashboardUrl(look.dashboardTemplate, notification)
  if (url) blocks.push(viewDashboard(url))
  const origin = `cartwatch · ${plain(notification.pipeline)} · incident ${notification.incidentId}`
  blocks.push({ type: 'context', elements: [plainText(cut(origin, max.field))] })
  const details = anomaly && action === 'trigger' ? `: ${plain(anomaly.details)}` : ''
  return {
    text: slackEscape(withoutLinks(`${title}${details}`), max.text),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    attachments: [{ color: action === 'resolve' ? resolvedColor : colors[severity], blocks }]
  }
}

function titleOf(notification: NotificationRecord): string {
  const { action, severity, anomalies, reason } = notification
  const test = reason === 'test' ? 'TEST · ' : ''
  if (action === 'resolve') return `✅ ${test}Resolved: ${subjectOf(notification)}`
  if (action === 'summary') {
    return `🗂️ Caught up: ${anomalies.length} incident${anomalies.length === 1 ? '' : 's'} found late`
  }
  return `${emojis[severity]} ${test}${severity.toUpperCase()}: ${subjectOf(notification)}`
}

function about({ severity }: NotificationRecord, anomaly: Anomaly, look: Locale): Block[] {
  const { metric, segment, value, expected, windowStart, windowEnd } = anomaly
  const fields: Block[] = [
    field('Severity', severity),
    field('Time', spanOf(windowStart, windowEnd, look)),
    field('Current', `${amountOf(metric, value, look)} (${plain(metric)})`),
    field('Expected', amountOf(metric, expected, look))
  ]
  if (segment !== 'all') fields.push(plainText(cut(`Segment\n${plain(segment)}`, max.field)))
  const where = whereOf(anomaly, look)
  return [
    { type: 'section', fields },
    section(plain(anomaly.details) || 'No details.'),
    ...(where.length > 0 ? [section(['Where', ...where].join('\n'))] : [])
  ]
}

function summaryLines(anomalies: readonly Anomaly[], look: Locale): string {
  const lines: string[] = []
  let length = 0
  for (const anomaly of anomalies) {
    const { openedAt, lasts } = wholeOf(anomaly)
    const span = spanOf(openedAt, anomaly.windowEnd, look)
    const still = lasts ? ' (still there)' : ''
    const line = `• ${anomaly.severity} · ${subjectOf(anomaly)} · ${span}${still}: ${plain(anomaly.details)}`
    if (length + max.line > max.lines) break
    lines.push(cut(line, max.line))
    length += Math.min(line.length, max.line) + 1
  }
  const rest = anomalies.length - lines.length
  if (rest > 0) lines.push(`… and ${rest} more; cartwatch anomalies lists them all.`)
  return lines.join('\n')
}

// Plain text is neither parsed nor linked by Slack; only the labels of our own values are markup.
const plainText = (text: string): Block => ({ type: 'plain_text', text, emoji: false })
const section = (text: string): Block => ({
  type: 'section',
  text: plainText(cutWithNotice(text, max.details + 400))
})
const field = (label: string, text: string): Block => ({
  type: 'mrkdwn',
  text: `*${label}*\n${slackEscape(withoutLinks(text), max.field)}`,
  verbatim: true
})

const viewDashboard = (url: string): Block => ({
  type: 'actions',
  elements: [{ type: 'button', text: plainText('View Dashboard'), url, action_id: 'view_dashboard' }]
})
