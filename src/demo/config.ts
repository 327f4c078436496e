import { type Loaded, loadConfig } from '../config/load.ts'
import type { Inbox } from './inbox/inbox.ts'

export type DemoReceivers = Pick<Inbox, 'slackUrl' | 'pagerdutyUrl' | 'pagerdutyKey'>

/** The shipped defaults, with the local inbox for receivers: what a shop with these receivers would have. */
export function demoConfig(
  pipeline: string,
  folder: string,
  receivers: DemoReceivers | undefined,
  kafka = ''
): Loaded {
  const loaded = loadConfig({
    path: 'demo',
    env: {},
    readFile: () => `
pipeline: ${pipeline}
store: { folder: ${JSON.stringify(folder)} }
log: { level: warn }
http: { port: 0 }
${kafka}
${receivers === undefined ? '' : receiversOf(receivers)}
`
  })
  if (!loaded.ok) throw new Error(loaded.errors.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return loaded
}

const receiversOf = ({ slackUrl, pagerdutyUrl, pagerdutyKey }: DemoReceivers) => `
alerting:
  dashboard_url: 'http://localhost:3000/d/shop?from={window_start_ms}&to={window_end_ms}'
receivers:
  critical: { type: slack, webhook_url: '${slackUrl('critical')}' }
  revenue: { type: slack, webhook_url: '${slackUrl('revenue')}' }
  technical: { type: slack, webhook_url: '${slackUrl('technical')}' }
  pagerduty: { type: pagerduty, integration_key: ${pagerdutyKey}, url: '${pagerdutyUrl}' }
routes:
  - { match: { severity: critical }, receiver: pagerduty, continue: true }
  - { match: { severity: critical }, receiver: critical }
  - { match: { kind: [revenue_drop, checkout_failure] }, receiver: revenue }
  - default: technical
`
