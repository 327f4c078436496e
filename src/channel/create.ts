import { createHttp, type Http } from './http.ts'
import { createPagerDutyChannel } from './pagerduty.ts'
import { createSlackChannel } from './slack.ts'
import type { Channel } from './types.ts'

export type ReceiverSettings =
  | { readonly type: 'slack'; readonly webhookUrl: string }
  | { readonly type: 'pagerduty'; readonly url: string; readonly integrationKey: string }

export interface ChannelsOptions {
  readonly receivers: ReadonlyMap<string, ReceiverSettings>
  readonly dashboardUrl: string | null
  readonly timeoutMs: number
  readonly currency: string
  readonly timezone: string
}

export interface Channels {
  readonly byName: ReadonlyMap<string, Channel>
  /** Ends the connections; what is under way fails. */
  close(): Promise<void>
}

/** A channel for every receiver, over one pool of connections. */
export function createChannels(options: ChannelsOptions): Channels {
  const http = createHttp({ timeoutMs: options.timeoutMs })
  const byName = new Map<string, Channel>()
  for (const [name, receiver] of options.receivers) byName.set(name, channelOf(receiver, options, http))
  return { byName, close: () => http.close() }
}

function channelOf(receiver: ReceiverSettings, options: ChannelsOptions, http: Http): Channel {
  const { currency, timezone, dashboardUrl: dashboardTemplate } = options
  const shared = { currency, timezone, dashboardTemplate, http }
  switch (receiver.type) {
    case 'slack':
      return createSlackChannel({ webhookUrl: receiver.webhookUrl, ...shared })
    case 'pagerduty':
      return createPagerDutyChannel({
        url: receiver.url,
        integrationKey: receiver.integrationKey,
        ...shared
      })
    default:
      throw receiver satisfies never
  }
}
