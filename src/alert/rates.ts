import type { Channel } from '../channel/types.ts'
import type { Rate } from './bucket.ts'

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
