import { type Channels, createChannels } from '../../src/channel/create.ts'
import type { RenderOptions } from '../../src/channel/types.ts'
import type { SendResult } from '../../src/delivery/channel.ts'
import { type Inbox, openInbox } from '../../src/demo/inbox/inbox.ts'
import type { Json, JsonObject } from '../../src/demo/inbox/json.ts'
import { factsOf as incidentFacts } from '../../src/incident/notification.ts'
import type { IncidentFacts, StoredIncident } from '../../src/incident/types.ts'
import type { EmailSettings, ReceiverSettings } from '../../src/routing/receiver.ts'
import { epoch, incidentOf, recordOf, renderOptionsOf } from './alerts.ts'

export interface TestChannels extends Channels {
  readonly inbox: Inbox
  sendTo(
    name: string,
    overrides?: Parameters<typeof recordOf>[0],
    earlier?: string | null
  ): Promise<SendResult>
  lastBody(): JsonObject
}

/** An incident as a notification has it. */
export const factsOf = (overrides: Partial<StoredIncident> = {}): IncidentFacts =>
  incidentFacts(incidentOf(overrides))

const quiet = { sendResolved: true, fallback: null }

/** Settings of receivers as tests need them. */
export const slackTo = (webhookUrl: string): ReceiverSettings => ({
  type: 'slack',
  webhookUrl,
  channel: null,
  username: null,
  icon: null,
  ...quiet
})
export const pagerDutyTo = (url: string, integrationKey: string): ReceiverSettings => ({
  type: 'pagerduty',
  url,
  integrationKey,
  ...quiet
})

export const slackBotTo = (apiUrl: string, botToken: string): ReceiverSettings => ({
  type: 'slack_bot',
  apiUrl,
  botToken,
  channel: '#alerts',
  ...quiet
})
export const teamsTo = (webhookUrl: string): ReceiverSettings => ({ type: 'teams', webhookUrl, ...quiet })
export const webhookTo = (url: string, secret: string | null = null): ReceiverSettings => ({
  type: 'webhook',
  url,
  secret,
  ...quiet
})
export const emailTo = (port: number, overrides: Partial<EmailSettings> = {}): ReceiverSettings => ({
  type: 'email',
  host: '127.0.0.1',
  port,
  tls: 'none',
  user: null,
  password: null,
  from: 'Cartwatch <cartwatch@shop.example>',
  to: ['on-call@shop.example'],
  ...quiet,
  ...overrides
})

export const webhookSecret = 'a secret of a webhook'

/** Channels to a local inbox without a rate limit, and to places that are wrong. */
export async function openTestChannels(
  timeoutMs = 5_000,
  look: Partial<RenderOptions> = {}
): Promise<TestChannels> {
  const inbox = await openInbox({ clock: { now: () => 0 }, rate: null })
  const channels = createChannels({
    receivers: new Map<string, ReceiverSettings>([
      ['slack', slackTo(inbox.slackUrl('alerts'))],
      ['bot', slackBotTo(inbox.slackApiUrl, inbox.slackBotToken)],
      ['teams', teamsTo(inbox.teamsUrl('alerts'))],
      ['webhook', webhookTo(inbox.webhookUrl('alerts'), webhookSecret)],
      ['wrong', slackTo(`${inbox.slackUrl('alerts')}/no`)],
      ['closed', slackTo('http://127.0.0.1:9/services/T0/B0/0123456789abcdef')],
      ['pagerduty', pagerDutyTo(inbox.pagerdutyUrl, inbox.pagerdutyKey)],
      ['wrong-key', pagerDutyTo(inbox.pagerdutyUrl, 'w'.repeat(32))]
    ]),
    renderOptions: renderOptionsOf({
      dashboardTemplate:
        'https://shop.example/d?kind={kind}&s={segment}&from={window_start_ms}&to={window_end}',
      ...look
    }),
    timeoutMs,
    clock: { now: () => epoch }
  })
  return {
    ...channels,
    inbox,
    async sendTo(name, overrides = {}, earlier = null) {
      const channel = channels.byName.get(name)
      if (!channel) throw new Error(`no channel ${name}`)
      return channel.send(recordOf(overrides), earlier)
    },
    lastBody: () => inbox.messages.at(-1)?.body as JsonObject
  }
}

/** The texts in which Slack looks for markup: the fallback, and those of type mrkdwn. */
export function markupIn(body: Json | undefined): string[] {
  if (Array.isArray(body)) return body.flatMap(markupIn)
  if (typeof body !== 'object' || body === null) return []
  const { text, type } = body
  const own = typeof text === 'string' && type !== 'plain_text' ? [text] : []
  return [...own, ...Object.values(body).flatMap(markupIn)]
}
