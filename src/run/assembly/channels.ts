import { type Channels, createChannels } from '../../channel/create.ts'
import type { RenderOptions } from '../../channel/types.ts'
import { defaultReceiverOf } from '../../config/receivers.ts'
import type { Config } from '../../config/schema.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { incidentLinks } from '../../web/inbound/links.ts'

export interface ChannelOptions {
  readonly clock: Pick<Clock, 'now'>
  /** The shop's currency, asked at every message. */
  readonly currency: () => string
}

export const channelsOf = (config: Config, { clock, currency }: ChannelOptions): Channels =>
  createChannels({
    receivers: config.receivers,
    renderOptions: renderOptionsOf(config, currency),
    timeoutMs: config.alerting.timeoutMs,
    clock
  })

export const destinationsOf = ({ routes, groups, receivers }: Config, channels: Channels) => ({
  channels: channels.byName,
  receivers,
  defaultReceiver: defaultReceiverOf(routes, groups)
})

/** What all messages have in common. */
const renderOptionsOf = (
  { timezone, environment, language, alerting, http }: Config,
  currency: () => string
): RenderOptions => ({
  environment,
  language,
  get currency() {
    return currency()
  },
  timezone,
  dashboardTemplate: alerting.dashboardUrl,
  runbooks: alerting.guides,
  incidentUrl: incidentLinks(http),
  interactive: http.slackSigningSecret !== null
})
