// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how the file names a variable
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../../../src/config/load.ts'
import { findingOf } from '../../../../../src/config/rules/findings.ts'
import { type Level, levels, type RuleId, rules } from '../../../../../src/config/rules/rules.ts'
import { checkLoaded } from '../../../../../src/run/assembly/checks/check.ts'
import { docs, rowsUnder } from '../../../../support/documented.ts'

const nowMs = Date.parse('2026-11-25T10:00:00Z')
const slack = (end: string) => `https://hooks.slack.com/services/T0/B0/${end}`
/** Right at every level, but for the line that a test adds. */
const env = {
  PAGER_KEY: 'k'.repeat(32),
  HOOK: slack('abcdefgh12345678'),
  OTHER: slack('other-12345678'),
  FAR: 'http://hooks.internal/aaaaaaaaaaaaaaaaaaaa',
  EXAMPLE: 'https://hooks.slack.com/services/YOUR/WEBHOOK/URL',
  XXXX: 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'
}
const base = `receivers:
  pager: { type: pagerduty, integration_key: "\${PAGER_KEY}" }
  team: { type: slack, webhook_url: "\${HOOK}" }
routes: [{ match: { severity: critical }, receiver: pager, continue: true }, { default: team }]
alerting: { dashboard_url: "https://grafana.example/d/shop" }
`
const withReceiver = (receiver: string) =>
  base
    .replace('\nroutes:', `\n  more: ${receiver}\nroutes:`)
    .replace('{ default: team }', '{ match: { kind: late_spike }, receiver: more }, { default: team }')

interface Given {
  readonly source?: string | undefined
  readonly more?: Readonly<Record<string, string>>
}

function findings(level: Level, { source, more = {} }: Given) {
  const readFile = (path: string) => {
    if (path !== 'c.yaml' || source === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' })
    return source
  }
  const loaded = loadConfig({
    ...(source !== undefined && { path: 'c.yaml' }),
    env: { ...env, ...more },
    readFile,
    readTemplates: () => ({ files: new Map([['it.liquid', '\n {{ titel }}']]), problems: [] })
  })
  return loaded.ok ? checkLoaded(loaded, level, nowMs) : loaded.errors.map(findingOf)
}

const place = (line: number, column: number) => `c.yaml:${line}:${column}`
const mail = '{ type: email, host: mail.example, tls: none, from: a@b.example, to: c@d.example'

/** For each rule: what breaks it, and the place and path that are said. */
const cases: readonly (readonly [RuleId, Given, string | null, string | null])[] = [
  ['unreadable-file', { source: `${base}calendar_files: [gone.ics]\n` }, place(6, 18), 'calendar_files[0]'],
  ['wrong-template', { source: `${base}templates: { slack: it.liquid }\n` }, 'templates/it.liquid:2:5', null],
  ['yaml-syntax', { source: 'a: "b' }, place(1, 6), null],
  ['unknown-key', { source: `${base}pipelin: north\n` }, place(6, 1), 'pipelin'],
  [
    'missing-key',
    { source: `${base}kafka: { sasl: { mechanism: plain, username: u } }\n` },
    place(6, 10),
    'kafka.sasl.password'
  ],
  ['wrong-value', { source: `${base}alerts: maybe\n` }, place(6, 9), 'alerts'],
  [
    'inconsistent-settings',
    { source: withReceiver(`${mail}, user: u }`) },
    place(4, 3),
    'receivers.more.password'
  ],
  ['unresolved-variable', { source: `${base}pipeline: \${GONE}\n` }, place(6, 11), 'pipeline'],
  ['unreadable-secret', { source: `${base}store: { password: enc:x }\n` }, place(6, 20), 'store.password'],
  ['missing-file', { more: { PAGERDUTY_INTEGRATION_KEY: env.PAGER_KEY } }, null, null],
  ['nobody-notified', { source: `${base}alerts: off\n` }, null, null],
  [
    'unchecked-certificate',
    { source: `${base}kafka: { tls: { reject_unauthorized: off } }\n` },
    place(6, 38),
    'kafka.tls.reject_unauthorized'
  ],
  [
    'login-without-tls',
    { source: `${base}kafka: { sasl: { mechanism: plain, username: u, password: "\${PAGER_KEY}" } }\n` },
    place(6, 1),
    'kafka.tls'
  ],
  [
    'smtp-without-tls',
    { source: withReceiver(`${mail}, user: u, password: "\${PAGER_KEY}" }`) },
    place(4, 49),
    'receivers.more.tls'
  ],
  [
    'plain-secret',
    { source: `${base}store: { password: planted-in-the-file }\n` },
    place(6, 20),
    'store.password'
  ],
  [
    'plain-http',
    { source: withReceiver('{ type: webhook, url: "${FAR}" }') },
    place(4, 31),
    'receivers.more.url'
  ],
  [
    'ignored-variable',
    { source: base, more: { SLACK_WEBHOOK_URL: env.OTHER } },
    'environment variable SLACK_WEBHOOK_URL',
    null
  ],
  ['no-buttons', { source: base.replace(/^alerting:.*\n/m, '') }, null, null],
  [
    'placeholder-webhook',
    { source: withReceiver('{ type: slack, webhook_url: "${EXAMPLE}" }') },
    place(4, 37),
    'receivers.more.webhook_url'
  ],
  [
    'critical-without-pager',
    { source: base.replace('severity: critical', 'kind: data_loss') },
    place(4, 9),
    'routes'
  ],
  [
    'shared-webhook',
    { source: withReceiver('{ type: slack, webhook_url: "${HOOK}" }') },
    place(4, 37),
    'receivers.more.webhook_url'
  ],
  [
    'short-secret',
    { source: `${base}store: { password: "\${SHORT}" }\n`, more: { SHORT: 'hunter2' } },
    place(6, 20),
    'store.password'
  ],
  ['open-port', { source: `${base}http: { host: 0.0.0.0 }\n` }, place(6, 15), 'http.host'],
  ['nobody-signs-in', { source: `${base}http: { host: 0.0.0.0 }\n` }, place(6, 15), 'http.host']
]

test('every rule has a test', () => {
  const inCases = cases.map(([rule]) => rule)
  expect([...inCases, 'connection-failed', 'broken-catalogue'].toSorted()).toEqual(
    Object.keys(rules).toSorted()
  )
})

test.each([
  ['127.0.0.1', false],
  ['10.0.0.0/8, 127.0.0.1', false],
  ['0.0.0.0/0', true],
  ['10.0.0.0/8, ::/0', true]
])('a port whose pages are for %s is open: %s', (operations, isOpen) => {
  const source = `${base}http: { host: 0.0.0.0, allow: { operations: "${operations}" } }\n`
  const found = findings('paranoid', { source }).some(({ rule }) => rule === 'open-port')
  expect(found).toBe(isOpen)
})

test('a list for another way leaves the pages open', () => {
  const source = `${base}http: { host: 0.0.0.0, allow: { api: 10.0.0.1 } }\n`
  expect(findings('paranoid', { source }).map(({ rule }) => rule)).toEqual(['nobody-signs-in', 'open-port'])
})

test('what breaks no rule is valid at every level', () => {
  for (const level of levels) expect(findings(level, { source: base })).toEqual([])
})

describe.each(cases)('%s', (rule, given, where, path) => {
  const { from, as, errorFrom = 'none' } = { errorFrom: undefined, ...rules[rule] }
  const said = levels.map(level => findings(level, given).filter(one => one.rule === rule))

  test('is said once, from its level on, as what it is there', () => {
    let isError = as === 'error'
    const expected = levels.map((level, at) => {
      isError ||= level === errorFrom
      return at < levels.indexOf(from) ? [] : [isError ? 'error' : as]
    })
    expect(said.map(found => found.map(one => one.as))).toEqual(expected)
  })

  test('has its place, a remedy, and no secret', () => {
    const all = said.flat()
    expect(new Set(all.map(one => one.place))).toEqual(new Set([where]))
    expect(new Set(all.map(one => one.path))).toEqual(new Set([path]))
    const words = JSON.stringify(findings('paranoid', given))
    for (const secret of [...Object.values(env), 'planted', 'hunter2']) expect(words).not.toContain(secret)
    expect(all[0]?.remedy).toBe(rules[rule].remedy)
  })

  test('is all that is wrong', () => {
    const others = findings('paranoid', given).filter(one => one.rule !== rule && one.as === 'error')
    expect(others).toEqual([])
  })
})

describe('a placeholder', () => {
  test.each([env.EXAMPLE, env.XXXX, 'https://hooks.example/<your-id>', 'https://hooks.example/changeme'])(
    'is %s',
    url => {
      expect(findings('strict', { source: base, more: { HOOK: url } }).map(({ rule }) => rule)).toEqual([
        'placeholder-webhook'
      ])
    }
  )

  test.each([env.HOOK, 'https://yourshop.example/hooks/1a2b3c', 'https://hooks.example/xXxXxX'])(
    'is not %s',
    url => {
      expect(findings('strict', { source: base, more: { HOOK: url } })).toEqual([])
    }
  )
})

test('a mail server is asked for TLS beyond this machine, also without a password', () => {
  const rulesOf = (level: Level, receiver: string) =>
    findings(level, { source: withReceiver(receiver) }).map(({ rule }) => rule)
  expect(rulesOf('paranoid', `${mail} }`)).toEqual(['smtp-without-tls'])
  expect(rulesOf('strict', `${mail} }`)).toEqual([])
  expect(rulesOf('paranoid', `${mail} }`.replace('mail.example', 'localhost'))).toEqual([])
})

test('docs/configuration.md has a row for each rule: its level, what it is, and its remedy', () => {
  const rows = rowsUnder(docs('configuration.md'), '| rule | from |').map(row =>
    row.split('|').map(cell => cell.trim())
  )
  const written = rows.map(([, rule, from, as, , remedy]) => [rule, from, as, remedy])
  const expected = Object.entries(rules).map(([rule, one]) => {
    const { from, as, errorFrom, remedy } = { errorFrom: undefined, ...one }
    return [`\`${rule}\``, from, errorFrom === undefined ? as : `${as}; ${errorFrom}: error`, remedy]
  })
  expect(written).toEqual(expected)
})
