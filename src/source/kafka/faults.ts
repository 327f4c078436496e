import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { causesOf, type Fault, SourceError } from '../error.ts'
import type { KafkaAccess, Sasl } from './access.ts'
import { noToken } from './oauth.ts'

/**
 * Why the brokers refuse us and what to check, in words for whoever set it up; undefined if the error is about something
 * else. Contains no secret. `nowMs` is compared with our certificate's end.
 */
export function whyRefused(error: unknown, access: KafkaAccess, nowMs: number): string | undefined {
  for (const fault of causesOf(error)) {
    if (String(fault.message).startsWith(noToken)) return String(fault.message)
    const where = `Kafka at ${typeof fault.broker === 'string' ? fault.broker : access.brokers.join(', ')}`
    const reason =
      saslReason(fault, access) ??
      tlsReason(String(fault.code), access, nowMs) ??
      connectionReason(String(fault.message), access)
    if (reason !== undefined) return `${where} ${reason}`
  }
  return undefined
}

/** KafkaJS's errors in our words, for a command that reads once; other errors as they are. */
export function readingFault(error: unknown, access: KafkaAccess, nowMs: number): unknown {
  if (error instanceof SourceError) return error
  const refused = whyRefused(error, access, nowMs)
  if (refused !== undefined)
    return new SourceError('UNREACHABLE', refused, { retryable: false, cause: error })
  if (!(error instanceof Error && error.name.startsWith('KafkaJS'))) return error
  const message = `Kafka: ${error.message} (KAFKA_BOOTSTRAP_SERVERS, kafka.brokers)`
  return new SourceError('UNREACHABLE', message, { retryable: true, cause: error })
}

function saslReason({ name, message, type }: Fault, { sasl }: KafkaAccess): string | undefined {
  if (type === 'ILLEGAL_SASL_STATE') {
    return 'does not use SASL: remove kafka.sasl (KAFKA_SASL_MECHANISM), or use the port that does'
  }
  if (sasl === undefined) return undefined
  if (type === 'UNSUPPORTED_SASL_MECHANISM') {
    return `does not offer SASL ${sasl.mechanism}: check kafka.sasl.mechanism (KAFKA_SASL_MECHANISM) and the port`
  }
  const isRefused = name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED'
  if (!isRefused && !String(message).startsWith('SASL OAUTHBEARER authentication failed')) return undefined
  return credentialsReason(sasl, String(message))
}

function credentialsReason(sasl: Sasl, message: string): string {
  if (sasl.mechanism !== 'oauthbearer') {
    return `refuses the user ${sasl.username} with SASL ${sasl.mechanism}: check kafka.sasl.username and password (KAFKA_USERNAME, KAFKA_PASSWORD)`
  }
  const answer = message.slice(message.indexOf(': ') + 2)
  return `refuses the token of ${sasl.clientId} with ${answer}: check the issuer, the audience and kafka.sasl.scope`
}

const untrusted =
  /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|(DEPTH_ZERO_)?SELF_SIGNED_CERT(_IN_CHAIN)?)$/
const certificateAlert = /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_\w+)$/

function tlsReason(code: string, { tls }: KafkaAccess, nowMs: number): string | undefined {
  if (untrusted.test(code)) {
    return 'has a certificate from an authority that is not trusted here: set kafka.tls.ca (KAFKA_CA_FILE) to its file'
  }
  if (code === 'CERT_HAS_EXPIRED') return 'has an expired certificate: renew it on the broker'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'has a certificate for other names: use one of them in kafka.brokers or in kafka.tls.server_name'
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return noTls
  const alert = certificateAlert.exec(code)?.[1]
  if (alert === undefined) return undefined
  if (tls?.certFile === undefined) {
    return 'requires a client certificate: set kafka.tls.cert and key (KAFKA_CERT_FILE, KAFKA_KEY_FILE)'
  }
  const ended = endOf(tls.certFile)
  return ended !== undefined && ended.getTime() < nowMs
    ? `refuses our certificate ${tls.certFile}, which expired on ${ended.toISOString()}`
    : `refuses our certificate ${tls.certFile} (${alert.toLowerCase()}): does Kafka trust its authority?`
}

const noTls = 'does not use TLS: turn off kafka.tls (KAFKA_TLS), or use the port that does'

function connectionReason(message: string, { sasl, tls }: KafkaAccess): string | undefined {
  if (message.includes('before secure TLS connection was established')) return noTls
  const file = /^Failed to connect: (E[A-Z]+): .*, open '(.*)'$/.exec(message)
  if (file) return `cannot be reached: ${file[2]}, set in kafka.tls, cannot be read (${file[1]})`
  if (!/^(Closed connection|Connection closed by the server)$/.test(message)) return undefined
  const missing = [
    ...(tls === undefined ? ['TLS (kafka.tls, KAFKA_TLS)'] : []),
    ...(sasl === undefined ? ['SASL (kafka.sasl, KAFKA_SASL_MECHANISM)'] : [])
  ]
  return missing.length === 0 ? undefined : `closes the connection: does it require ${missing.join(' or ')}?`
}

/** Undefined if the file is gone by now: then only the broker's answer is known. */
function endOf(certFile: string): Date | undefined {
  try {
    return new X509Certificate(readFileSync(certFile)).validToDate
  } catch {
    return undefined
  }
}
