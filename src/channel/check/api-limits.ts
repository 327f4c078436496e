import type { EmailMessage } from '../email/message.ts'
import type { PagerDutyEvent } from '../pagerduty/event.ts'
import type { SlackMessage } from '../slack/message.ts'
import { bytesOf, type TeamsMessage } from '../teams/card.ts'

/** What a receiver would refuse of a message; null where it takes it. */
export function slackProblem({ text, attachments: [{ blocks }] }: SlackMessage): string | null {
  const textsIn = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0
    return Object.entries(value).reduce(
      (sum, [key, one]) => sum + (key === 'text' && typeof one === 'string' ? one.length : textsIn(one)),
      0
    )
  }
  if (text.trim() === '' || text.length > 4_000) return `a text of ${text.length} characters, of 4,000`
  if (blocks.length > 50) return `${blocks.length} blocks, of 50`
  const total = text.length + textsIn(blocks)
  if (total > 9_000) return `${total} characters in all, of 9,000`
  return blocks.map(blockProblem).find(problem => problem !== null) ?? null
}

interface Text {
  readonly text: string
}
interface AnyBlock {
  readonly type?: string
  readonly text?: Text
  readonly fields?: readonly Text[]
  readonly elements?: readonly {
    readonly text: string | Text
    readonly value?: string
    readonly url?: string
  }[]
}

function blockProblem({ type, text, fields = [], elements = [] }: AnyBlock): string | null {
  const longest = type === 'header' ? 150 : 3_000
  const length = text?.text.length
  if (length !== undefined && (length === 0 || length > longest))
    return `a ${type} of ${length} characters, of ${longest}`
  if (fields.length > 10) return `${fields.length} fields, of 10`
  if (fields.some(field => field.text.length > 2_000)) return 'a field of more than 2,000 characters'
  if (type === 'actions' && elements.length > 25) return `${elements.length} buttons, of 25`
  for (const { text: label, value = '', url = '' } of elements) {
    if (typeof label !== 'string' && label.text.length > 75) return 'a button of more than 75 characters'
    if (value.length > 2_000 || url.length > 3_000) return 'a button with a value or a URL that is too long'
  }
  return null
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
