import { visible } from '../../telemetry/visible-text.ts'
import type { InboxMessage } from './inbox.ts'
import { isJsonObject, type Json, listAt, textAt, textWithin } from './json.ts'

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
      return [textAt(body, 'text')]
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
  const own = listAt(body, 'blocks')
  const attached = listAt(body, 'attachments').flatMap(part => listAt(part, 'blocks'))
  // Blocks of the message itself take the place of its text; those of attachments do not.
  const text = own.length > 0 ? [] : [shown(textAt(body, 'text'))]
  return [...text, ...[...own, ...attached].flatMap(blockLines)]
}

function blockLines(block: Json): string[] {
  if (textAt(block, 'type') === 'actions') {
    return listAt(block, 'elements').map(button => `[${textWithin(button) || '…'}] ${textAt(button, 'url')}`)
  }
  if (textAt(block, 'type') === 'rich_text') {
    const runs = listAt(block, 'elements').flatMap(part => listAt(part, 'elements'))
    return [shown(runs.map(run => textAt(run, 'text')).join(''))]
  }
  const fields = listAt(block, 'fields')
  if (fields.length === 0) return [shown(textWithin(block))]
  return fields.map(field => shown(textWithin(field)).replace(/^\*?([^*\n]*)\*?\n/, '$1: '))
}

function pagerDutyLines({ body, effect }: InboxMessage): string[] {
  if (!isJsonObject(body)) return []
  const { payload } = body
  const summary = textAt(payload, 'summary')
  const about = summary ? `${textAt(payload, 'severity')}: ${summary}` : textAt(body, 'dedup_key')
  return [`${textAt(body, 'event_action')} (${effect ?? 'no effect'}) ${about}`]
}

function teamsLines(body: Json | undefined): string[] {
  const [attachment] = listAt(body, 'attachments')
  const card = isJsonObject(attachment) ? attachment['content'] : undefined
  const textOf = (element: Json) =>
    listAt(element, 'inlines')
      .map(run => textAt(run, 'text'))
      .join('')
  return [
    ...listAt(card, 'body').map(element => shown(textOf(element))),
    ...listAt(card, 'actions').map(action => `[${textAt(action, 'title')}] ${textAt(action, 'url')}`)
  ]
}

/** As Slack shows it: the joiners that keep it from making links are not seen there. */
const shown = (text: string): string =>
  text.replaceAll('\u2060', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** Line by line: one of `lines` may hold several. */
const clean = (text: string): string => text.split('\n').map(visible).join('\n')
