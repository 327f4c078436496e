import type { KafkaTarget } from '../../../producer/kafka.ts'
import type { Config } from '../../config/schema.ts'
import { securityOf } from '../../source/kafka/access.ts'
import { whyRefused } from '../../source/kafka/faults.ts'
import type { Clock } from '../../telemetry/clock.ts'

/** How the producer reaches the brokers of the configuration. */
export type ProducerAccess = Pick<KafkaTarget, 'brokers' | 'security' | 'whyRefused'>

export function producerAccess({ kafka }: Pick<Config, 'kafka'>, clock: Pick<Clock, 'now'>): ProducerAccess {
  return {
    brokers: kafka.brokers,
    security: securityOf(kafka, clock),
    whyRefused: cause => whyRefused(cause, kafka, clock.now())
  }
}
