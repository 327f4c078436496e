// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how the file names a variable
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Env } from '../../../src/config/environment.ts'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { printConfig } from '../../../src/config/print.ts'
import { createAuthority, type KeyPair } from '../../support/certificates.ts'

/** Loads a `kafka:` section, given as what stands within its braces. */
function load(kafka: string, env: Env = {}) {
  const file = 'cartwatch.yaml'
  const readFile = (path: string) => (path === file ? `kafka: { ${kafka} }\n` : readFileSync(path, 'utf8'))
  return loadConfig({ path: file, env, readFile })
}

function kafkaOf(kafka: string, env?: Env) {
  const loaded = load(kafka, env)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded.config.kafka
}

function errorsOf(kafka: string, env?: Env): string[] {
  const loaded = load(kafka, env)
  return loaded.ok ? [] : formatErrors(loaded.errors).split('\n')
}

describe('kafka.sasl', () => {
  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('%s takes a user and a password', mechanism => {
    expect(kafkaOf(`sasl: { mechanism: ${mechanism}, username: shop, password: "007" }`).sasl).toEqual({
      mechanism,
      username: 'shop',
      password: '007'
    })
  })

  test('oauthbearer takes a client of a token endpoint', () => {
    const sasl =
      'mechanism: oauthbearer, token_url: "https://login.example/token", client_id: me, client_secret: key'
    expect(kafkaOf(`sasl: { ${sasl}, scope: kafka }`).sasl).toEqual({
      mechanism: 'oauthbearer',
      tokenUrl: 'https://login.example/token',
      clientId: 'me',
      clientSecret: 'key',
      scope: 'kafka'
    })
  })

  test('comes whole out of the environment, the password out of a file too', () => {
    const env = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: '4711', KAFKA_PASSWORD: '0815' }
    expect(kafkaOf('', env).sasl).toEqual({ mechanism: 'plain', username: '4711', password: '0815' })
    const oauth = {
      KAFKA_SASL_MECHANISM: 'oauthbearer',
      KAFKA_OAUTH_TOKEN_URL: 'http://localhost:8080/token',
      KAFKA_OAUTH_CLIENT_ID: 'me',
      KAFKA_OAUTH_CLIENT_SECRET: 'key'
    }
    expect(kafkaOf('', oauth).sasl).toMatchObject({ clientId: 'me', clientSecret: 'key' })
  })

  test.each([
    ['sasl: { username: a, password: b }', 'kafka.sasl.mechanism: is missing; expected plain, scram'],
    ['sasl: { mechanism: SCRAM-SHA-512, username: a, password: b }', 'kafka.sasl.mechanism: is "SCRAM-SHA'],
    ['sasl: { mechanism: plain, username: a }', 'kafka.sasl.password: is missing; expected text'],
    [
      'sasl: { mechanism: plain, username: a, password: b, scope: c }',
      'kafka.sasl.scope: is not a known key'
    ],
    [
      'sasl: { mechanism: oauthbearer, token_url: "https://a:b@c/", client_id: a, client_secret: b }',
      'kafka.sasl.token_url: is "https://a:***@c/"; expected a URL without user and password'
    ]
  ])('%s is refused', (source, words) => {
    expect(errorsOf(source)).toEqual([expect.stringContaining(words)])
  })
})

describe('kafka.tls', () => {
  let folder = ''
  let client: KeyPair
  let sealed: KeyPair
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cartwatch-tls-'))
    const ca = await createAuthority(folder, 'ca')
    client = await ca.issue('client')
    sealed = await ca.issue('sealed', { passphrase: 'open sesame' })
  })
  afterAll(() => rm(folder, { recursive: true }))

  const trusted = { rejectUnauthorized: true }

  test('is off unless it is turned on', () => {
    expect(kafkaOf('').tls).toBe(undefined)
    expect(kafkaOf('tls: off').tls).toBe(undefined)
    expect(kafkaOf('tls: on').tls).toEqual(trusted)
    expect(kafkaOf('', { KAFKA_TLS: 'on' }).tls).toEqual(trusted)
    expect(kafkaOf('', { KAFKA_TLS: 'off' }).tls).toBe(undefined)
  })

  test('takes files, also from the environment, where one alone turns it on', () => {
    const files = {
      ca: join(folder, 'ca.pem'),
      cert: sealed.cert,
      key: sealed.key,
      passphrase: 'open sesame'
    }
    const expected = {
      ...trusted,
      caFile: files.ca,
      certFile: sealed.cert,
      keyFile: sealed.key,
      passphrase: 'open sesame'
    }
    expect(kafkaOf(`tls: ${JSON.stringify(files)}`).tls).toEqual(expected)
    const env = {
      KAFKA_CA_FILE: files.ca,
      KAFKA_CERT_FILE: files.cert,
      KAFKA_KEY_FILE: files.key,
      KAFKA_KEY_PASSPHRASE: files.passphrase
    }
    expect(kafkaOf('', env).tls).toEqual(expected)
    expect(kafkaOf('', { KAFKA_CA_FILE: files.ca }).tls).toEqual({ ...trusted, caFile: files.ca })
    expect(kafkaOf('', { KAFKA_CA_FILE: files.ca, KAFKA_TLS: 'off' }).tls).toBe(undefined)
  })

  test('a switch in the file wins over files of the environment, with a note', () => {
    const loaded = load('tls: off', { KAFKA_CA_FILE: '/gone' })
    expect(loaded.ok && loaded.warnings).toEqual([
      'KAFKA_CA_FILE is ignored: cartwatch.yaml:1:15 sets kafka.tls'
    ])
  })

  test('half a pair is refused', () => {
    const lonely = (there: string, needs: string) =>
      expect.stringMatching(new RegExp(`: kafka\\.tls\\.${there}: also needs kafka\\.tls\\.${needs}$`))
    expect(errorsOf(`tls: { cert: ${client.cert} }`)).toEqual([lonely('cert', 'key')])
    expect(errorsOf(`tls: { key: ${client.key} }`)).toEqual([lonely('key', 'cert')])
    expect(errorsOf('tls: { passphrase: x }')).toEqual([lonely('passphrase', 'key')])
  })

  test('a file that cannot be read or is another is refused with its place', () => {
    expect(errorsOf('tls: { ca: /gone }')).toEqual([
      "cartwatch.yaml:1:17: kafka.tls.ca: names /gone, which can't be read (ENOENT)"
    ])
    expect(errorsOf('', { KAFKA_CA_FILE: '/gone' })).toEqual([
      "environment variable KAFKA_CA_FILE: kafka.tls.ca: names /gone, which can't be read (ENOENT)"
    ])
    expect(errorsOf(`tls: { ca: ${client.key} }`)).toEqual([
      `cartwatch.yaml:1:17: kafka.tls.ca: names ${client.key}, which contains no certificate in PEM`
    ])
    expect(errorsOf(`tls: { cert: ${sealed.cert}, key: ${client.key} }`)).toEqual([
      expect.stringContaining(`names ${client.key}, which is not the key of ${sealed.cert}`)
    ])
  })

  test('a key that the passphrase does not open is refused, and the passphrase is not shown', () => {
    const pair = `cert: ${sealed.cert}, key: ${sealed.key}`
    expect(errorsOf(`tls: { ${pair} }`)).toEqual([
      expect.stringMatching(/which contains no private key in PEM that opens without a passphrase$/)
    ])
    expect(errorsOf(`tls: { ${pair}, passphrase: guessed }`)).toEqual([
      expect.stringMatching(/which contains no private key in PEM that this passphrase opens$/)
    ])
  })

  test.each([
    ['tls: 5', 'kafka.tls: is 5; expected on, off, or keys such as ca, cert and key'],
    ['tls: { reject_unauthorized: maybe }', 'is "maybe"; expected on or off'],
    ['tls: { cafile: /gone }', 'kafka.tls.cafile: is not a known key']
  ])('%s is refused', (source, words) => {
    expect(errorsOf(source)).toEqual([expect.stringContaining(words)])
  })
})

test('the secrets of Kafka appear in no print', () => {
  const env = {
    KAFKA_PASSWORD: 'correct-horse',
    SECRET: 'battery-staple'
  }
  const shown = (source: string, given: Env = env) => {
    const loaded = load(source, given)
    return loaded.ok ? printConfig(loaded.effective) : formatErrors(loaded.errors)
  }
  const byPassword = shown('sasl: { mechanism: plain, username: shop }')
  expect(byPassword).toContain('username: shop')
  expect(byPassword).not.toContain('correct-horse')
  const byToken = shown(
    'sasl: { mechanism: oauthbearer, token_url: "https://login.example/t", client_id: me, client_secret: "${SECRET}" }',
    { SECRET: env.SECRET }
  )
  expect(byToken).toContain('token_url: https://login.example/t')
  expect(byToken).not.toContain('battery-staple')
  expect(shown('sasl: { mechanism: plain, username: shop, password: ["${KAFKA_PASSWORD}"] }')).not.toContain(
    'correct-horse'
  )
})

test.each([
  ['sasl: { mechanism: plain, username: a, password: "${SECRET}" }', ['the password']],
  ['sasl: { mechanism: scram-sha-512, username: a, password: "${SECRET}" }', []],
  ['sasl: { mechanism: plain, username: a, password: "${SECRET}" }, tls: on', []],
  ['tls: { reject_unauthorized: off }', ["the broker's certificate is not checked"]]
])('%s is taken with the notes %j', (source, words) => {
  const loaded = load(source, { SECRET: 'b' })
  expect(loaded.ok && loaded.warnings).toEqual(words.map(word => expect.stringContaining(word)))
})
