import { type Channels, createChannels, type ReceiverSettings } from '../../src/channel/create.ts'
import type { SendResult } from '../../src/channel/types.ts'
import { type Inbox, openInbox } from '../../src/demo/inbox/inbox.ts'
import type { Json, JsonObject } from '../../src/demo/inbox/json.ts'
import { recordOf } from './alerts.ts'

export interface TestChannels extends Channels {
  readonly inbox: Inbox
  sendTo(name: string, overrides?: Parameters<typeof recordOf>[0]): Promise<SendResult>
  lastBody(): JsonObject
}

/** Channels to a local inbox without a rate limit, and to places that are wrong. */
export async function openTestChannels(timeoutMs = 5_000): Promise<TestChannels> {
  const inbox = await openInbox({ clock: { now: () => 0 }, rate: null })
  const channels = createChannels({
    receivers: new Map<string, ReceiverSettings>([
      ['slack', { type: 'slack', webhookUrl: inbox.slackUrl('alerts') }],
      ['wrong', { type: 'slack', webhookUrl: `${inbox.slackUrl('alerts')}/no` }],
      ['closed', { type: 'slack', webhookUrl: 'http://127.0.0.1:9/services/T0/B0/0123456789abcdef' }],
      ['pagerduty', { type: 'pagerduty', url: inbox.pagerdutyUrl, integrationKey: inbox.pagerdutyKey }],
      ['wrong-key', { type: 'pagerduty', url: inbox.pagerdutyUrl, integrationKey: 'w'.repeat(32) }]
    ]),
    dashboardUrl: 'https://shop.example/d?kind={kind}&s={segment}&from={window_start_ms}&to={window_end}',
    timeoutMs,
    currency: 'USD',
    timezone: 'UTC'
  })
  return {
    ...channels,
    inbox,
    async sendTo(name, overrides = {}) {
      const channel = channels.byName.get(name)
      if (!channel) throw new Error(`no channel ${name}`)
      return channel.send(recordOf(overrides), null)
    },
    lastBody: () => inbox.messages.at(-1)?.body as JsonObject
  }
}

/** The texts in which Slack looks for markup: the fallback, and those of type mrkdwn. */
export function markupIn(body: Json | undefined): string[] {
  if (Array.isArray(body)) return body.flatMap(markupIn)
  if (typeof body !== 'object' || body === null) return []
  const own = typeof body.text === 'string' && body.type !== 'plain_text' ? [body.text] : []
  return [...own, ...Object.values(body).flatMap(markupIn)]
}
