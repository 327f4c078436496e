import type { Severity } from '../../../detectors/types.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { composeMessage, type Message, type Part } from '../message/message.ts'
import { plainlyOf } from '../message/plain-fallback.ts'
import { cut, linesWithin, slackEscape, withoutLinks } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'

type Block = Readonly<Record<string, unknown>>

export interface SlackMessage {
  readonly text: string
  readonly attachments: readonly [{ readonly color: string; readonly blocks: readonly Block[] }]
  readonly [option: string]: unknown
}

const colors: Readonly<Record<Severity, string>> = {
  critical: '#d32f2f',
  high: '#ff9800',
  medium: '#ffc107',
  low: '#2196f3'
}
const resolvedColor = '#36a64f'
const emojis: Readonly<Record<Severity, string>> = { critical: '🚨', high: '🔶', medium: '⚠️', low: 'ℹ️' }

/** Characters of each passage: together under 9,000, since Slack refuses some 11,000. */
const max = { title: 140, text: 600, field: 220, notes: 600, line: 300, origin: 280, update: 1_500 }
const most: Readonly<Record<Part['key'], number>> = {
  details: 1_500,
  picture: 120,
  where: 1_300,
  check_first: 700,
  explains: 700,
  incidents: 2_800
}

/** The message for a notification. Nothing in it can mention, link or break out, whatever the anomaly's texts hold. */
export const slackMessage = (notification: NotificationRecord, renderOptions: RenderOptions): SlackMessage =>
  whole(composeMessage(notification, renderOptions), notification, renderOptions, false)

/** The same where its sender edits it later: a click on it says so, and need not change the message itself. */
export const editedSlackMessage = (
  notification: NotificationRecord,
  renderOptions: RenderOptions
): SlackMessage => whole(composeMessage(notification, renderOptions), notification, renderOptions, true)

/** The reply in the thread after its first message was edited. */
export const slackUpdate = (notification: NotificationRecord, renderOptions: RenderOptions): SlackMessage =>
  update(composeMessage(notification, renderOptions))

export function plainSlackMessage(notification: NotificationRecord, problem: string): SlackMessage {
  const text = plainlyOf(notification, problem)
  return framed(text, colors[notification.severity], [section(text)])
}

function whole(
  message: Message,
  notification: NotificationRecord,
  renderOptions: RenderOptions,
  isEdited: boolean
): SlackMessage {
  const blocks: Block[] = [
    { type: 'header', text: plainText(cut(marked(message, message.title), max.title)) }
  ]
  if (message.notes.length > 0) blocks.push(section(linesWithin(message.notes, max.line, max.notes)))
  if (message.facts.length > 0) {
    const fields = message.facts.map(({ label, text }) => field(label, text))
    blocks.push({ type: 'section', fields })
  }
  for (const part of message.parts) blocks.push(section(passage(part)))
  const elements = buttonsOf(message, sentBack(notification, isEdited), renderOptions)
  if (elements.length > 0) blocks.push({ type: 'actions', elements })
  blocks.push({ type: 'context', elements: [plainText(cut(message.origin, max.origin))] })
  return framed(marked(message, message.headline), colorOf(message), blocks)
}

function update(message: Message): SlackMessage {
  const figures = message.facts
    .filter(({ key }) => key !== 'severity' && key !== 'segment')
    .map(({ label, text }) => `${label}: ${text}`)
  const lines = [...message.notes, ...figures]
  const headline = marked(message, message.headline)
  const blocks = [section(linesWithin([headline, ...lines], max.text, max.update))]
  return framed(headline, colorOf(message), blocks)
}

function framed(text: string, color: string, blocks: readonly Block[]): SlackMessage {
  return {
    text: slackEscape(withoutLinks(text), max.text),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    attachments: [{ color, blocks }]
  }
}

const colorOf = ({ state, severity }: Message): string =>
  state === 'resolved' ? resolvedColor : colors[severity]

function marked({ state, severity }: Message, text: string): string {
  const marks = { open: emojis[severity], acknowledged: '👀', resolved: '✅', summary: '🗂️' }
  return `${marks[state]} ${text}`
}

function passage({ key, heading, lines }: Part): string {
  const text = linesWithin(lines, max.line, most[key])
  return heading === null ? text : `${heading}\n${text}`
}

/** What a click on a button sends. */
const sentBack = ({ incidentId, severity }: NotificationRecord, isEdited: boolean): string =>
  JSON.stringify({ incident: incidentId, severity, ...(isEdited && { edited: true }) })

function buttonsOf(
  { mayAcknowledge, maySilence, links }: Message,
  value: string,
  renderOptions: RenderOptions
) {
  const buttons: Block[] = []
  if (renderOptions.interactive && mayAcknowledge) {
    buttons.push({ ...button('Acknowledge', 'acknowledge'), value, style: 'primary' })
  }
  if (renderOptions.interactive && maySilence) buttons.push({ ...button('Silence 1 h', 'silence'), value })
  for (const { id, text, url } of links) {
    if (id !== 'acknowledge_link' || !renderOptions.interactive) buttons.push({ ...button(text, id), url })
  }
  return buttons
}

// Plain text is neither parsed nor linked by Slack; only the labels of our own values are markup.
const plainText = (text: string): Block => ({ type: 'plain_text', text, emoji: false })
const section = (text: string): Block => ({ type: 'section', text: plainText(text) })
const button = (text: string, id: string): Block => ({ type: 'button', text: plainText(text), action_id: id })
const field = (label: string, text: string): Block => ({
  type: 'mrkdwn',
  text: `*${label}*\n${slackEscape(withoutLinks(text), max.field)}`,
  verbatim: true
})
