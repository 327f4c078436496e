import { expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { printConfig } from '../../../src/config/print.ts'

const load = (http: object | string, env: Record<string, string> = {}) =>
  loadConfig({ path: 'shop.yaml', env, readFile: () => `http: ${JSON.stringify(http)}` })

const secrets = {
  CARTWATCH_LINK_SECRET: 'planted-link-secret',
  SLACK_SIGNING_SECRET: 'planted-slack-secret',
  PAGERDUTY_WEBHOOK_SECRET: 'planted-pagerduty-secret',
  CARTWATCH_API_TOKEN: 'planted-api-token',
  CARTWATCH_PASSWORD: 'planted-password-1',
  CARTWATCH_INTAKE_TOKEN: 'planted-intake-token'
}

test('every way in is shut without its secret', () => {
  const loaded = load({})
  expect(loaded.ok && loaded.config.http).toEqual({
    host: '127.0.0.1',
    port: 8080,
    trustedProxies: null,
    allow: {},
    publicUrl: null,
    linkSecret: null,
    slackSigningSecret: null,
    pagerdutyWebhookSecret: null,
    apiToken: null,
    viewToken: null,
    password: null,
    viewPassword: null,
    userHeader: null,
    operators: null,
    intakeToken: null
  })
})

test('the environment alone opens them, and none of it is printed', () => {
  const loaded = load({}, { ...secrets, CARTWATCH_PUBLIC_URL: 'https://cartwatch.example/alerts/' })
  expect(loaded.ok && loaded.config.http).toEqual({
    host: '127.0.0.1',
    port: 8080,
    trustedProxies: null,
    allow: {},
    publicUrl: 'https://cartwatch.example/alerts',
    linkSecret: 'planted-link-secret',
    slackSigningSecret: ['planted-slack-secret'],
    pagerdutyWebhookSecret: ['planted-pagerduty-secret'],
    apiToken: ['planted-api-token'],
    viewToken: null,
    password: ['planted-password-1'],
    viewPassword: null,
    userHeader: null,
    operators: null,
    intakeToken: ['planted-intake-token']
  })
  const printed = loaded.ok ? printConfig(loaded.effective) : ''
  expect(printed).toContain('public_url: https://cartwatch.example/alerts/')
  expect(printed.match(/: "?\*\*\*"?$/gm)).toHaveLength(6)
  expect(printed).not.toContain('planted')
})

test.for<[string, object, string]>([
  [
    'a link secret without a public URL',
    { link_secret: 'planted-link-secret' },
    'http.link_secret: acknowledgement links also need http.public_url'
  ],
  [
    'a public URL without a link secret',
    { public_url: 'https://cartwatch.example' },
    'http.public_url: acknowledgement links also need http.link_secret'
  ],
  [
    'a public URL with a user',
    { public_url: 'https://u:planted@x.example', link_secret: 'planted-link-secret' },
    'a URL such as https://cartwatch.example.com, without a query'
  ],
  [
    'a header of users that anybody may set',
    { user_header: 'X-Forwarded-User' },
    'http.user_header: is believed of http.trusted_proxies alone: name them'
  ],
  [
    'names in no header',
    { operators: ['ann'] },
    'http.operators: are names in http.user_header: name that header'
  ],
  ['a token that is short', { api_token: 'planted' }, 'at least 16 characters without spaces']
])('%s is an error with its place, and shows no secret', ([, http, words]) => {
  const loaded = load(http)
  const errors = loaded.ok ? '' : formatErrors(loaded.errors)
  expect(errors).toMatch(/^shop\.yaml:1:\d+/)
  expect(errors).toContain(words)
  expect(errors).not.toContain('planted')
})

test('trusted proxies are addresses or networks', () => {
  const loaded = load({ trusted_proxies: '10.0.0.0/8, ::1' })
  expect(loaded.ok && loaded.config.http.trustedProxies).toEqual(['10.0.0.0/8', '::1'])
  for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0.0/8/8', 'true']) {
    const refused = load({ trusted_proxies: [wrong] })
    expect(refused.ok ? '' : formatErrors(refused.errors)).toContain(
      'expected addresses or networks such as 10.0.0.0/8'
    )
  }
})

test('each way in has addresses and networks of its own, or is open', () => {
  const loaded = load({ allow: { operations: '10.0.0.0/8, 127.0.0.1', api: ['2001:db8::/32', '::1'] } })
  expect(loaded.ok && loaded.config.http.allow).toEqual({
    operations: ['10.0.0.0/8', '127.0.0.1'],
    api: ['2001:db8::/32', '::1']
  })
  const printed = loaded.ok ? printConfig(loaded.effective) : ''
  expect(printed).toContain('operations: 10.0.0.0/8, 127.0.0.1')
})

test.for<[string, string, string, string]>([
  ['a name', 'api: [10.0.0.1, office.example]', '3:21', 'expected addresses or networks such as 10.0.0.0/8'],
  [
    'a prefix that is too long',
    'slack: "::1/129"',
    '3:12',
    'expected addresses or networks such as 10.0.0.0/8'
  ],
  ['an empty list', 'links: []', '3:12', 'expected addresses or networks such as 10.0.0.0/8'],
  ['an unknown way', 'operation: 10.0.0.1', '3:5', 'operations']
])('%s in http.allow is an error with its place', ([, line, place, words]) => {
  const source = `http:\n  allow:\n    ${line}\n`
  const loaded = loadConfig({ path: 'shop.yaml', env: {}, readFile: () => source })
  const errors = loaded.ok ? '' : formatErrors(loaded.errors)
  expect(errors).toMatch(new RegExp(`^shop\\.yaml:${place}\\b`))
  expect(errors).toContain(words)
})

test('a secret may be several, with spaces or line breaks between them, the newest first', () => {
  const loaded = load(
    { api_token: 'planted-new-token planted-old-token' },
    { SLACK_SIGNING_SECRET: 'planted-new\nplanted-old', CARTWATCH_INTAKE_TOKEN: 'planted-intake-token' }
  )
  expect(loaded.ok && loaded.config.http).toMatchObject({
    apiToken: ['planted-new-token', 'planted-old-token'],
    slackSigningSecret: ['planted-new', 'planted-old'],
    intakeToken: ['planted-intake-token'],
    pagerdutyWebhookSecret: null
  })
  const one = load(
    { api_token: 'planted-new-token' },
    { SLACK_SIGNING_SECRET: 'planted-new', CARTWATCH_INTAKE_TOKEN: 'planted-intake-token' }
  )
  expect(loaded.ok && one.ok && loaded.hash === one.hash).toBe(true)
  const short = load({ api_token: 'planted-new-token planted' })
  expect(short.ok ? '' : formatErrors(short.errors)).toContain('at least 16 characters without spaces')
})
