import type { z } from 'zod'
import { kinds } from '../../detectors/catalogue.ts'
import type { Env } from './environment.ts'
import { nobody } from './receiver-types/receiver-types.ts'
import type { routesSchema } from './routes.ts'

type RoutesInput = Extract<z.input<typeof routesSchema>, readonly unknown[]>

/** A receiver that variables alone describe: each of its keys and its variable. */
interface FromVariables {
  readonly name: string
  readonly type: string
  readonly needed: Readonly<Record<string, string>>
  readonly optional: Readonly<Record<string, string>>
}

const from = (
  name: string,
  type: string,
  needed: FromVariables['needed'],
  optional: FromVariables['optional'] = {}
): FromVariables => ({ name, type, needed, optional })

/** Their receivers stand in the configuration in this order. */
export const fromVariables: readonly FromVariables[] = [
  from('slack', 'slack', { webhook_url: 'SLACK_WEBHOOK_URL' }),
  from('slack-critical', 'slack', { webhook_url: 'SLACK_WEBHOOK_CRITICAL' }),
  from('slack-revenue', 'slack', { webhook_url: 'SLACK_WEBHOOK_REVENUE' }),
  from('slack-technical', 'slack', { webhook_url: 'SLACK_WEBHOOK_TECHNICAL' }),
  from('slack-insights', 'slack', { webhook_url: 'SLACK_WEBHOOK_INSIGHTS' }),
  from('slack-bot', 'slack', { bot_token: 'SLACK_BOT_TOKEN', channel: 'SLACK_CHANNEL' }),
  from('pagerduty', 'pagerduty', { integration_key: 'PAGERDUTY_INTEGRATION_KEY' }),
  from('teams', 'teams', { webhook_url: 'TEAMS_WEBHOOK_URL' }),
  from(
    'email',
    'email',
    { host: 'SMTP_HOST', from: 'ALERT_EMAIL_FROM', to: 'ALERT_EMAIL_TO' },
    { port: 'SMTP_PORT', user: 'SMTP_USER', password: 'SMTP_PASSWORD' }
  ),
  from('webhook', 'webhook', { url: 'ALERT_WEBHOOK_URL' }, { secret: 'ALERT_WEBHOOK_SECRET' }),
  from('heartbeat', 'heartbeat', { url: 'HEARTBEAT_URL' })
]

const revenueKinds = kinds.filter(({ area }) => area === 'revenue').map(({ kind }) => kind)

/** The receivers that the environment alone describes, as the configuration file would write them. */
export function defaultReceivers(env: Env): Record<string, Record<string, string>> {
  const receivers: Record<string, Record<string, string>> = {}
  for (const { name, type, needed, optional } of fromVariables) {
    if (Object.values(needed).some(variable => !env[variable])) continue
    const fields = Object.entries({ ...needed, ...optional }).flatMap(([key, variable]) => {
      const value = env[variable]
      return value ? [[key, value]] : []
    })
    receivers[name] = { type, ...Object.fromEntries(fields) }
  }
  // A bot does all that the webhook does, which is left for what the bot cannot deliver.
  if (receivers['slack'] && receivers['slack-bot']) receivers['slack-bot']['fallback'] = 'slack'
  return receivers
}

/**
 * The routes to them. One receiver is for all that has none of its own: Slack, else Teams, e-mail or the webhook. Of the
 * others Teams and the webhook hear of everything too, e-mail of what is critical and high. What is critical goes to its
 * webhook and to PagerDuty, and with `copiesCritical` on to where the rest goes; money to the revenue webhook; the rest to
 * the technical one. Without anything but PagerDuty, nobody is notified of what is not critical.
 */
export function defaultRoutes(env: Env, copiesCritical = false): RoutesInput {
  const receivers = defaultReceivers(env)
  const first = (...names: (string | undefined)[]) =>
    names.find(name => name !== undefined && receivers[name])
  const hasOwn = ['slack-critical', 'slack-revenue', 'slack-technical'].every(name => receivers[name])
  const common = first('slack-bot', 'slack', ...(hasOwn ? [] : ['teams', 'email', 'webhook']))
  const routes: RoutesInput = []
  const add = (
    match: RoutesInput[number]['match'],
    receiver?: RoutesInput[number]['receiver'],
    onward = false
  ) => {
    if (receiver) routes.push({ ...(match && { match }), receiver, ...(onward && { continue: true }) })
  }
  for (const name of ['teams', 'webhook']) if (name !== common) add(undefined, first(name), true)
  if (common !== 'email') add({ severity: ['critical', 'high'] }, first('email'), true)
  const critical = first('slack-critical', common)
  const pager = first('pagerduty')
  // Without a channel for what is critical, that of its kind hears of it.
  const isCopied = copiesCritical || critical === undefined
  if (critical && pager) add({ severity: 'critical' }, [critical, pager], isCopied)
  else add({ severity: 'critical' }, critical ?? pager, isCopied)
  add({ kind: revenueKinds }, first('slack-revenue', common))
  const rest = first('slack-technical', common, 'slack-revenue', 'slack-critical')
  if (routes.length || rest) routes.push({ default: rest ?? nobody })
  return routes
}
