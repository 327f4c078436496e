// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how the file names a variable
import { expect, test } from 'vitest'
import { checkConfigCommand } from '../../../src/cli/check-config.ts'

/** The files of the configurations whose webhooks were sent to. */
const sentFrom: (string | undefined)[] = []

async function check(source: string, ...args: string[]) {
  const said: string[] = []
  const complained: string[] = []
  let exitCode = 0
  const command = checkConfigCommand({
    env: { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/abcdefgh12345678' },
    readFile: path => {
      if (path === 'gone.yaml') throw Object.assign(new Error('gone'), { code: 'ENOENT' })
      return source
    },
    clock: { now: () => Date.parse('2026-11-25T10:00:00Z') },
    connect: async () => [
      { path: 'kafka', isReached: true, answer: 'shop-events has 3 partitions' },
      { path: 'store', isReached: false, answer: 'connection refused' }
    ],
    send: async (config, file) => {
      sentFrom.push(file)
      return [...config.receivers.keys()].map(name => ({
        ...{ path: `receivers.${name}`, isReached: true, answer: 'accepted a test message: 200 ok' }
      }))
    },
    tenants: async folder => ({
      isValid: folder === 'right',
      lines: [`${folder}/de.yaml: OK`],
      problems: folder === 'right' ? [] : [`${folder}/fr.yaml: wrong`]
    }),
    print: text => said.push(text),
    complain: text => complained.push(text),
    setExitCode: code => {
      exitCode = code
    }
  })
  await command.parseAsync(args, { from: 'user' })
  return { said, complained, exitCode }
}

test('a right configuration is said to be OK', async () => {
  const { said, complained, exitCode } = await check(
    'pipeline: north\nalerting: { dashboard_url: "https://grafana.example/d/shop" }\n'
  )
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(
    /^cartwatch\.yaml: OK \(1 receiver, 3 routes, currency learned from the first purchases, hash [0-9a-f]{12}\)$/
  )
  expect({ complained, exitCode }).toEqual({ complained: [], exitCode: 0 })
})

test('the currency is stated, and rates alone are factors into USD', async () => {
  const ofText = async (source: string) => (await check(source)).said[0]
  expect(await ofText('currency: EUR')).toContain(', currency EUR, ')
  expect(await ofText('rates: { EUR: 1.1 }')).toContain(', currency USD, ')
  expect((await check('currency: auto\nrates: { EUR: 1.1 }', '--print')).said[0]).toContain(
    'currency: auto\n'
  )
})

test('all errors are reported together, and the exit code is 1', async () => {
  const wrong = await check('pipelin: north\nalerts: maybe\n', '--config', 'staging.yaml')
  expect(wrong).toEqual({
    said: [],
    complained: [
      'staging.yaml:1:1: pipelin: is not a known key; did you mean pipeline?\nstaging.yaml:2:9: alerts: is "maybe"; expected on or off',
      'staging.yaml: 2 errors'
    ],
    exitCode: 1
  })
})

test('a file that was named and is missing is an error', async () => {
  const { complained, exitCode } = await check('', '--config', 'gone.yaml')
  expect(complained).toEqual(["gone.yaml: can't be read (ENOENT)", 'gone.yaml: 1 error'])
  expect(exitCode).toBe(1)
})

test('--print shows what applies, with secrets masked', async () => {
  const { said } = await check('pipeline: north\n', '--print')
  expect(said[0]).toContain('pipeline: north\ntimezone: UTC\n')
  expect(said[0]).toContain('webhook_url: "***12345678"')
  expect(said[0]).toContain('spans: [1, 2, 3,')
  expect(said[0]).not.toContain('abcdefgh')
})

test('alerts that are off are a note, not an error', async () => {
  const { said, complained, exitCode } = await check('alerts: off\n')
  expect(said[0]).toContain('cartwatch.yaml: OK')
  expect(complained).toEqual([
    'note: alerts: off: anomalies are stored and logged, and nobody is notified',
    'note: messages have no buttons: set alerting.dashboard_url, or CARTWATCH_PUBLIC_URL and CARTWATCH_LINK_SECRET for the page of an incident'
  ])
  expect(exitCode).toBe(0)
})

test('a list without entries is said to be empty', async () => {
  const { complained } = await check('kafka: { topics: [] }\n')
  expect(complained[0]).toBe(
    'cartwatch.yaml:1:18: kafka.topics: is an empty list; expected a list of topics, such as [shop-events]'
  )
})

test('the file may be named without --config, and only one may be', async () => {
  expect((await check('pipelin: north\n', 'staging.yaml')).complained.at(-1)).toBe('staging.yaml: 1 error')
  expect(await check('', 'a.yaml', '--config', 'b.yaml')).toEqual({
    said: [],
    complained: ['two files are named, a.yaml and b.yaml: give one'],
    exitCode: 1
  })
})

test('an address beyond this machine without encryption gets a note that does not show it', async () => {
  const { complained, exitCode } = await check(`
store: { url: "http://clickhouse:8123" }
receivers:
  near: { type: webhook, url: "http://127.0.0.1:9000/hook" }
  far: { type: webhook, url: "http://hooks.internal/aaaaaaaaaaaaaaaaaaaa" }
routes:
  - { match: { severity: low }, receiver: near }
  - default: far
`)
  const notes = complained.filter(line => line.includes('http://:'))
  expect(notes.map(line => line.split(' begins')[0])).toEqual(['note: receivers.far.url', 'note: store.url'])
  expect(notes.join()).not.toContain('aaaa')
  expect(exitCode).toBe(0)
})

const pager = `receivers:
  pager: { type: pagerduty, integration_key: "\${KEY:-${'k'.repeat(32)}}" }
  team: { type: slack, webhook_url: "\${SLACK_WEBHOOK_URL}" }
routes: [{ match: { severity: critical }, receiver: pager, continue: true }, { default: team }]
alerting: { dashboard_url: "https://grafana.example/d/shop" }
`

test('a level says the place and the rule of each finding, and what is valid', async () => {
  expect(await check(pager, '--level', 'strict')).toMatchObject({
    said: [
      expect.stringMatching(
        /^cartwatch\.yaml: OK \(level strict, 2 receivers, 2 routes, .*hash [0-9a-f]{12}\)$/
      )
    ],
    complained: [],
    exitCode: 0
  })
  const plain = pager.replace(
    '"${SLACK_WEBHOOK_URL}"',
    'https://hooks.slack.com/services/T0/B0/abcdefgh12345678'
  )
  const note =
    'cartwatch.yaml:3:37: receivers.team.webhook_url: is a secret in plain text: put it into an environment variable and write ${NAME} here, or encrypt it with `cartwatch secrets encrypt` [plain-secret]'
  const ignored =
    'environment variable SLACK_WEBHOOK_URL: is ignored: cartwatch.yaml:1:1 sets the receivers [ignored-variable]'
  expect(await check(plain, '--level', 'basic')).toMatchObject({ complained: [], exitCode: 0 })
  expect(await check(plain, '--level', 'standard')).toMatchObject({
    complained: [`warning: ${ignored}`, `warning: ${note}`],
    exitCode: 0
  })
  expect(await check(plain, '--level', 'strict')).toEqual({
    said: [],
    complained: [ignored, note, 'cartwatch.yaml: 2 errors at level strict'],
    exitCode: 1
  })
})

test('--json has all of it, also where the file is wrong', async () => {
  const { said, exitCode } = await check('pipelin: north\n', '--json')
  expect(JSON.parse(said.join())).toEqual({
    version: 1,
    file: 'cartwatch.yaml',
    level: 'standard',
    is_valid: false,
    hash: null,
    errors: [
      {
        rule: 'unknown-key',
        place: 'cartwatch.yaml:1:1',
        line: 1,
        column: 1,
        path: 'pipelin',
        message: 'is not a known key; did you mean pipeline?',
        remedy: 'take the key that is proposed, or remove the line'
      }
    ],
    warnings: [],
    recommendations: []
  })
  expect(exitCode).toBe(1)
  const right = JSON.parse((await check('', '--json')).said.join())
  expect(right).toMatchObject({ is_valid: true, errors: [], warnings: [] })
  expect(right.recommendations.map((one: { rule: string }) => one.rule)).toEqual(['no-buttons'])
})

test('--connect has a line for each, and one that is not reached is an error', async () => {
  const { said, complained, exitCode } = await check(pager, '--connect')
  expect({ said, complained, exitCode }).toEqual({
    said: ['kafka: shop-events has 3 partitions'],
    complained: ['store: not reached: connection refused', 'cartwatch.yaml: 1 connection failed'],
    exitCode: 1
  })
  const json = JSON.parse((await check(pager, '--connect', '--json')).said.join())
  expect(json.connections).toEqual([
    { path: 'kafka', is_reached: true, answer: 'shop-events has 3 partitions' },
    { path: 'store', is_reached: false, answer: 'connection refused' }
  ])
  expect(json.errors).toMatchObject([
    { rule: 'connection-failed', path: 'store', message: 'connection refused' }
  ])
  expect((await check('pipelin: x\n', '--connect')).complained.at(-1)).toBe('cartwatch.yaml: 1 error')
})

test('--tenants says what is right and wrong of a folder, and exits with 1 where one is refused', async () => {
  expect(await check('', '--tenants', 'right')).toEqual({
    said: ['right/de.yaml: OK'],
    complained: [],
    exitCode: 0
  })
  expect(await check('', '--tenants', 'wrong')).toEqual({
    said: ['wrong/de.yaml: OK'],
    complained: ['wrong/fr.yaml: wrong'],
    exitCode: 1
  })
})

test('--send asks first, then sends through the webhooks, and only where all is right', async () => {
  sentFrom.length = 0
  const { said } = await check(pager, '--config', 'staging.yaml', '--send')
  expect(sentFrom).toEqual(['staging.yaml'])
  expect(said[0]).toBe('kafka: shop-events has 3 partitions')
  expect(said[1]).toMatch(/^receivers\..*: accepted a test message: 200 ok$/)
  await check(pager, '--connect')
  await check('pipelin: x\n', '--send')
  expect(sentFrom).toHaveLength(1)
})
