import type * as slack from '@slack/types'
import type { NotificationRecord } from '../../incident/types.ts'
import { colorOf } from '../message/color.ts'
import { runsOf } from '../message/links.ts'
import { composeMessage, type Message, type Part } from '../message/message.ts'
import { plainlyOf } from '../message/plain-fallback.ts'
import { cut, linesWithin, slackEscape, withoutLinks } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'
import {
  button,
  buttonsOf,
  linkButton,
  plainText,
  type SlackAction,
  sentBack,
  type WithButtons
} from './buttons.ts'

export type SlackBlock =
  | slack.HeaderBlock
  | slack.SectionBlock
  | slack.ContextBlock
  | SlackRichText
  | (slack.ActionsBlock & { elements: readonly SlackAction[] })

type RichTextPart = { type: 'text'; text: string } | { type: 'link'; text: string; url: string }
interface SlackRichText {
  readonly type: 'rich_text'
  readonly elements: readonly [
    { readonly type: 'rich_text_section'; readonly elements: readonly RichTextPart[] }
  ]
}

export interface SlackMessage {
  /** For phones and screen readers: where a message has blocks of its own, Slack shows them in place of it. */
  readonly text: string
  readonly blocks: readonly SlackBlock[]
  /** With the colour; none where the first blocks have it all. */
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly SlackBlock[] }[]
  readonly [option: string]: unknown
}

/** Characters of each passage: together within `slackLimits.whole`. */
const max = { title: 140, text: 600, field: 220, notes: 600, line: 300, origin: 280, update: 1_500 }
const most: Readonly<Record<Part['key'], number>> = {
  details: 1_500,
  changes: 500,
  symptoms: 1_200,
  picture: 120,
  where: 1_300,
  reported: 1_300,
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
    .map(({ label, text }) => message.t('labelled', { label, text }))
  const headline = marked(message, message.headline)
  const lines = [...message.notes, ...figures]
  const rest = lines.length > 0 ? [section(linesWithin(lines, max.text, max.update, message.t))] : []
  const first = [...mentionsOf(notification), section(cut(headline, max.text))]
  return framed(headline, first, colorOf(message), rest)
}

export function plainSlackMessage(notification: NotificationRecord, problem: string): SlackMessage {
  const text = plainlyOf(notification, problem)
  return framed(text, [section(text)], colorOf({ state: 'open', severity: notification.severity }), [])
}

/** One message, of which a template of the configuration says how it reads. */
export interface OwnMessage extends WithButtons {
  /** The built-in message. */
  readonly message: Message
}

interface OwnLayout extends Partial<Pick<SlackMessage, 'text' | 'attachments'>> {
  readonly blocks: readonly SlackBlock[]
  /** The usual ones under it. */
  readonly buttons: boolean
}

/** A message in the user's words. Whom an escalation mentions stays, whatever they are. */
export function ownSlackMessage(
  { notification, renderOptions, message, isEdited }: OwnMessage,
  { text, blocks, attachments = [], buttons }: OwnLayout
): SlackMessage {
  const elements = buttons ? buttonsOf({ notification, renderOptions, message, isEdited }) : []
  const rows: SlackBlock[] = elements.length > 0 ? [{ type: 'actions', elements }] : []
  const first = [...mentionsOf(notification), ...blocks]
  const framedOne = framed(marked(message, message.headline), first, colorOf(message), rows)
  return {
    ...framedOne,
    ...(text !== undefined && { text }),
    attachments: [...attachments, ...framedOne.attachments]
  }
}

/** A button that acts; null where the message cannot have it now, undefined where there is no such action. */
export function actionButton(
  text: string,
  action: string,
  { notification, renderOptions, message, isEdited }: OwnMessage
): slack.Button | null | undefined {
  const may = new Map([
    ['acknowledge', message.mayAcknowledge],
    ['silence', message.maySilence],
    ['escalate', message.mayEscalate]
  ]).get(action)
  if (may === undefined) return action === '' ? null : undefined
  if (may && renderOptions.interactive)
    return { ...button(text, action), value: sentBack(notification, isEdited, renderOptions) }
  const page = message.links.find(({ id }) => id === 'acknowledge_link')?.url
  return action === 'acknowledge' && page !== undefined ? linkButton(text, page) : null
}

function whole(
  notification: NotificationRecord,
  renderOptions: RenderOptions,
  isEdited: boolean
): SlackMessage {
  const message = composeMessage(notification, renderOptions)
  const isDetails = ({ key }: Part) => key === 'details'
  const first: SlackBlock[] = [
    { type: 'header', text: plainText(cut(marked(message, message.title), max.title)) },
    ...mentionsOf(notification),
    ...message.parts.filter(isDetails).map(part => passage(part, message))
  ]
  const blocks: SlackBlock[] = []
  if (message.notes.length > 0)
    blocks.push(section(linesWithin(message.notes, max.line, max.notes, message.t)))
  if (message.facts.length > 0) {
    const fields = message.facts.map(({ label, text }) => field(label, text))
    blocks.push({ type: 'section', fields })
  }
  for (const part of message.parts) if (!isDetails(part)) blocks.push(passage(part, message))
  const elements = buttonsOf({ notification, renderOptions, message, isEdited })
  if (elements.length > 0) blocks.push({ type: 'actions', elements })
  blocks.push({ type: 'context', elements: [plainText(cut(message.origin, max.origin))] })
  return framed(marked(message, message.headline), first, colorOf(message), blocks)
}

/** Whom an escalation mentions: the only markup in a message, made of the configuration's ids alone. */
function mentionsOf({ escalated }: NotificationRecord): SlackBlock[] {
  const mention = escalated?.mention ?? []
  if (mention.length === 0) return []
  return [{ type: 'section', text: { type: 'mrkdwn', text: mention.map(mentionOf).join(' ') } }]
}

function mentionOf(id: string): string {
  if (id === 'here' || id === 'channel') return `<!${id}>`
  return id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`
}

function framed(
  text: string,
  first: readonly SlackBlock[],
  color: string,
  rest: readonly SlackBlock[]
): SlackMessage {
  return {
    text: slackEscape(withoutLinks(text), max.text),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: first,
    attachments: rest.length > 0 ? [{ color, blocks: rest }] : []
  }
}

const marked = ({ mark }: Message, text: string): string => `${mark} ${text}`

function passage({ key, heading, lines, links }: Part, { t }: Message): SlackBlock {
  const text = linesWithin(lines, max.line, most[key], t)
  const whole = heading === null ? text : `${heading}\n${text}`
  return links.length > 0 ? linked(whole, links) : section(whole)
}

/** Rich text is shown as it is: nothing but its links is one. */
function linked(whole: string, links: readonly string[]): SlackRichText {
  const elements = runsOf(whole, links).map(
    ({ text, url }): RichTextPart =>
      url === null ? { type: 'text', text: withoutLinks(text) } : { type: 'link', text, url }
  )
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }
}

const section = (text: string): slack.SectionBlock => ({ type: 'section', text: plainText(text) })
const field = (label: string, text: string): slack.MrkdwnElement => ({
  type: 'mrkdwn',
  text: `*${label}*\n${slackEscape(withoutLinks(text), max.field)}`,
  verbatim: true
})
