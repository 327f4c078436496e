import type * as slack from '@slack/types'
import type { Severity } from '../../../detectors/types.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { colorOf } from '../message/color.ts'
import { composeMessage, type Message, type Part } from '../message/message.ts'
import { plainlyOf } from '../message/plain-fallback.ts'
import { cut, linesWithin, slackEscape, withoutLinks } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'

export type SlackBlock =
  | slack.HeaderBlock
  | slack.SectionBlock
  | slack.ContextBlock
  | (slack.ActionsBlock & { elements: slack.Button[] })

export interface SlackMessage {
  readonly text: string
  readonly attachments: readonly [{ readonly color: string; readonly blocks: readonly SlackBlock[] }]
  readonly [option: string]: unknown
}

const emojis: Readonly<Record<Severity, string>> = { critical: '🚨', high: '🔶', medium: '⚠️', low: 'ℹ️' }

/** Characters of each passage: together within `slackLimits.whole`. */
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
  whole(notification, renderOptions, false)

/** The same where its sender edits it later: a click on it says so, and need not change the message itself. */
export const editedSlackMessage = (
  notification: NotificationRecord,
  renderOptions: RenderOptions
): SlackMessage => whole(notification, renderOptions, true)

/** The reply in the thread after its first message was edited. */
export function slackUpdate(notification: NotificationRecord, renderOptions: RenderOptions): SlackMessage {
  const message = composeMessage(notification, renderOptions)
  const figures = message.facts
    .filter(({ key }) => key !== 'severity' && key !== 'segment')
    .map(({ label, text }) => `${label}: ${text}`)
  const headline = marked(message, message.headline)
  const lines = [headline, ...message.notes, ...figures]
  return framed(headline, colorOf(message), [section(linesWithin(lines, max.text, max.update))])
}

export function plainSlackMessage(notification: NotificationRecord, problem: string): SlackMessage {
  const text = plainlyOf(notification, problem)
  return framed(text, colorOf({ state: 'open', severity: notification.severity }), [section(text)])
}

function whole(
  notification: NotificationRecord,
  renderOptions: RenderOptions,
  isEdited: boolean
): SlackMessage {
  const message = composeMessage(notification, renderOptions)
  const blocks: SlackBlock[] = [
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

function framed(text: string, color: string, blocks: readonly SlackBlock[]): SlackMessage {
  return {
    text: slackEscape(withoutLinks(text), max.text),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    attachments: [{ color, blocks }]
  }
}

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
  const buttons: slack.Button[] = []
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
const plainText = (text: string): slack.PlainTextElement => ({ type: 'plain_text', text, emoji: false })
const section = (text: string): slack.SectionBlock => ({ type: 'section', text: plainText(text) })
const button = (text: string, id: string): slack.Button => ({
  type: 'button',
  text: plainText(text),
  action_id: id
})
const field = (label: string, text: string): slack.MrkdwnElement => ({
  type: 'mrkdwn',
  text: `*${label}*\n${slackEscape(withoutLinks(text), max.field)}`,
  verbatim: true
})
