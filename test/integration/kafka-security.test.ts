import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openKafka } from '../../producer/kafka.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { freePort } from '../../src/demo/broker/free-port.ts'
import { producerAccess } from '../../src/run/assembly/producing.ts'
import { kafkaClient } from '../../src/source/kafka/access.ts'
import { createKafkaMember } from '../../src/source/kafka/client.ts'
import type { SourceHandlers } from '../../src/source/types.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { describeWithOwnBroker, uniqueName } from '../support/kafka.ts'
import { readToEnd } from '../support/kafka-read.ts'
import { openFence } from '../support/open-fence.ts'
import { pipelineConfig, useEngine } from '../support/pipeline.ts'
import { runCommand, startProgram, writeConfig } from '../support/program.ts'
import {
  passphrase,
  ruledUser,
  type SecuredKafka,
  scramPassword,
  startSecuredKafka,
  user
} from '../support/secured-kafka.ts'
import { startTokenEndpoint, type TokenEndpoint, unsignedToken } from '../support/token-endpoint.ts'
import { until } from '../support/until.ts'

describeWithOwnBroker('a Kafka that requires a login', () => {
  let folder = ''
  let kafka: SecuredKafka
  let tokens: TokenEndpoint
  let staleTokens: TokenEndpoint
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cartwatch-secured-'))
    kafka = await startSecuredKafka(folder)
    tokens = await startTokenEndpoint(() => unsignedToken(Date.now()))
    staleTokens = await startTokenEndpoint(() => unsignedToken(Date.now(), -300))
  })
  afterAll(async () => {
    await Promise.all([kafka.broker.stop(), tokens.close(), staleTokens.close()])
    await rm(folder, { recursive: true, force: true })
  })

  const address = (listener: string) =>
    listener === 'PLAINTEXT' ? kafka.broker.bootstrap : (kafka.broker.addresses[listener] as string)
  const scram = (mechanism = 'scram-sha-512', password = scramPassword) => ({
    mechanism,
    username: user.username,
    password
  })
  const oauth = ({ url }: TokenEndpoint) => ({
    mechanism: 'oauthbearer',
    token_url: url,
    client_id: 'shop',
    client_secret: 'client-secret-4711'
  })
  const trusting = (more = {}) => ({ ca: kafka.ca.cert, ...more })
  const showing = ({ cert, key }: { cert: string; key: string }, more = {}) =>
    trusting({ cert, key, ...more })

  /** The `kafka:` section as a person writes it, parsed. */
  function configured(listener: string, security: object): Config['kafka'] {
    const source = JSON.stringify({ kafka: { brokers: address(listener), ...security } })
    const readFile = (path: string) => (path === 'written' ? source : readFileSync(path, 'utf8'))
    const loaded = loadConfig({ env: {}, path: 'written', readFile })
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
    return loaded.config.kafka
  }

  test.each<[string, string, () => object]>([
    ['SASL/PLAIN', 'PLAIN', () => ({ sasl: { mechanism: 'plain', ...user } })],
    ['SCRAM-SHA-256', 'SCRAM', () => ({ sasl: scram('scram-sha-256') })],
    ['SCRAM-SHA-512', 'SCRAM', () => ({ sasl: scram() })],
    ['SCRAM over TLS', 'SCRAM_TLS', () => ({ sasl: scram(), tls: trusting() })],
    ['a client certificate', 'TLS', () => ({ tls: showing(kafka.client) })],
    ['a client certificate with a sealed key', 'TLS', () => ({ tls: showing(kafka.sealed, { passphrase }) })],
    ['a token', 'OAUTH', () => ({ sasl: oauth(tokens) })],
    [
      'a certificate for another name',
      'ELSEWHERE',
      () => ({ tls: trusting({ server_name: 'kafka.example' }) })
    ],
    ['a certificate that is not looked at', 'EXPIRED', () => ({ tls: { reject_unauthorized: 'off' } })]
  ])('lets admin, producer and consumer in by %s', async (_, listener, security) => {
    const access = configured(listener, security())
    const topic = uniqueName('secured')
    const target = { topic, partitions: 1, force: false, ...producerAccess({ kafka: access }, wallClock) }
    const writer = await openKafka(target)
    await writer.write(one({ sessionId: 's', line: '{"it":"works"}' }))
    await writer.close()
    const client = kafkaClient(access, wallClock, { logLevel: kafkajs.logLevel.NOTHING })
    const records = await readToEnd(client, uniqueName('reader'), topic, new Map([[0, 1]]))
    expect(records).toMatchObject([{ key: 's', value: '{"it":"works"}' }])
  })

  /** What the live source says of brokers that refuse it. */
  async function refusal(listener: string, security: object): Promise<string> {
    const said: string[] = []
    const say = (_: object, message: string) => void said.push(message)
    const forever = { ...wallClock, sleep: () => new Promise<never>(() => {}) }
    const { source } = createKafkaMember({
      ...configured(listener, security),
      deadLetterTopics: false,
      fence: openFence,
      instance: () => ({ name: 'desk:1', host: '', port: 8080 }),
      clock: forever,
      log: { debug() {}, info() {}, warn() {}, error: say }
    })
    void source.run(nobody)
    await until('a refusal', () => source.state().lastError !== undefined)
    const { lastError = '' } = source.state()
    await source.stop()
    expect(said).toEqual([`${lastError}: trying again`])
    return lastError
  }

  test.concurrent.each<[string, string, () => object, string]>([
    [
      'a wrong password',
      'PLAIN',
      () => ({ sasl: { mechanism: 'plain', username: user.username, password: 'guessed' } }),
      'refuses the user cartwatch with SASL plain: check kafka.sasl.username and password (KAFKA_USERNAME'
    ],
    [
      'a wrong password of SCRAM',
      'SCRAM',
      () => ({ sasl: scram('scram-sha-256', 'guessed') }),
      'refuses the user cartwatch with SASL scram-sha-256: check kafka.sasl.username and password'
    ],
    [
      'a mechanism that is not offered',
      'PLAIN',
      () => ({ sasl: scram() }),
      'does not offer SASL scram-sha-512: check kafka.sasl.mechanism (KAFKA_SASL_MECHANISM) and the port'
    ],
    [
      'an expired token',
      'OAUTH',
      () => ({ sasl: oauth(staleTokens) }),
      'refuses the token of shop with {"status":"invalid_token"}: check the issuer'
    ],
    [
      'no login where one is wanted',
      'SCRAM',
      () => ({}),
      'closes the connection: does it require TLS (kafka.tls'
    ],
    [
      'a login where none is wanted',
      'PLAINTEXT',
      () => ({ sasl: scram() }),
      'does not use SASL: remove kafka.sasl'
    ],
    [
      'an unknown authority',
      'SCRAM_TLS',
      () => ({ sasl: scram(), tls: 'on' }),
      'has a certificate from an authority that is not trusted here: set kafka.tls.ca'
    ],
    [
      'a broker with an expired certificate',
      'EXPIRED',
      () => ({ tls: trusting() }),
      'has an expired certificate'
    ],
    ["another's certificate", 'ELSEWHERE', () => ({ tls: trusting() }), 'has a certificate for other names'],
    [
      'no certificate where one is wanted',
      'TLS',
      () => ({ tls: trusting() }),
      'requires a client certificate'
    ],
    [
      'our own expired certificate',
      'TLS',
      () => ({ tls: showing(kafka.expired) }),
      '/expired.pem, which expired on 20'
    ],
    ['no TLS where it is spoken', 'TLS', () => ({}), 'closes the connection: does it require TLS (kafka.tls'],
    [
      'TLS where none is spoken',
      'PLAINTEXT',
      () => ({ tls: trusting() }),
      'does not use TLS: turn off kafka.tls'
    ]
  ])('%s is said at the start', async (_, listener, security, words) => {
    const said = await refusal(listener, security())
    expect(said).toContain(`Kafka at ${address(listener)} `)
    expect(said).toContain(words)
  })

  test.concurrent('a token endpoint that is unreachable is said at the start', async () => {
    const away = `http://127.0.0.1:${await freePort()}/token`
    const security = { sasl: { ...oauth(tokens), token_url: away } }
    expect(await refusal('OAUTH', security)).toContain(`no token for Kafka: ${away} cannot be reached`)
  })

  test.concurrent('a missing topic may be one that the user may not see', async () => {
    expect(await refusal('SCRAM', { sasl: scram(), topics: 'nowhere' })).toBe(
      'there is no topic nowhere yet, or we may not see it (kafka.topics)'
    )
  })

  test.concurrent('a session outlives the token that opened it', async ({ onTestFinished }) => {
    const short = await startTokenEndpoint(() => unsignedToken(Date.now(), 12))
    onTestFinished(() => short.close())
    const access = configured('OAUTH', { sasl: oauth(short) })
    const admin = kafkaClient(access, wallClock, {
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { retries: 0 }
    }).admin()
    await admin.connect()
    onTestFinished(() => admin.disconnect())
    await admin.listTopics()
    const atFirst = short.requests.length
    await until('three further tokens', async () => {
      await admin.listTopics()
      return short.requests.length >= atFirst + 3
    })
  })

  describe.concurrent('the program', () => {
    const engine = useEngine()

    test('says that a password is wrong in the log and on /readyz, keeps running, and shows no password', async ({
      onTestFinished
    }) => {
      const store = { url: `http://127.0.0.1:${await freePort()}` }
      const config = pipelineConfig({ pipeline: 'p', topic: 't', brokers: address('PLAIN'), store })
      const program = await startProgram(config, {
        onTestFinished,
        env: { KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: 'cartwatch', KAFKA_PASSWORD: 'guessed-4711' }
      })
      const line = await program.logged('refuses the user cartwatch with SASL plain')
      expect(line.level).toBe('error')
      const ready = await program.get('/readyz')
      expect(ready.status).toBe(503)
      expect(JSON.parse(ready.text).components.kafka).toEqual({
        status: 'waiting',
        detail: expect.stringContaining('check kafka.sasl.username and password')
      })
      expect(program.written()).not.toContain('guessed-4711')
      expect(program.written()).not.toContain('node_modules')
      program.signal('SIGTERM')
      expect(await program.ended).toBe(0)
    })

    test('produces to and then watches a Kafka with TLS and SCRAM by one configuration', async ({
      onTestFinished
    }) => {
      const topic = uniqueName('watched')
      const config = pipelineConfig({
        pipeline: 'secured',
        topic,
        brokers: address('SCRAM_TLS'),
        store: engine.section(),
        kafka: { sasl: scram(), tls: trusting() }
      })
      const path = join(folder, 'produce.yaml')
      await writeConfig(path, config)
      const { errors } = await runCommand([
        ...['produce', '--to', 'kafka', '--config', path, '--topic', topic],
        ...['--duration', '2m', '--orders-per-minute', '5']
      ])
      const [, events] = /^(\d+) events from /.exec(errors) ?? []
      expect(Number(events)).toBeGreaterThan(100)
      const program = await startProgram(config, { onTestFinished })
      await until('all events', async () => {
        program.mustRun()
        return (await program.metric('cartwatch_events_total')) === Number(events)
      })
    })

    /** Where it may not write dead letters, it says so at once. */
    async function refusesToStart(topic: string): Promise<void> {
      const { source } = createKafkaMember({
        ...configured('SCRAM', { topics: topic, sasl: { ...scram(), username: ruledUser } }),
        deadLetterTopics: true,
        fence: openFence,
        instance: () => ({ name: 'desk:1', host: '', port: 8080 }),
        clock: wallClock,
        log: { debug() {}, info() {}, warn() {}, error() {} }
      })
      await expect(source.run(nobody)).rejects.toThrow(
        `we may not write to the dead-letter topic ${topic}.dlq: allow it, or set dead_letter: file or count`
      )
      await source.stop()
    }

    test('works with no more rights than the documentation says', async ({ onTestFinished }) => {
      const client = kafkaClient(configured('PLAINTEXT', {}), wallClock, {
        logLevel: kafkajs.logLevel.NOTHING
      })
      const admin = client.admin()
      await admin.connect()
      onTestFinished(() => admin.disconnect())
      const topic = uniqueName('ruled')
      await admin.createTopics({ topics: [{ topic }] })
      const { TOPIC, GROUP, CLUSTER } = kafkajs.AclResourceTypes
      const { READ, WRITE, CREATE, ALL } = kafkajs.AclOperationTypes
      const rule = (resourceType: number, resourceName: string, operation: number, to = ruledUser) => ({
        ...{ resourceType, resourceName, operation, principal: `User:${to}`, host: '*' },
        resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
        permissionType: kafkajs.AclPermissionTypes.ALLOW
      })
      await admin.createAcls({
        acl: [
          rule(TOPIC, topic, READ),
          rule(GROUP, topic, READ),
          rule(TOPIC, `${topic}.dlq`, CREATE),
          rule(CLUSTER, 'kafka-cluster', ALL, user.username)
        ]
      })
      await refusesToStart(topic)
      await admin.createAcls({ acl: [rule(TOPIC, `${topic}.dlq`, WRITE)] })
      const config = pipelineConfig({
        pipeline: 'ruled',
        topic,
        brokers: address('SCRAM'),
        store: engine.section(),
        kafka: { sasl: { ...scram(), username: ruledUser } }
      })
      const program = await startProgram(config, { onTestFinished })
      await program.logged('active')
      const producer = client.producer()
      await producer.connect()
      await producer.send({ topic, messages: [{ value: 'no event' }] })
      await producer.disconnect()
      await until('the dead letter', async () => {
        program.mustRun()
        const [end] = await admin.fetchTopicOffsets(`${topic}.dlq`)
        return end?.high === '1'
      })
    })

    test('says why it cannot produce, without a stack trace', async () => {
      const path = join(folder, 'refused.yaml')
      await writeConfig(path, {
        kafka: { brokers: address('SCRAM'), sasl: scram('scram-sha-512', 'guessed') }
      })
      const refused = await runCommand(['produce', '--to', 'kafka', '--config', path, '--duration', '1m'])
      expect(refused.code).toBe(1)
      expect(refused.errors).toBe(
        `cartwatch produce: Kafka at ${address('SCRAM')} refuses the user cartwatch with SASL scram-sha-512: ` +
          'check kafka.sasl.username and password (KAFKA_USERNAME, KAFKA_PASSWORD)\n'
      )
    })
  })
})

async function* one(record: { sessionId: string; line: string }) {
  yield [{ ...record, eventTime: 0, arrivalMs: 0 }]
}

/** Whoever is refused gets nothing. */
const nobody: SourceHandlers = {
  onAssigned: async () => {},
  onRevoked() {},
  position: () => undefined,
  ingester: () => undefined,
  decodedIngester: () => undefined,
  moveTo() {},
  skipDeleted() {},
  countLost() {},
  endSeen() {}
}
