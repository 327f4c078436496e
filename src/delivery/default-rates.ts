import type { Rate } from '../routing/receiver.ts'
import type { Channel } from './channel.ts'
import type { DeliverySettings } from './types.ts'

/** Unless configured. PagerDuty takes 120 events a minute and key, so its burst and a minute's rate stay within that. */
export const typeRates: Readonly<Record<Exclude<Channel['type'], 'slack' | 'slack_bot'>, Rate>> = {
  pagerduty: { perSecond: 110 / 60, burst: 10 },
  email: { perSecond: 1, burst: 10 },
  teams: { perSecond: 1, burst: 4 },
  webhook: { perSecond: 10, burst: 20 }
}

/** The rate configured for a receiver with this address, else that of its type. */
export function rateOf({ type, address }: Channel, { channels, receivers, rules }: DeliverySettings): Rate {
  const names = [...channels].filter(([, channel]) => channel.address === address).map(([name]) => name)
  const own = names.map(name => receivers.get(name)?.rate).find(rate => rate !== undefined)
  return own ?? (type === 'slack' || type === 'slack_bot' ? rules.rate : typeRates[type])
}
