import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { reloadConfig } from '../../../src/config/reload.ts'
import { openInbox } from '../../../src/demo/inbox/inbox.ts'
import { channelsOf } from '../../../src/run/assembly/channels.ts'
import { recordOf } from '../../support/alerts.ts'
import { configOf, errorsIn } from '../../support/configs.ts'

const receivers = `
receivers:
  paris: { type: slack, webhook_url: "https://a.example/paris", language: fr }
  rest: { type: slack, webhook_url: "https://a.example/rest" }
routes: [{ default: [paris, rest] }]
`

test('messages are English unless the configuration or a receiver says otherwise', () => {
  expect(configOf('').language).toBe('en')
  expect(configOf('language: fr').language).toBe('fr')
  const { receivers: all } = configOf(receivers)
  expect([...all.values()].map(({ language }) => language)).toEqual(['fr', undefined])
})

test('each type of receiver takes it, and what is no language is refused with its place', () => {
  const types = [
    '{ type: slack, bot_token: xoxb-1, channel: a, language: fr }',
    '{ type: pagerduty, integration_key: "12345678901234567890123456789012", language: fr }',
    '{ type: email, host: mail.example, from: a@b.example, to: [c@d.example], language: fr }',
    '{ type: teams, webhook_url: "https://a.example/t", language: fr }',
    '{ type: webhook, url: "https://a.example/w", language: fr }'
  ]
  for (const type of types) {
    const config = configOf(`receivers: { one: ${type} }\nroutes: [{ default: one }]`)
    expect(config.receivers.get('one')?.language).toBe('fr')
  }
  expect(errorsIn('language: de')).toEqual(['c.yaml:1:11: language: is "de"; expected en or fr'])
  expect(errorsIn(receivers.replace('fr', 'it'))[0]).toContain('expected en or fr')
})

test('a reload changes it', () => {
  const load = (source: string) => {
    const loaded = loadConfig({ path: 'c.yaml', env: {}, readFile: () => source })
    if (!loaded.ok) throw new Error('refused')
    return loaded
  }
  const reloaded = reloadConfig(load('language: en\n'), {
    path: 'c.yaml',
    env: {},
    readFile: () => 'language: fr\n'
  })
  expect(reloaded).toMatchObject({
    kind: 'reloaded',
    changed: ['language'],
    loaded: { config: { language: 'fr' } }
  })
})

test('channels write in the language of the configuration, or of their receiver', async ({
  onTestFinished
}) => {
  const inbox = await openInbox({ clock: { now: () => 0 }, rate: null })
  const config = configOf(`language: fr
receivers:
  all: { type: slack, webhook_url: "${inbox.slackUrl('a')}" }
  own: { type: slack, webhook_url: "${inbox.slackUrl('b')}", language: en }
routes: [{ default: [all, own] }]
`)
  const channels = channelsOf(config, { clock: { now: () => 0 }, currency: () => 'EUR' })
  onTestFinished(async () => {
    await channels.close()
    await inbox.close()
  })
  for (const channel of channels.byName.values()) await channel.send(recordOf(), null)
  expect(inbox.messages.map(({ body }) => String(Reflect.get(Object(body), 'text')).split(/:/)[0])).toEqual([
    '💰 ÉLEVÉE\u00a0',
    '💰 HIGH'
  ])
})
