import type { NotificationRecord } from '../../incident/types.ts'
import type { Message } from '../message/message.ts'
import { isAddress } from '../message/placeholders.ts'
import type { RenderOptions } from '../types.ts'

/** What a rendered template becomes. */
export interface Form {
  readonly name: 'slack' | 'email' | 'teams' | 'pagerduty' | 'webhook'
  /** `json` and `html` by the name of the file, where the receiver takes it. */
  readonly syntax: 'text' | 'json' | 'html'
}

/** One message that a template is rendered for. */
export interface Job {
  readonly form: Form
  readonly notification: NotificationRecord
  readonly renderOptions: RenderOptions
  /** The built-in message, of which templates take parts. */
  readonly message: Message
  /** Its sender edits the message later. */
  readonly isEdited: boolean
}

/** What a template makes of a message, or why that is none. */
export type Made<Content> =
  | { readonly kind: 'made'; readonly content: Content }
  | { readonly kind: 'refused'; readonly message: string }

export const made = <Content>(content: Content): Made<Content> => ({ kind: 'made', content })
export const refused = (message: string): Made<never> => ({ kind: 'refused', message })

/** The addresses of a message: as values they stay what they are. */
export const addressesOf = ({ message, notification }: Job): ReadonlySet<string> =>
  new Set(
    [
      ...message.links.map(({ url }) => url),
      ...message.parts.flatMap(({ links }) => links),
      ...notification.anomalies.slice(-1).flatMap(linksIn)
    ].filter(isAddress)
  )

/** Links that another service sent. */
const linksIn = ({ evidence }: NotificationRecord['anomalies'][number]): string[] =>
  Object.entries(evidence).flatMap(([name, value]) =>
    name.startsWith('link.') && typeof value === 'string' ? [value] : []
  )
