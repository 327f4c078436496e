import { describe, expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { type Loaded, loadConfig } from '../../../src/config/load.ts'
import { reloadConfig } from '../../../src/config/reload.ts'

const env = { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/first-first-first' }

const options = (source: string, more: Readonly<Record<string, string>> = {}) => ({
  path: 'cartwatch.yaml',
  env: { ...env, ...more },
  readFile: () => source
})

function running(source: string): Loaded {
  const loaded = loadConfig(options(source))
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded
}

describe('an edit', () => {
  test('of what a reload can change is applied, with a new hash', () => {
    const old = running('pipeline: shop\n')
    const source = `
pipeline: shop
alerts: off
log: { level: debug }
detectors: { revenue_drop: { drop: 40% } }
alerting: { repeat_after: 30m }
`
    const reloaded = reloadConfig(old, options(source))
    if (reloaded.kind !== 'reloaded') throw new Error(reloaded.kind)
    expect(reloaded.changed).toEqual(['alerts', 'detectors', 'alerting', 'log.level'])
    expect(reloaded.loaded).toEqual(running(source))
    expect(reloaded.loaded.hash).not.toBe(old.hash)
  })

  test('of a receiver is applied although its mask looks the same', () => {
    const more = { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/other-first-first' }
    const reloaded = reloadConfig(running(''), options('', more))
    expect(reloaded).toMatchObject({ kind: 'reloaded', changed: ['receivers'] })
    expect(reloaded.kind === 'reloaded' && reloaded.loaded.config.receivers.get('slack')).toMatchObject({
      webhookUrl: more.SLACK_WEBHOOK_URL
    })
  })

  test('of an escalation is applied', () => {
    const source = `
routes: [{ default: slack, escalate: urgent }]
escalations: { urgent: [{ after: 5m, receivers: slack }] }
`
    const reloaded = reloadConfig(running(''), options(source))
    if (reloaded.kind !== 'reloaded') throw new Error(reloaded.kind)
    expect(reloaded.changed).toEqual(['routes', 'escalations'])
    expect(reloaded.loaded).toEqual(running(source))
  })

  test('of labels, hours and heartbeats is applied', () => {
    const source = `
labels: { team: shop }
time_intervals: { office: { days: mon-fri } }
receivers: { beat: { type: heartbeat, url: "https://beat.example/1" } }
`
    const reloaded = reloadConfig(running('receivers: {}\n'), options(source))
    if (reloaded.kind !== 'reloaded') throw new Error(reloaded.kind)
    expect(reloaded.changed).toEqual(['labels', 'timeIntervals', 'heartbeats'])
    expect(reloaded.loaded).toEqual(running(source))
  })

  test('of what takes a restart is named, and the old value stays', () => {
    const old = running(
      'windows: { size: 1m }\nkafka: { sasl: { mechanism: plain, username: a, password: old }, tls: on }\n'
    )
    const source = `
windows: { size: 5m, grace: 20s }
timezone: Europe/Berlin
kafka: { topics: [other], sasl: { mechanism: plain, username: a }, tls: on }
log: { pretty: on, level: warn }
alerts: off
`
    const env = {
      CLICKHOUSE_PASSWORD: 'new-password',
      KAFKA_PASSWORD: 'new-password',
      SLACK_SIGNING_SECRET: 'new'
    }
    const reloaded = reloadConfig(old, options(source, env))
    if (reloaded.kind !== 'reloaded') throw new Error(reloaded.kind)
    const { config, effective, warnings } = reloaded.loaded
    const stays = 'has changed: restart to apply it; the old value stays in use'
    expect(warnings).toEqual([
      `timezone ${stays}`,
      `kafka.topics ${stays}`,
      `windows.size ${stays}`,
      `windows.grace ${stays}`,
      `log.pretty ${stays}`,
      `store.password ${stays}`,
      `kafka.sasl.password ${stays}`,
      `http.slack_signing_secret ${stays}`
    ])
    expect(config).toEqual({ ...old.config, alerts: false, log: { pretty: 'auto', level: 'warn' } })
    expect(effective).toMatchObject({ windows: { size: '1m' }, timezone: 'UTC', alerts: 'off' })
  })

  test('that takes nothing but a restart changes nothing', () => {
    expect(reloadConfig(running(''), options('pipeline: other\n'))).toMatchObject({
      kind: 'unchanged',
      warnings: ['pipeline has changed: restart to apply it; the old value stays in use']
    })
  })

  test('of nothing but words changes nothing', () => {
    expect(reloadConfig(running(''), options('# words\n'))).toMatchObject({ kind: 'unchanged', warnings: [] })
  })

  test('of the secrets of a way in takes the new ones where it is open before and after', () => {
    const old = running('http: { api_token: planted-old-token-1, slack_signing_secret: planted-old }\n')
    const env = { SLACK_SIGNING_SECRET: 'planted-new planted-old', PAGERDUTY_WEBHOOK_SECRET: 'planted' }
    const source = 'http: { api_token: planted-old-token-1, port: 1 }\n'
    const reloaded = reloadConfig(old, options(source, env))
    if (reloaded.kind !== 'reloaded') throw new Error(reloaded.kind)
    expect(reloaded.changed).toEqual(['http.slack_signing_secret'])
    expect(reloaded.loaded.config).toEqual({
      ...old.config,
      http: { ...old.config.http, slackSigningSecret: ['planted-new', 'planted-old'] }
    })
    expect(reloaded.loaded.hash).toBe(old.hash)
    const stays = 'has changed: restart to apply it; the old value stays in use'
    expect(reloaded.loaded.warnings.filter(text => text.includes('restart'))).toEqual([
      `http.port ${stays}`,
      `http.pagerduty_webhook_secret ${stays}`
    ])
    const closed = reloadConfig(old, options('alerts: on\n', {}))
    expect(closed).toMatchObject({
      kind: 'unchanged',
      warnings: [`http.slack_signing_secret ${stays}`, `http.api_token ${stays}`]
    })
  })

  test('that is wrong is refused with its errors', () => {
    const reloaded = reloadConfig(running(''), options('alerts: off\nwindows: { size: never }\n'))
    expect(reloaded.kind === 'refused' && formatErrors(reloaded.errors)).toBe(
      'cartwatch.yaml:2:18: windows.size: is "never"; expected a duration such as 30s, 15m, 1h or 7d'
    )
  })

  test('that removes the file is refused where the file was named', () => {
    const gone = () => {
      throw Object.assign(new Error('gone'), { code: 'ENOENT' })
    }
    expect(reloadConfig(running(''), { ...options(''), readFile: gone }).kind).toBe('refused')
  })
})
