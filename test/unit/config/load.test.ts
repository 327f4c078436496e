// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how the file names a variable
import { describe, expect, test } from 'vitest'
import type { Env } from '../../../src/config/environment.ts'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import type { Config } from '../../../src/config/schema.ts'
import { routeTo } from '../../support/alerts.ts'

const webhook = 'https://hooks.slack.com/services/T000/B000/abcdefgh12345678'

function load(source: string, env: Env = {}, files: Readonly<Record<string, string>> = {}) {
  return loadConfig({
    path: 'cartwatch.yaml',
    env,
    readFile: fakeFiles({ 'cartwatch.yaml': source, ...files })
  })
}

function fakeFiles(files: Readonly<Record<string, string>>) {
  return (path: string): string => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return text
  }
}

function configOf(source: string, env?: Env, files?: Readonly<Record<string, string>>): Config {
  const loaded = load(source, env, files)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded.config
}

function errorsOf(source: string, env?: Env, files?: Readonly<Record<string, string>>): string[] {
  const loaded = load(source, env, files)
  return loaded.ok ? [] : formatErrors(loaded.errors).split('\n')
}

describe('a right configuration', () => {
  test('an empty file gives all defaults', () => {
    const config = configOf('')
    expect(config).toMatchObject({
      pipeline: 'shop',
      timezone: 'UTC',
      currency: undefined,
      rates: {},
      alerts: true,
      kafka: {
        brokers: ['localhost:9092'],
        topics: ['shop-events'],
        group: 'cartwatch',
        clientId: 'cartwatch',
        start: 'earliest',
        sessionTimeoutMs: 10_000,
        maxBytesPerPartition: 1_048_576
      },
      deadLetter: 'topic',
      deadLetterFile: 'data/dead-letters.ndjson',
      deadLetterMaxSize: 268_435_456,
      events: { maxBytes: 1_048_576 },
      windows: { sizeMs: 60_000, graceMs: 10_000, idleMs: 30_000, maxAhead: 60, skipAfterMs: 1_800_000 },
      store: {
        user: 'default',
        password: '',
        database: 'realtime',
        folder: 'data/store',
        maxSize: 21_474_836_480,
        timeoutMs: 8_000,
        retention: { windows: 90, segments: 90, anomalies: 90, incidents: 90, notifications: 90, audit: 400 },
        historyMs: 2_419_200_000
      },
      http: { host: '127.0.0.1', port: 8080 },
      log: { level: 'info', pretty: 'auto' }
    })
    expect(config.store.url).toBeUndefined()
    expect(config.receivers.size).toBe(0)
  })

  test.each(['# only a comment\n', '---\n', 'kafka:\n  # all commented out\nstore:\n'])(
    '%j is the defaults too',
    source => {
      expect(configOf(source)).toEqual(configOf(''))
    }
  )

  test('a missing default file gives the defaults and a note', () => {
    const loaded = loadConfig({ env: {}, readFile: fakeFiles({}) })
    expect(loaded.ok && loaded.warnings).toEqual([
      'cartwatch.yaml does not exist: using the defaults and the environment'
    ])
  })

  test('a missing file that was named is refused', () => {
    const loaded = loadConfig({ path: 'other.yaml', env: {}, readFile: fakeFiles({}) })
    expect(loaded.ok ? '' : formatErrors(loaded.errors)).toBe("other.yaml: can't be read (ENOENT)")
  })

  test('durations, sizes, an age and on and off are read in the forms people write', () => {
    const config = configOf(`
alerts: off
kafka: { start: 2h, max_bytes_per_partition: 512KiB, topics: "a, b" }
windows: { size: 30s, give_up: 1h }
log: { pretty: on }
`)
    expect(config.alerts).toBe(false)
    expect(config.kafka).toMatchObject({
      start: { ageMs: 7_200_000 },
      maxBytesPerPartition: 524_288,
      topics: ['a', 'b']
    })
    expect(config.windows).toMatchObject({ sizeMs: 30_000, skipAfterMs: 3_600_000 })
    expect(config.log.pretty).toBe(true)
  })

  test('readers are a number, or as many as the machine has cores for', () => {
    expect(configOf('').kafka.readers).toBe(1)
    expect(configOf('kafka: { readers: 3 }\n').kafka.readers).toBe(3)
    expect(configOf('kafka: { readers: auto }\n').kafka.readers).toBe('auto')
    for (const readers of ['0', '17', '1.5', 'many']) {
      const loaded = loadConfig({
        path: 'cartwatch.yaml',
        env: {},
        readFile: fakeFiles({ 'cartwatch.yaml': `kafka: { readers: ${readers} }\n` })
      })
      expect(loaded.ok ? '' : formatErrors(loaded.errors)).toContain('kafka.readers')
    }
  })

  test('anchors and aliases are followed', () => {
    expect(configOf('windows: { grace: &short 20s, idle: *short }\n').windows).toMatchObject({
      graceMs: 20_000,
      idleMs: 20_000
    })
  })
})

describe('the environment', () => {
  test('fills in what the file leaves open, numbers included', () => {
    const config = configOf('http: { host: 0.0.0.0 }\n', {
      KAFKA_BOOTSTRAP_SERVERS: 'one:9092, two:9092',
      CLICKHOUSE_URL: 'http://clickhouse:8123',
      CLICKHOUSE_USER: 'watch',
      CLICKHOUSE_PASSWORD: '0123',
      DASHBOARD_URL: 'https://grafana.example/d/shop',
      HTTP_PORT: '9090',
      LOG_LEVEL: 'debug'
    })
    expect(config.kafka.brokers).toEqual(['one:9092', 'two:9092'])
    expect(config.store).toMatchObject({ url: 'http://clickhouse:8123', user: 'watch', password: '0123' })
    expect(config.alerting.dashboardUrl).toBe('https://grafana.example/d/shop')
    expect(config.http).toMatchObject({ host: '0.0.0.0', port: 9090 })
    expect(config.log.level).toBe('debug')
  })

  test('an empty variable is one that is not set', () => {
    expect(configOf('', { CLICKHOUSE_URL: '', HTTP_PORT: '' })).toEqual(configOf(''))
  })

  test('the file wins over a variable, with a note', () => {
    const loaded = load('kafka:\n  brokers: [inside:9092]\n', { KAFKA_BOOTSTRAP_SERVERS: 'outside:9092' })
    expect(loaded.ok && loaded.config.kafka.brokers).toEqual(['inside:9092'])
    expect(loaded.ok && loaded.warnings).toEqual([
      'KAFKA_BOOTSTRAP_SERVERS is ignored: cartwatch.yaml:2:12 sets kafka.brokers'
    ])
  })

  test('an error in a variable is placed at its name', () => {
    expect(errorsOf('', { HTTP_PORT: 'web', LOG_LEVEL: 'warning' })).toEqual([
      'environment variable HTTP_PORT: http.port: is "web"; expected a number',
      'environment variable LOG_LEVEL: log.level: is "warning"; expected debug, info, warn, error or silent (did you mean warn?)'
    ])
  })

  test('SLACK_WEBHOOK_URL alone is enough for alerts', () => {
    const { receivers, routes } = configOf('', { SLACK_WEBHOOK_URL: webhook })
    expect([...receivers.keys()]).toEqual(['slack'])
    expect(routes.at(-1)).toMatchObject(routeTo('slack'))
  })

  test('a webhook that no route needs is left out with a note', () => {
    const loaded = load('', {
      SLACK_WEBHOOK_URL: `${webhook}0`,
      SLACK_WEBHOOK_CRITICAL: `${webhook}1`,
      SLACK_WEBHOOK_REVENUE: `${webhook}2`,
      SLACK_WEBHOOK_TECHNICAL: `${webhook}3`
    })
    expect(loaded.ok && [...loaded.config.receivers.keys()]).toEqual([
      'slack-critical',
      'slack-revenue',
      'slack-technical'
    ])
    expect(loaded.ok && loaded.warnings).toEqual([
      'SLACK_WEBHOOK_URL is set, but no route leads to its receiver slack'
    ])
  })

  test('receivers in the file win over the environment, with a note for what they do not use', () => {
    const loaded = load(
      `receivers:\n  team: { type: slack, webhook_url: "\${SLACK_WEBHOOK_URL}" }\nroutes: [{ default: team }]\n`,
      { SLACK_WEBHOOK_URL: webhook, SLACK_WEBHOOK_REVENUE: `${webhook}2` }
    )
    expect(loaded.ok && loaded.warnings).toEqual([
      'SLACK_WEBHOOK_REVENUE is ignored: cartwatch.yaml:1:1 sets the receivers'
    ])
  })
})

describe('variables in the file', () => {
  test('stand in quoted, plain and partial values, with defaults', () => {
    const source = `
pipeline: \${SHOP}
kafka: { group: "\${SHOP}-\${STAGE:-test}", brokers: '\${BROKERS:-localhost:9092}' }
http:
  port: \${PORT:-9000}
`
    const config = configOf(source, { SHOP: 'north' })
    expect(config.pipeline).toBe('north')
    expect(config.kafka.group).toBe('north-test')
    expect(config.http.port).toBe(9000)
  })

  test('a number in a variable stays text where text is wanted', () => {
    expect(configOf('store:\n  password: ${PW}\n', { PW: '007' }).store.password).toBe('007')
  })

  test('$$ is one dollar sign, and a lone one is itself', () => {
    expect(configOf('store: { password: "a$$b$c$${PW}" }\n').store.password).toBe('a$b$c${PW}')
  })

  test('one that is not set and has no default is refused with its place', () => {
    expect(errorsOf('kafka:\n  group: ${GROUP}\n  brokers: "${HOST}:9092"\n')).toEqual([
      'cartwatch.yaml:2:10: kafka.group: the environment variable GROUP is not set; set it, or write ${GROUP:-default}',
      'cartwatch.yaml:3:12: kafka.brokers: the environment variable HOST is not set; set it, or write ${HOST:-default}'
    ])
  })

  test.each(['${}', '${1X}', '${A:default}', '${OPEN', '${A:-${B}}'])('%s is refused', text => {
    expect(errorsOf(`pipeline: '${text}'\n`)).toHaveLength(1)
  })

  test('a secret comes out of the file that NAME_FILE names, without its last newline', () => {
    const files = { '/run/secrets/pw': 'open sesame\n' }
    expect(configOf('', { CLICKHOUSE_PASSWORD_FILE: '/run/secrets/pw' }, files).store.password).toBe(
      'open sesame'
    )
    expect(
      configOf('store: { password: "${PW}" }', { PW_FILE: '/run/secrets/pw' }, files).store.password
    ).toBe('open sesame')
  })

  test('an unreadable NAME_FILE is named, and so are both at once', () => {
    expect(errorsOf('', { CLICKHOUSE_PASSWORD_FILE: '/gone' })).toEqual([
      "environment variable CLICKHOUSE_PASSWORD: store.password: CLICKHOUSE_PASSWORD_FILE names /gone, which can't be read (ENOENT)"
    ])
    expect(errorsOf('', { SLACK_WEBHOOK_URL: webhook, SLACK_WEBHOOK_URL_FILE: '/gone' })).toEqual([
      'environment variable SLACK_WEBHOOK_URL: receivers: both SLACK_WEBHOOK_URL and SLACK_WEBHOOK_URL_FILE are set; keep one of them'
    ])
  })
})

describe('errors', () => {
  test('five of them give five errors, each with its line, what is there and what would be right', () => {
    const source = `pipeline: shop
windows:
  siz: 1m
  grace: 10
kafka:
  brokers: localhost
http:
  port: 80800
log:
  level: wran
`
    expect(errorsOf(source)).toEqual([
      'cartwatch.yaml:3:3: windows.siz: is not a known key; did you mean size?',
      'cartwatch.yaml:4:10: windows.grace: is 10; expected a duration such as 30s, 15m, 1h or 7d',
      'cartwatch.yaml:6:12: kafka.brokers: is "localhost"; expected host:port, such as localhost:9092 or [::1]:9092',
      'cartwatch.yaml:8:9: http.port: is 80800; expected at most 65535',
      'cartwatch.yaml:10:10: log.level: is "wran"; expected debug, info, warn, error or silent (did you mean warn?)'
    ])
  })

  test.each([
    ['kafkaa: {}', 'cartwatch.yaml:1:1: kafkaa: is not a known key; did you mean kafka?'],
    ['__proto__: {}', 'cartwatch.yaml:1:1: has a key that is not a name; expected a word'],
    ['- a', 'cartwatch.yaml:1:1: expected keys and values, such as pipeline: shop'],
    ['just text', 'cartwatch.yaml:1:1: expected keys and values, such as pipeline: shop'],
    ['kafka: none', 'cartwatch.yaml:1:8: kafka: is "none"; expected keys and values'],
    ['pipeline: 2024', 'cartwatch.yaml:1:11: pipeline: is 2024; expected text: put it in quotes'],
    ['pipeline: -1.5e300', 'cartwatch.yaml:1:11: pipeline: is -1.5e+300; expected text'],
    ['currency: 5', 'cartwatch.yaml:1:11: currency: is 5; expected text'],
    ['kafka: { brokers: [1] }', 'cartwatch.yaml:1:20: kafka.brokers[0]: is 1; expected text'],
    [
      'segments: { max_values: 11 }',
      'cartwatch.yaml:1:1: segments.top: at its default; expected at most max_values'
    ],
    ['alerts: no', 'cartwatch.yaml:1:9: alerts: is "no"; expected on or off'],
    [
      'currency: EURO',
      'cartwatch.yaml:1:11: currency: is "EURO"; expected a currency of ISO 4217 such as USD, or auto'
    ],
    ['rates: { EUR: 0 }', 'cartwatch.yaml:1:15: rates.EUR: is 0; expected more than 0'],
    [
      'timezone: Europe/Berln',
      'cartwatch.yaml:1:11: timezone: is "Europe/Berln"; expected a time zone such as UTC or Europe/Berlin (did you mean Europe/Berlin?)'
    ],
    [
      'timezone: "+02:00"',
      'cartwatch.yaml:1:11: timezone: is "+02:00"; expected a time zone such as UTC or Europe/Berlin'
    ],
    [
      'kafka: { start: yesterday }',
      'cartwatch.yaml:1:17: kafka.start: is "yesterday"; expected earliest, latest or an age such as 2h'
    ],
    [
      'windows: { size: 7m }',
      'cartwatch.yaml:1:18: windows.size: is "7m"; expected a part of an hour, such as 30s, 1m, 5m or 15m'
    ],
    [
      'windows: { give_up: 1m }',
      'cartwatch.yaml:1:21: windows.give_up: is "1m"; expected more than size + grace + idle together, or healthy partitions are skipped'
    ],
    [
      'store: { url: "tcp://ch:9000" }',
      'cartwatch.yaml:1:15: store.url: is "tcp://ch:9000"; expected a URL such as http://localhost:8123'
    ],
    [
      'store: { anonymise_after: 30d }',
      'cartwatch.yaml:1:10: store.anonymise_after: anonymising also needs store.anonymise_secret'
    ],
    [
      'store: { anonymise_after: 2d, anonymise_secret: a-secret-of-16-or-more }',
      'cartwatch.yaml:1:27: store.anonymise_after: is "2d"; expected a duration from 7d to 3650d'
    ],
    [
      'store: { history: 100d }',
      'cartwatch.yaml:1:19: store.history: is "100d"; expected at most the retention of windows: older rows are deleted'
    ],
    [
      'store: { retention: { windows: 5 } }',
      'cartwatch.yaml:1:32: store.retention.windows: is 5; expected a duration such as 30s, 15m, 1h or 7d'
    ],
    [
      'store: { retention: forever }',
      'cartwatch.yaml:1:21: store.retention: is "forever"; expected a duration from 1d to 3650d, or one each for windows, segments, anomalies, incidents and notifications'
    ],
    [
      'store: { timeout: 40s }',
      'cartwatch.yaml:1:19: store.timeout: is "40s"; expected less than kafka.session_timeout, or a slow store makes the instance lose its partitions'
    ],
    [
      'currency: EUR\nrates: { EUR: 1 }',
      'cartwatch.yaml:2:8: rates: no rate for the currency itself, which is 1'
    ],
    ['http: { port: 1, port: 2 }', 'cartwatch.yaml:1:18: the key port is given twice; keep one of them'],
    [
      'pipeline: a\n---\npipeline: b',
      'cartwatch.yaml:2:1: a second document begins here (---); expected one document'
    ],
    [
      'kafka:\n\tgroup: a',
      'cartwatch.yaml:2:1: this is not YAML: Tabs are not allowed as indentation; use spaces'
    ],
    ['pipeline: "open', 'cartwatch.yaml:1:16: this is not YAML: Missing closing "quote'],
    [
      'kafka: &k { group: *k }',
      'cartwatch.yaml:1:11: kafka.group: is too large or contains itself; expected a plain value'
    ]
  ])('%j', (source, error) => {
    expect(errorsOf(source)).toEqual([error])
  })

  test('a misspelled key that is required is one error', () => {
    const source = `receivers:
  team: { type: slack, webhook_uri: "${webhook}" }
routes: [{ default: team }]
`
    expect(errorsOf(source)).toEqual([
      'cartwatch.yaml:2:24: receivers.team.webhook_uri: is not a known key; did you mean webhook_url?'
    ])
  })

  test('a check across sections runs although another section is wrong', () => {
    expect(
      errorsOf('store: { timeout: 40s }\nhttp: { port: web }\nroutes: [{ default: nowhere }]\n')
    ).toEqual([
      'cartwatch.yaml:1:19: store.timeout: is "40s"; expected less than kafka.session_timeout, or a slow store makes the instance lose its partitions',
      'cartwatch.yaml:2:15: http.port: is "web"; expected a number',
      'cartwatch.yaml:3:12: routes[0].default: there is no receiver nowhere; there are none'
    ])
  })
})

describe('secrets', () => {
  const key = 'zZ9'.repeat(11)
  const password = 'correct-horse-battery'

  test('appear in no error, whichever key they are written at', () => {
    const source = `
pipeline: "\${CLICKHOUSE_PASSWORD} x"
store: { password: [${password}], url: "http://me:${password}@host" }
receivers:
  a: { type: slack, webhook_url: "htp://${password}", send_resolved: "\${SLACK_WEBHOOK_URL}" }
  b: { type: pagerduty, integration_key: ${key} }
`
    const text = errorsOf(source, { CLICKHOUSE_PASSWORD: password, SLACK_WEBHOOK_URL: webhook }).join('\n')
    expect(text).toContain('cartwatch.yaml:2:11: pipeline: is "*** x"')
    expect(text).toContain('receivers.b.integration_key: is "***"')
    for (const secret of [key, password, webhook, 'abcdefgh12345678']) expect(text).not.toContain(secret)
  })

  test('appear in no effective configuration but for the end of a URL', () => {
    const loaded = load('', {
      CLICKHOUSE_PASSWORD: password,
      SLACK_WEBHOOK_URL: webhook,
      PAGERDUTY_INTEGRATION_KEY: 'a'.repeat(32),
      DASHBOARD_URL: `https://grafana.example/?token=${password}`
    })
    const text = JSON.stringify(loaded.ok && loaded.effective)
    expect(text).toContain('"webhook_url":"***12345678"')
    expect(text).toContain('"integration_key":"***"')
    for (const secret of [password, 'abcdefgh', 'aaaa']) expect(text).not.toContain(secret)
  })
})

describe('the hash', () => {
  const hashOf = (source: string, env?: Env) => {
    const loaded = load(source, env)
    return loaded.ok ? loaded.hash : undefined
  }

  test('is the same for the same meaning, however it is written', () => {
    expect(hashOf('windows: { grace: 10s, size: 60s }\nalerts: true\n')).toBe(
      hashOf('# words\nwindows: { size: 1m }\n')
    )
    expect(hashOf('')).toMatch(/^[0-9a-f]{12}$/)
  })

  test('changes with a value, not with a secret', () => {
    expect(hashOf('windows: { grace: 20s }')).not.toBe(hashOf(''))
    expect(hashOf('', { CLICKHOUSE_PASSWORD: 'new' })).toBe(hashOf(''))
  })
})
