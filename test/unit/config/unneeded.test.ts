import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import type { Used } from '../../../src/config/unneeded.ts'

const file = `
store: { url: 'http://localhost:8123', password: '\${STORE_PASSWORD}' }
kafka: { brokers: ['\${BROKER}'], tls: { cert: /none, key: /none } }
http: { port: '\${PORT}', api_token: '\${API_TOKEN}', public_url: '\${PUBLIC}', link_secret: '\${LINK}' }
alerting: { dashboard_url: '\${DASHBOARD}' }
receivers:
  pager: { type: pagerduty, integration_key: '\${PAGER_KEY}' }
  team: { type: slack, webhook_url: '\${TEAM_HOOK}' }
  bot: { type: slack, bot_token: '\${BOT_TOKEN}', channel: '\${CHANNEL}' }
  mail: { type: email, host: '\${HOST}', port: '\${SMTP}', from: '\${FROM}', to: ['\${TO}'] }
  other: { type: webhook, url: '\${HOOK}', secret: '\${HOOK_SECRET}' }
routes:
  - { match: { severity: critical }, receiver: pager, continue: true }
  - { match: { kind: data_loss }, receiver: bot }
  - { match: { kind: late_spike }, receiver: mail }
  - { match: { kind: '*_drop' }, receiver: other }
  - default: team
`
const readFile = (path: string) => {
  if (path === 'c.yaml') return file
  throw Object.assign(new Error('none'), { code: 'ENOENT' })
}
const loaded = (uses: readonly Used[], env = {}) => loadConfig({ path: 'c.yaml', env, readFile, uses })
const errorsOf = (uses: readonly Used[], env = {}) => {
  const result = loaded(uses, env)
  return result.ok ? [] : result.errors.map(({ path }) => path)
}

test('a variable that is missing where nothing is used is no mistake', () => {
  const result = loaded([])
  expect(result.ok && [...result.config.receivers.keys()]).toEqual(['pager', 'team', 'bot', 'mail', 'other'])
  expect(
    errorsOf([], { TEAM_HOOK_FILE: '/none', SLACK_WEBHOOK_URL_FILE: '/none', HTTP_HOST_FILE: '/none' })
  ).toEqual([])
})

test('where it is used, it is one', () => {
  expect(errorsOf(['store'])).toEqual(['store.password'])
  expect(errorsOf(['http.port'])).toEqual(['http.port'])
  expect(errorsOf(['kafka'])).toEqual(['kafka.brokers[0]'])
  expect(errorsOf(['kafka'], { BROKER: 'a:1' })).toEqual(['kafka.tls.cert', 'kafka.tls.key'])
  expect(errorsOf(['store'], { STORE_PASSWORD: 'x' })).toEqual([])
})

test('what is written wrong is one everywhere', () => {
  const wrong = (text: string) => loadConfig({ path: 'c.yaml', env: {}, readFile: () => text, uses: [] }).ok
  expect(wrong(`receivers: { a: { type: pagerduty, integration_key: '\${KEY' } }`)).toBe(false)
  expect(wrong(`receivers: { a: { type: pager, integration_key: '\${KEY}' } }`)).toBe(false)
  expect(wrong(`pipeline: '\${NAME}'`)).toBe(false)
})
