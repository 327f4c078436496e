// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how the file names a variable
import { expect, test } from 'vitest'
import { errorsIn, loadText } from '../../support/configs.ts'

const source = `alerting:
  kinds:
    revenue_drop: { check_first: "${'Look at the checkout. '.repeat(40).trimEnd()}" }
receivers:
  ops: { type: slack, webhook_url: "\${OPS_WEBHOOK}" }
  team: { type: teams, webhook_url: https://teams.example/hooks/0123456789 }
routes:
  - { match: { severity: critical }, receiver: opps, continue: true }
  - { match: { kind: "*_drop" }, receiver: team }
  - { match: { kind: [revenue_drop, traffic_drop] }, receiver: ops }
  - default: ops
`

test('four errors of alerting are reported together, each with its file, line and path', () => {
  expect(errorsIn(source)).toEqual([
    'c.yaml:3:21: alerting.kinds.revenue_drop.check_first: 879 characters: a message has room for 600; put the rest behind runbook_url',
    'c.yaml:5:36: receivers.ops.webhook_url: the environment variable OPS_WEBHOOK is not set; set it, or write ${OPS_WEBHOOK:-default}',
    'c.yaml:8:38: routes[0].receiver: there is no receiver opps; there are ops, team',
    'c.yaml:10:5: routes[2]: is never reached: routes[1] before it matches all of it'
  ])
})

test('a variable that is empty is one that is not set', () => {
  const [error] = errorsIn(source, { OPS_WEBHOOK: '' }).filter(line => line.includes('webhook_url'))
  expect(error).toMatch(/^c\.yaml:5:36: .*OPS_WEBHOOK is not set/)
})

test('a receiver that is wrong by itself hides no error of the routes', () => {
  const wrong = source.replace('"${OPS_WEBHOOK}"', 'hooks').replace(/alerting:[\s\S]*receivers/, 'receivers')
  expect(errorsIn(wrong).map(line => line.replace(/^c\.yaml:\d+:\d+: (\S+): .*/, '$1'))).toEqual([
    'receivers.ops.webhook_url',
    'routes[0].receiver',
    'routes[2]'
  ])
})

test('an address of a runbook that is none once filled in is an error', () => {
  const filled = 'alerting: { kinds: { data_loss: { runbook_url: "https://{kind}:{kind}/" } } }'
  expect(errorsIn(filled)).toEqual([
    'c.yaml:1:35: alerting.kinds.data_loss.runbook_url: filled in, it gives no address of http or https of at most 3,000 characters'
  ])
})

test('a secret in the file itself is taken, with a note that says where it is', () => {
  const loaded = loadText(
    `receivers:
  ops: { type: slack, webhook_url: "https://h.example/0123456789abcdef" }
  pager: { type: pagerduty, integration_key: ${'k'.repeat(32)}, url: "https://events.eu.pagerduty.com/v2/enqueue" }
  bot: { type: slack, bot_token: "\${TOKEN}", channel: C1, api_url: "https://slack.example/api" }
routes:
  - { receiver: bot, continue: true }
  - { receiver: pager, continue: true }
  - default: ops`,
    { TOKEN: 'xoxb-1' }
  )
  const note =
    'is a secret in plain text: put it into an environment variable and write ${NAME} here, or encrypt it with `cartwatch secrets encrypt`'
  expect(loaded.ok && loaded.warnings).toEqual([
    `c.yaml:2:36: receivers.ops.webhook_url ${note}`,
    `c.yaml:3:46: receivers.pager.integration_key ${note}`
  ])
})
