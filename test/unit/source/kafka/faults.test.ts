import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs from 'kafkajs'
import { expect, test } from 'vitest'
import type { KafkaAccess } from '../../../../src/source/kafka/access.ts'
import { whyRefused } from '../../../../src/source/kafka/faults.ts'
import { createAuthority } from '../../../support/certificates.ts'

const access = { brokers: ['a:9092', 'b:9092'], clientId: 'cartwatch' }
const sasl = { mechanism: 'plain', username: 'shop', password: 'open sesame' } as const
const tls = { rejectUnauthorized: true }
const nowMs = Date.UTC(2026, 0, 5)

const broken = (message: string, code?: string) =>
  Object.assign(new kafkajs.KafkaJSConnectionError(message), { broker: 'b:9092', code })

test.each<[string, unknown, Partial<KafkaAccess>, string | undefined]>([
  ['a fault of another kind', new Error('boom'), { sasl, tls }, undefined],
  ['what is no error', 'boom', {}, undefined],
  ['a broker that is away', broken('Connection error: connect ECONNREFUSED', 'ECONNREFUSED'), {}, undefined],
  ['a closed connection', broken('Closed connection'), { sasl, tls }, undefined],
  [
    'a closed connection',
    broken('Closed connection'),
    { tls },
    'does it require SASL (kafka.sasl, KAFKA_SASL_'
  ],
  [
    'a closed connection',
    broken('Closed connection'),
    { sasl },
    'does it require TLS (kafka.tls, KAFKA_TLS)?'
  ],
  [
    'a closed connection',
    broken('Closed connection'),
    {},
    'does it require TLS (kafka.tls, KAFKA_TLS) or SASL'
  ],
  [
    'no TLS',
    broken('…', 'ERR_SSL_WRONG_VERSION_NUMBER'),
    { tls },
    'Kafka at b:9092 does not use TLS: turn off'
  ],
  [
    'a lone authority',
    broken('…', 'SELF_SIGNED_CERT_IN_CHAIN'),
    { tls },
    'set kafka.tls.ca (KAFKA_CA_FILE) to its file'
  ],
  [
    'a certificate that is wanted',
    broken('…', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
    { tls },
    'Kafka at b:9092 requires a client certificate'
  ],
  [
    'a certificate that is gone by now',
    broken('…', 'ERR_SSL_SSL/TLS_ALERT_UNKNOWN_CA'),
    { tls: { ...tls, certFile: '/gone' } },
    'refuses our certificate /gone (unknown_ca): does Kafka trust its authority?'
  ],
  [
    'a fault within others',
    new Error('outer', { cause: new Error('inner', { cause: { type: 'SASL_AUTHENTICATION_FAILED' } }) }),
    { sasl },
    'Kafka at a:9092, b:9092 refuses the user shop with SASL plain: check kafka.sasl.username and password'
  ]
])('%s (%o) is explained as far as it is known', (_, fault, more, words) => {
  const said = whyRefused(fault, { ...access, ...more }, nowMs)
  expect(said).toEqual(words === undefined ? undefined : expect.stringContaining(words))
  expect(String(said)).not.toContain(sasl.password)
})

test('our own certificate, refused after its end, has expired', async ({ onTestFinished }) => {
  const folder = await mkdtemp(join(tmpdir(), 'cartwatch-expired-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { cert: certFile } = await (await createAuthority(folder, 'ca')).issue('client', { days: 1 })
  const refused = (at: number) =>
    whyRefused(
      broken('…', 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN'),
      { ...access, tls: { ...tls, certFile } },
      at
    )
  const dayMs = 86_400_000
  expect(refused(Date.now())).toContain('(certificate_unknown): does Kafka trust its authority?')
  expect(refused(Date.now() + 2 * dayMs)).toMatch(/which expired on \d{4}-\d{2}-\d{2}T/)
})
