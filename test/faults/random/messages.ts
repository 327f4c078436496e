import { slackMessage } from '../../../src/channel/slack/message.ts'
import type { InboxMessage } from '../../../src/demo/inbox/inbox.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import { renderOptionsOf } from '../../support/alerts.ts'

/** Receivers of what is said of the shop; what is said of the pipeline goes to another. */
const shopReceivers: readonly string[] = ['slack', 'pagerduty']

const look = renderOptionsOf()

/** What makes two messages one: the whole body of Slack's, key and action of PagerDuty's. */
export function nameOf({ type, body }: InboxMessage): string {
  if (type === 'slack') return JSON.stringify(body)
  const { event_action, dedup_key } = body as { readonly event_action: string; readonly dedup_key: string }
  return `${event_action} ${dedup_key}`
}

/** The same name for a Slack message that is on record. */
export const nameOfRecord = (record: NotificationRecord): string => JSON.stringify(slackMessage(record, look))

/** Messages on the shop that a receiver accepted, in order. */
export const acceptedOf = (messages: readonly InboxMessage[]): readonly InboxMessage[] =>
  messages.filter(({ accepted, to }) => accepted && shopReceivers.includes(to))

export interface Comparison {
  readonly lost: readonly string[]
  readonly unexpected: readonly string[]
  readonly doubled: readonly InboxMessage[]
}

/** What was told, held against what is told where nothing fails; a second copy is a double, never unexpected. */
export function compare(told: readonly InboxMessage[], calm: readonly InboxMessage[]): Comparison {
  const wanted = new Set(acceptedOf(calm).map(nameOf))
  const seen = new Set<string>()
  const unexpected: string[] = []
  const doubled: InboxMessage[] = []
  for (const message of acceptedOf(told)) {
    const name = nameOf(message)
    if (seen.has(name)) doubled.push(message)
    else if (!wanted.has(name)) unexpected.push(name)
    seen.add(name)
  }
  return { lost: [...wanted].filter(name => !seen.has(name)), unexpected, doubled }
}
