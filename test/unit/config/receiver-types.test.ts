import { describe, expect, test } from 'vitest'
import { configOf, errorsIn, loadText } from '../../support/configs.ts'

/** A configuration of this one receiver. */
const only = (receiver: string) => `receivers:\n  one: ${receiver}\nroutes: [{ default: one }]`
const parsed = (receiver: string) => configOf(only(receiver)).receivers.get('one')
const errorsOf = (receiver: string) => errorsIn(only(receiver))

describe('a receiver of type', () => {
  test('slack by webhook takes what a webhook can have', () => {
    expect(
      parsed(
        '{ type: slack, webhook_url: https://h.example/A, channel: "#shop", username: Watch, icon: ":bell:" }'
      )
    ).toEqual({
      type: 'slack',
      webhookUrl: 'https://h.example/A',
      channel: '#shop',
      username: 'Watch',
      icon: ':bell:',
      sendResolved: false,
      fallback: null
    })
  })

  test('slack by token is a bot, which tells of the end', () => {
    expect(parsed('{ type: slack, bot_token: xoxb-1-a, channel: C012 }')).toEqual({
      type: 'slack_bot',
      botToken: 'xoxb-1-a',
      channel: 'C012',
      apiUrl: 'https://slack.com/api',
      sendResolved: true,
      fallback: null
    })
    expect(
      parsed('{ type: slack, bot_token: xoxb-1-a, channel: C012, api_url: "http://localhost:1/api/" }')
    ).toMatchObject({ apiUrl: 'http://localhost:1/api' })
  })

  test('pagerduty may have a pace of its own', () => {
    const rate = '{ per_second: 2, burst: 20 }'
    expect(
      parsed(`{ type: pagerduty, integration_key: ${'k'.repeat(32)}, rate: ${rate}, source: shop.example }`)
    ).toEqual({
      type: 'pagerduty',
      source: 'shop.example',
      integrationKey: 'k'.repeat(32),
      url: 'https://events.pagerduty.com/v2/enqueue',
      sendResolved: true,
      fallback: null,
      rate: { perSecond: 2, burst: 20 }
    })
  })

  test('email goes to several, and speaks TLS as its port has it', () => {
    const mail = 'type: email, host: mail.example, from: "Shop <a@b.example>", to: [c@d.example, e@f.example]'
    expect(parsed(`{ ${mail}, user: me, password: pw }`)).toEqual({
      type: 'email',
      host: 'mail.example',
      port: 587,
      tls: 'starttls',
      user: 'me',
      password: 'pw',
      from: 'Shop <a@b.example>',
      to: ['c@d.example', 'e@f.example'],
      sendResolved: false,
      fallback: null
    })
    expect(parsed(`{ ${mail}, port: 465 }`)).toMatchObject({ tls: 'tls', user: null, password: null })
    expect(parsed(`{ ${mail}, port: 25, tls: none, send_resolved: true }`)).toMatchObject({
      tls: 'none',
      sendResolved: true
    })
  })

  test('teams and webhook', () => {
    expect(parsed('{ type: teams, webhook_url: https://t.example/A }')).toEqual({
      type: 'teams',
      webhookUrl: 'https://t.example/A',
      sendResolved: false,
      fallback: null
    })
    expect(parsed('{ type: webhook, url: https://w.example/A, secret: 0123456789abcdef }')).toEqual({
      type: 'webhook',
      url: 'https://w.example/A',
      secret: '0123456789abcdef',
      sendResolved: true,
      fallback: null
    })
  })

  test('heartbeat is none that can be routed to', () => {
    const source = 'receivers:\n  beat: { type: heartbeat, url: https://b.example/1, every: 30s }'
    const { receivers, heartbeats } = configOf(source)
    expect(receivers.size).toBe(0)
    expect(heartbeats.get('beat')).toEqual({ type: 'heartbeat', url: 'https://b.example/1', everyMs: 30_000 })
    expect(errorsIn(`${source}\nroutes: [{ default: beat }]`)).toEqual([
      'c.yaml:3:12: routes[0].default: beat is a heartbeat, which takes no messages'
    ])
  })
})

test.each([
  [
    '{ type: slack }',
    ':2:3: receivers.one.webhook_url: is missing; expected the URL of a webhook, or bot_token with channel'
  ],
  [
    '{ type: slack, webhook_url: https://h.example/A, bot_token: xoxb-1 }',
    ':2:57: receivers.one.bot_token: is set together with webhook_url; keep one of them'
  ],
  [
    '{ type: slack, bot_token: xoxb-1 }',
    ':2:3: receivers.one.channel: is missing; a bot needs the channel: its name or its id'
  ],
  [
    '{ type: slack, bot_token: xoxb-1, channel: C1, icon: ":a:" }',
    ':2:55: receivers.one.icon: is only for webhooks; a bot shows those of its app'
  ],
  [
    '{ type: slack, webhook_url: "https://hooks.slack.com/x", picture: off }',
    ':2:65: receivers.one.picture: is only for bots; a webhook takes no files'
  ],
  [
    '{ type: email, host: h, from: "a@b.example\\nBcc: x@y.example", to: c@d.example }',
    ':2:38: receivers.one.from: is "a@b.example\\nBcc: x@y.example"; expected an address such as cartwatch@shop.example, or Cartwatch <cartwatch@shop.example>'
  ],
  [
    '{ type: email, host: h, from: a@b.example, to: [c@d.example, nobody] }',
    ':2:69: receivers.one.to[1]: is "nobody"; expected addresses such as on-call@shop.example'
  ],
  [
    '{ type: email, host: h, from: a@b.example, to: c@d.example, user: me }',
    ':2:3: receivers.one.password: is missing; a login needs user and password'
  ]
])('%s is refused', (receiver, expected) => {
  expect(errorsOf(receiver).map(line => line.replace(/^c\.yaml/, ''))).toEqual([expected])
})

test('a password without TLS is taken, with a note', () => {
  const mail = 'type: email, host: h, from: a@b.example, to: c@d.example, tls: none'
  const loaded = loadText(only(`{ ${mail}, user: me, password: "\${PASSWORD}" }`), { PASSWORD: 'pw' })
  expect(loaded.ok && loaded.warnings).toEqual([
    'receivers.one.tls is none: the password is sent unencrypted'
  ])
  const without = loadText(only(`{ ${mail} }`))
  expect(without.ok && without.warnings).toEqual([])
})

describe('a fallback', () => {
  const two = (one: string, other: string) => `receivers:
  one: { type: teams, webhook_url: https://t.example/1${one} }
  two: { type: teams, webhook_url: https://t.example/2${other} }
routes: [{ default: one }]`

  test('is a way to a receiver that no route names', () => {
    expect(configOf(two(', fallback: two', '')).receivers.get('one')?.fallback).toBe('two')
    expect(errorsIn(two('', ''))).toEqual(['c.yaml:3:3: receivers.two: no route leads to this receiver'])
  })

  test('that is not there, or leads back, is an error', () => {
    expect(errorsIn(two(', fallback: three', ', fallback: one'))[0]).toMatch(
      /receivers\.one\.fallback: there is no receiver three; there are one, two$/
    )
    expect(errorsIn(two(', fallback: two', ', fallback: one'))).toEqual([
      'c.yaml:2:57: receivers.one.fallback: leads back to where it began: one → two → one'
    ])
    expect(errorsIn(two(', fallback: one', ', fallback: one'))).toEqual([
      'c.yaml:2:57: receivers.one.fallback: leads back to where it began: one → one',
      'c.yaml:3:3: receivers.two: no route leads to this receiver'
    ])
  })
})
