import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { receiverVariables } from '../../../src/config/default-receivers.ts'
import { type EffectiveConfig, fillIn } from '../../../src/config/effective.ts'
import { encryptionVariables } from '../../../src/config/encryption/keyring.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { printConfig } from '../../../src/config/print.ts'
import { configSchema } from '../../../src/config/schema.ts'
import { knownVariables } from '../../../src/config/variables.ts'
import { proxyVariables } from '../../../src/net/proxies.ts'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const nothing = { env: {}, readFile: () => '' }

test('.env.example has every variable that the configuration reads, and no other', () => {
  const written = [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)]
  const known = [
    ...knownVariables.map(({ name }) => name),
    ...receiverVariables,
    ...proxyVariables,
    ...encryptionVariables
  ]
  expect(written.map(([, name]) => name).toSorted()).toEqual(known.toSorted())
  expect(written.map(([, , value]) => value).join('')).toBe('')
})

test('every variable of .env.example has a line that says what it is for', () => {
  const blocks = read('.env.example').split('\n\n').slice(1)
  for (const block of blocks) expect(block).toMatch(/^# /)
})

test('cartwatch.yaml says the defaults: without it nothing changes', () => {
  const shipped = loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => read('cartwatch.yaml') })
  const bare = loadConfig(nothing)
  expect(shipped.ok && shipped.effective).toEqual(bare.ok && bare.effective)
})

test('the routes that cartwatch.yaml shows in a comment are right, and are what the environment alone gives', () => {
  const source = read('cartwatch.yaml')
  const comment = source.slice(source.indexOf('# receivers:'), source.indexOf('\nalerting:'))
  const env = {
    SLACK_WEBHOOK_CRITICAL: 'https://hooks.slack.com/services/T0/B0/critical-critical',
    SLACK_WEBHOOK_REVENUE: 'https://hooks.slack.com/services/T0/B0/revenue-revenue',
    SLACK_WEBHOOK_TECHNICAL: 'https://hooks.slack.com/services/T0/B0/technical-technical',
    PAGERDUTY_INTEGRATION_KEY: 'k'.repeat(32)
  }
  const written = loadConfig({ path: 'a', env, readFile: () => comment.replaceAll(/^# /gm, '') })
  const bare = loadConfig({ ...nothing, env })
  expect(written.ok && written.config.receivers).toEqual(bare.ok && bare.config.receivers)
  expect(written.ok && written.config.routes).toEqual(bare.ok && bare.config.routes)
})

test('the printed configuration is itself a right one of the same meaning', () => {
  const bare = loadConfig(nothing)
  if (!bare.ok) throw new Error('the defaults are refused')
  const again = loadConfig({ path: 'printed', env: {}, readFile: () => printConfig(bare.effective) })
  expect(again.ok && again.config).toEqual(bare.config)
  expect(again.ok && again.hash).toBe(bare.hash)
})

test('docs/configuration.md names every key outside the detectors with its default', () => {
  const rows = [...read('docs/configuration.md').matchAll(/^\| `([a-z_.]+)` \| (.*?) \|/gm)]
  const documented = Object.fromEntries(rows.map(([, key, value]) => [key, defaultOf(value as string)]))
  const defaults = leaves(fillIn(configSchema, {}) as EffectiveConfig)
  const sections = defaults.filter(([path]) => !path.startsWith('detectors.'))
  const optional = {
    environment: undefined,
    'store.url': undefined,
    'store.anonymise_after': undefined,
    'store.anonymise_secret': undefined,
    'alerting.dashboard_url': undefined,
    'kafka.sasl': undefined,
    'kafka.schema_registry': undefined,
    'events.time_unit': undefined,
    'events.timezone': undefined,
    'events.date_order': undefined,
    'events.decimal': undefined,
    'events.money.scale': undefined,
    'events.event_type': undefined,
    'events.events_in': undefined,
    'intake.topics': undefined,
    'changes.topics': undefined,
    'http.public_url': undefined,
    'http.link_secret': undefined,
    'http.slack_signing_secret': undefined,
    'http.pagerduty_webhook_secret': undefined,
    'http.api_token': undefined,
    'http.view_token': undefined,
    'http.password': undefined,
    'http.view_password': undefined,
    'http.user_header': undefined,
    'http.operators': undefined,
    'http.intake_token': undefined,
    'http.trusted_proxies': undefined
  }
  expect(documented).toEqual({ ...Object.fromEntries(sections), ...optional })
})

/** A cell of the table: a default as YAML in backticks, or words where there is none. */
function defaultOf(cell: string): unknown {
  const code = /^`(.*)`$/.exec(cell)
  return code ? parse(code[1] as string) : undefined
}

const wholes = [
  'rates',
  'metrics',
  'labels',
  'time_intervals',
  'receivers',
  'escalations',
  'alerting.kinds',
  'http.allow',
  'events.fields',
  'events.event_types'
]

/** A value that the table gives as a whole. */
function isLeaf(path: string, value: unknown): boolean {
  return wholes.includes(path) || typeof value !== 'object' || Array.isArray(value)
}

function leaves(value: EffectiveConfig, above = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = above ? `${above}.${key}` : key
    return isLeaf(path, inner) ? [[path, inner]] : leaves(inner as EffectiveConfig, path)
  })
}
