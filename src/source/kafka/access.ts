import kafkajs, { type Kafka, type KafkaConfig, type Mechanism, type SASLOptions } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import type { RegistryAccess } from '../registry/types.ts'
import { type OAuthClient, oauthBearer } from './oauth.ts'
import { type TlsOptions, tlsSockets } from './tls.ts'

export type Sasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
      readonly username: string
      readonly password: string
    }
  | ({ readonly mechanism: 'oauthbearer' } & OAuthClient)

/** Where the brokers are, and how we log in. */
export interface KafkaAccess {
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly sasl?: Sasl | undefined
  readonly tls?: TlsOptions | undefined
  /** Of records that are framed by its serializers. */
  readonly schemaRegistry?: RegistryAccess | undefined
}

/** KafkaJS for these brokers; `more` has the other settings, such as its log. */
export function kafkaClient(
  access: KafkaAccess,
  clock: Pick<Clock, 'now'>,
  more: Omit<KafkaConfig, 'brokers' | 'sasl' | 'ssl' | 'socketFactory'>
): Kafka {
  return new kafkajs.Kafka({
    clientId: access.clientId,
    ...more,
    brokers: [...access.brokers],
    ...securityOf(access, clock)
  })
}

/** How we log in, as KafkaJS's settings. */
export function securityOf(
  { sasl, tls }: Pick<KafkaAccess, 'sasl' | 'tls'>,
  clock: Pick<Clock, 'now'>
): Pick<KafkaConfig, 'sasl' | 'ssl' | 'socketFactory'> {
  return {
    ...(sasl !== undefined && { sasl: saslOf(sasl, clock) }),
    ...(tls !== undefined && { ssl: true, socketFactory: tlsSockets(tls) })
  }
}

function saslOf(sasl: Sasl, clock: Pick<Clock, 'now'>): SASLOptions | Mechanism {
  if (sasl.mechanism === 'oauthbearer') return oauthBearer(sasl, clock)
  // A copy, because KafkaJS writes into the options.
  const options: SASLOptions = { ...sasl }
  return options
}
