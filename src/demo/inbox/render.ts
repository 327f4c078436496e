import { visible } from '../../telemetry/visible.ts'
import type { InboxMessage } from './inbox.ts'
import { isJsonObject, type Json, type JsonObject, stringOf, textWithin } from './json.ts'

/** A message as a few lines for a terminal; nothing in it can move the cursor or change a colour. */
export function renderMessage(message: InboxMessage): string {
  const lines = linesOf(message)
  const refused = message.accepted ? [] : [`refused: ${message.status} ${message.answer}`]
  const name = nameOf(message)
  const [first = '(nothing)', ...rest] = [...refused, ...lines].flatMap(line => clean(line).split('\n'))
  return [`┌ ${name} ─ ${first}`, ...rest.map(line => `│ ${line}`)].join('\n')
}

function linesOf(message: InboxMessage): string[] {
  const { type, body } = message
  switch (type) {
    case 'slack':
    case 'slack_bot':
      return slackLines(body)
    case 'pagerduty':
      return pagerDutyLines(message)
    case 'teams':
      return teamsLines(body)
    case 'webhook':
      return [isJsonObject(body) ? stringOf(body.text) : '']
    default:
      throw type satisfies never
  }
}

function nameOf({ type, to }: InboxMessage): string {
  const names = {
    slack: `Slack #${to}`,
    slack_bot: 'Slack bot',
    pagerduty: 'PagerDuty',
    teams: `Teams ${to}`,
    webhook: `webhook ${to}`
  }
  return names[type]
}

function slackLines(body: Json | undefined): string[] {
  if (!isJsonObject(body)) return []
  const attachments = Array.isArray(body.attachments) ? body.attachments : []
  const blocks = [body, ...attachments].flatMap(part =>
    isJsonObject(part) && Array.isArray(part.blocks) ? part.blocks : []
  )
  const lines = blocks.filter(isJsonObject).flatMap(blockLines)
  return lines.length ? lines : [stringOf(body.text)]
}

function blockLines(block: JsonObject): string[] {
  if (block.type === 'actions' && Array.isArray(block.elements)) {
    return block.elements
      .filter(isJsonObject)
      .map(button => `[${textWithin(button)}] ${stringOf(button.url)}`)
  }
  if (Array.isArray(block.fields)) {
    return block.fields.map(field => shown(textWithin(field)).replace(/^\*?([^*\n]*)\*?\n/, '$1: '))
  }
  return [shown(textWithin(block))]
}

function pagerDutyLines({ body, effect }: InboxMessage): string[] {
  if (!isJsonObject(body)) return []
  const payload = isJsonObject(body.payload) ? body.payload : {}
  const about = payload.summary
    ? `${stringOf(payload.severity)}: ${stringOf(payload.summary)}`
    : stringOf(body.dedup_key)
  return [`${stringOf(body.event_action)} (${effect ?? 'no effect'}) ${about}`]
}

function teamsLines(body: Json | undefined): string[] {
  const [attachment] = isJsonObject(body) && Array.isArray(body.attachments) ? body.attachments : []
  const card = isJsonObject(attachment) && isJsonObject(attachment.content) ? attachment.content : {}
  const { body: elements = [], actions = [] } = card
  const texts = [elements]
    .flat()
    .map(element => (isJsonObject(element) ? [element.inlines ?? []].flat() : []))
  return [
    ...texts.map(runs => shown(runs.map(run => (isJsonObject(run) ? stringOf(run.text) : '')).join(''))),
    ...[actions]
      .flat()
      .map(action => (isJsonObject(action) ? `[${stringOf(action.title)}] ${stringOf(action.url)}` : ''))
  ]
}

/** As Slack shows it: the joiners that keep it from making links are not seen there. */
const shown = (text: string): string =>
  text.replaceAll('\u2060', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** Line by line: one of `lines` may hold several. */
const clean = (text: string): string => text.split('\n').map(visible).join('\n')
