import { type Loaded, loadConfig } from '../config/load.ts'
import type { Inbox } from './inbox/inbox.ts'

export type DemoReceivers = Pick<Inbox, 'slackUrl' | 'pagerdutyUrl' | 'pagerdutyKey'>

/** The shipped defaults, with the local inbox for receivers: what a shop with these receivers would have. */
export function demoConfig(
  pipeline: string,
  folder: string,
  receivers: (DemoReceivers & { readonly port: number }) | 'decided alone',
  kafka = ''
): Loaded {
  const port = receivers === 'decided alone' ? 0 : receivers.port
  const loaded = loadConfig({
    path: 'demo',
    env: {},
    readFile: () => `
pipeline: ${pipeline}
store: { folder: ${JSON.stringify(folder)} }
log: { level: warn }
http: { port: ${port} }
${kafka}
${receivers === 'decided alone' ? `alerts: off\n${receiversOf(nowhere, port)}` : receiversOf(receivers, port)}
`
  })
  if (!loaded.ok) throw new Error(loaded.errors.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return loaded
}

/** Decided for these, and not sent. */
const nowhere: DemoReceivers = {
  slackUrl: name => `https://hooks.slack.com/services/${name}`,
  pagerdutyUrl: 'https://events.pagerduty.com/v2/enqueue',
  pagerdutyKey: 'k'.repeat(32)
}

const receiversOf = ({ slackUrl, pagerdutyUrl, pagerdutyKey }: DemoReceivers, port: number) => `
alerting:
  dashboard_url: 'http://127.0.0.1:${port}/incidents/{incident}'
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
