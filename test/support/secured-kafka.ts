import { join } from 'node:path'
import { type Broker, startBroker } from '../../src/demo/broker/broker.ts'
import type { Listener } from '../../src/demo/broker/server-properties.ts'
import { type Authority, createAuthority, type KeyPair, keyStore } from './certificates.ts'

export const user = { username: 'cartwatch', password: 'a "plain", pass=word' }

/** A broker with a listener for each way to be let in, and the files that open them. */
export interface SecuredKafka {
  readonly broker: Broker
  readonly ca: Authority
  /** Ours, for the listener that wants one. */
  readonly client: KeyPair
  /** The same with an encrypted key. */
  readonly sealed: KeyPair
  readonly expired: KeyPair
}

export const passphrase = 'open sesame'

/**
 * Listeners: `PLAIN` (PLAIN without TLS), `SCRAM` (both digests without TLS), `TLS` (a client certificate is wanted),
 * `SCRAM_TLS`, `OAUTH` (takes unsigned tokens), `EXPIRED` (its certificate has), `ELSEWHERE` (its certificate is for
 * another name).
 */
export async function startSecuredKafka(folder: string): Promise<SecuredKafka> {
  const ca = await createAuthority(folder, 'ca')
  const [server, late, elsewhere, client, sealed, expired] = await Promise.all([
    ca.issue('server'),
    ca.issue('late', { days: -1 }),
    ca.issue('elsewhere', { names: 'DNS:kafka.example' }),
    ca.issue('client'),
    ca.issue('sealed', { passphrase }),
    ca.issue('expired', { days: -1 })
  ])
  const tls = async (pair: KeyPair, clientAuth: 'required' | 'none') => ({
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': await keyStore(pair),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca.cert,
    'ssl.client.auth': clientAuth
  })
  const scram = {
    'sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
    'scram-sha-256.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  }
  const listeners: Record<string, Listener> = {
    PLAIN: {
      protocol: 'SASL_PLAINTEXT',
      config: {
        'sasl.enabled.mechanisms': 'PLAIN',
        'plain.sasl.jaas.config': plainUsers({ [user.username]: user.password })
      }
    },
    SCRAM: { protocol: 'SASL_PLAINTEXT', config: scram },
    TLS: { protocol: 'SSL', config: await tls(server, 'required') },
    SCRAM_TLS: { protocol: 'SASL_SSL', config: { ...scram, ...(await tls(server, 'none')) } },
    EXPIRED: { protocol: 'SSL', config: await tls(late, 'none') },
    ELSEWHERE: { protocol: 'SSL', config: await tls(elsewhere, 'none') },
    OAUTH: {
      protocol: 'SASL_PLAINTEXT',
      config: {
        'sasl.enabled.mechanisms': 'OAUTHBEARER',
        'oauthbearer.sasl.jaas.config':
          'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
        'oauthbearer.connections.max.reauth.ms': '3600000'
      }
    }
  }
  const broker = await startBroker({
    dir: join(folder, 'broker'),
    listeners,
    scramUsers: { [user.username]: scramPassword, [ruledUser]: scramPassword },
    // Who is named in no rule of a topic, a group or the cluster may do all; the plain listener may always.
    config: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
      'super.users': 'User:ANONYMOUS'
    }
  })
  return { broker, ca, client, sealed, expired }
}

/** Of SCRAM, too: a test gives it rules of its own. */
export const ruledUser = 'ruled'

/** The tool that makes users of SCRAM takes no password with a comma or a bracket in it. */
export const scramPassword = 'scram "pass=word"'

function plainUsers(users: Readonly<Record<string, string>>): string {
  const options = Object.entries(users).map(([name, password]) => ` user_${name}=${JSON.stringify(password)}`)
  // server.properties reads a backslash as its own.
  return `org.apache.kafka.common.security.plain.PlainLoginModule required${options.join('')};`.replaceAll(
    '\\',
    '\\\\'
  )
}
