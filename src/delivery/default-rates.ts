import type { Rate } from '../routing/receiver.ts'
import type { Channel } from './notifier.ts'
import type { Destinations } from './types.ts'

/**
 * What an address takes where the configuration does not say, a burst included in a minute's sum: PagerDuty takes 120
 * events a minute and key. Slack's is a setting.
 */
export const typeRates: Readonly<Record<Exclude<Channel['type'], 'slack' | 'slack_bot'>, Rate>> = {
  pagerduty: { perSecond: 110 / 60, burst: 10 },
  email: { perSecond: 1, burst: 10 },
  teams: { perSecond: 1, burst: 4 },
  webhook: { perSecond: 10, burst: 20 }
}

/** The rate of a channel: what one of its names has of its own, else that of its type. */
export function rateOf(
  { type, address }: Channel,
  { channels, receivers }: Pick<Destinations, 'channels' | 'receivers'>,
  slackRate: Rate
): Rate {
  const names = [...channels].filter(([, channel]) => channel.address === address).map(([name]) => name)
  const own = names.map(name => receivers.get(name)?.rate).find(rate => rate !== undefined)
  return own ?? (type === 'slack' || type === 'slack_bot' ? slackRate : typeRates[type])
}
