import type { z } from 'zod'
import { nobody, type receiversSchema, type routesSchema } from './alerting.ts'

type Env = Readonly<Record<string, string | undefined>>
type ReceiversInput = z.input<typeof receiversSchema>
type RoutesInput = z.input<typeof routesSchema>

const slackNames = {
  SLACK_WEBHOOK_URL: 'slack',
  SLACK_WEBHOOK_CRITICAL: 'slack-critical',
  SLACK_WEBHOOK_REVENUE: 'slack-revenue',
  SLACK_WEBHOOK_TECHNICAL: 'slack-technical'
} as const

/** What is about money rather than about the stream. */
const businessKinds = [
  'revenue_drop',
  'checkout_failure',
  'conversion_drop',
  'order_value_shift',
  'refund_spike'
] as const

const pagerdutyVariable = 'PAGERDUTY_INTEGRATION_KEY'
const pagerdutyName = 'pagerduty'

/** The receivers that the environment alone describes, as the configuration file would write them. */
export function defaultReceivers(env: Env): ReceiversInput {
  const receivers: ReceiversInput = {}
  for (const [variable, name] of Object.entries(slackNames)) {
    const url = env[variable]
    if (url) receivers[name] = { type: 'slack', webhook_url: url }
  }
  const key = env[pagerdutyVariable]
  if (key) receivers[pagerdutyName] = { type: 'pagerduty', integration_key: key }
  return receivers
}

/**
 * The routes to them: critical to its webhook and PagerDuty and on; money to the revenue webhook; the rest to the
 * technical one. A webhook that is missing is stood in for by SLACK_WEBHOOK_URL; without any webhook, what is not
 * critical is told to nobody.
 */
export function defaultRoutes(env: Env): RoutesInput {
  const receivers = defaultReceivers(env)
  const first = (...names: string[]): string | undefined => names.find(name => receivers[name])
  const routes: RoutesInput = []
  const add = (match: NonNullable<RoutesInput[number]['match']>, receiver?: string, onward = false) => {
    if (receiver) routes.push({ match, receiver, ...(onward && { continue: true }) })
  }
  add({ severity: 'critical' }, first('slack-critical', 'slack'), true)
  add({ severity: 'critical' }, first(pagerdutyName), true)
  add({ kind: [...businessKinds] }, first('slack-revenue', 'slack'))
  const rest = first('slack-technical', 'slack', 'slack-revenue', 'slack-critical')
  if (routes.length || rest) routes.push({ default: rest ?? nobody })
  return routes
}
