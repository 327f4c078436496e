import type * as slack from '@slack/types'
import type { EmailMessage } from '../email/message.ts'
import type { PagerDutyEvent } from '../pagerduty/event.ts'
import { slackLimits as most } from '../slack/limits.ts'
import type { SlackBlock, SlackMessage } from '../slack/message.ts'
import { bytesOf, type TeamsMessage } from '../teams/card.ts'

/** What a receiver would refuse of a message; null where it takes it. */
export function slackProblem({ text, blocks: first, attachments }: SlackMessage): string | null {
  const blocks = [...first, ...attachments.flatMap(attachment => attachment.blocks)]
  const textsIn = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0
    return Object.entries(value).reduce(
      (sum, [key, one]) => sum + (key === 'text' && typeof one === 'string' ? one.length : textsIn(one)),
      0
    )
  }
  if (text.trim() === '' || text.length > most.text)
    return `a text of ${text.length} characters, of ${shown(most.text)}`
  if (blocks.length > most.blocks) return `${blocks.length} blocks, of ${most.blocks}`
  const total = text.length + textsIn(blocks)
  if (total > most.whole) return `${total} characters in all, of ${shown(most.whole)}`
  return blocks.map(blockProblem).find(problem => problem !== null) ?? null
}

const shown = (count: number): string => count.toLocaleString('en')

function blockProblem(block: SlackBlock): string | null {
  const { type } = block
  if (type === 'context' || type === 'rich_text') return null
  if (type === 'actions') {
    if (block.elements.length > most.buttons) return `${block.elements.length} buttons, of ${most.buttons}`
    return block.elements.map(buttonProblem).find(problem => problem !== null) ?? null
  }
  const length = block.text?.text.length
  if (length !== undefined && (length === 0 || length > most[type]))
    return `a ${type} of ${length} characters, of ${most[type]}`
  const { fields = [] } = type === 'section' ? block : {}
  if (fields.length > most.fields) return `${fields.length} fields, of ${most.fields}`
  return fields.some(field => field.text.length > most.field)
    ? `a field of more than ${shown(most.field)} characters`
    : null
}

function buttonProblem(element: slack.Button | slack.Overflow): string | null {
  if (element.type === 'overflow') return menuProblem(element)
  const {
    text: { text },
    value = '',
    url = ''
  } = element
  if (text.length > most.label) return `a button of more than ${most.label} characters`
  return value.length > most.value || url.length > most.url
    ? 'a button with a value or a URL that is too long'
    : null
}

function menuProblem({ options }: slack.Overflow): string | null {
  if (options.length > most.options) return `a menu of ${options.length} options, of ${most.options}`
  return options.some(
    ({ text: { text }, value = '' }) => text.length > most.label || value.length > most.option
  )
    ? 'a menu with an option that is too long'
    : null
}

export function pagerDutyProblem(event: PagerDutyEvent): string | null {
  const bytes = Buffer.byteLength(JSON.stringify(event))
  if (bytes > 500_000) return `${bytes} bytes, of 512 KB`
  if (event.dedup_key.length > 255) return 'a key of more than 255 characters'
  if (event.event_action !== 'trigger') return null
  const { summary, source } = event['payload'] as { readonly summary: string; readonly source: string }
  if (summary.trim() === '' || summary.length > 1_024)
    return `a summary of ${summary.length} characters, of 1,024`
  return source.trim() === '' ? 'no source' : null
}

export function teamsProblem(message: TeamsMessage): string | null {
  const bytes = bytesOf(message)
  return bytes > 28_000 ? `${bytes} bytes, of 28 KB` : null
}

export function emailProblem({ subject, text, html }: EmailMessage): string | null {
  if (subject.trim() === '' || subject.length > 200)
    return `a subject of ${subject.length} characters, of 200`
  const bytes = Buffer.byteLength(text) + Buffer.byteLength(html)
  return bytes > 500_000 ? `${bytes} bytes, of 500 KB` : null
}
