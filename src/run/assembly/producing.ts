import type { KafkaTarget } from '../../../producer/kafka.ts'
import type { Config } from '../../config/schema.ts'
import { securityOf } from '../../source/kafka/access.ts'
import { whyRefused } from '../../source/kafka/faults.ts'
import type { Clock } from '../../telemetry/clock.ts'

/** What the producer knows of the brokers, as the configuration has it. */
export type ProducerAccess = Pick<KafkaTarget, 'brokers' | 'security' | 'whyRefused'>

export function producerAccess({ kafka }: Pick<Config, 'kafka'>, clock: Pick<Clock, 'now'>): ProducerAccess {
  return {
    brokers: kafka.brokers,
    security: securityOf(kafka, clock),
    whyRefused: cause => whyRefused(cause, kafka, clock.now())
  }
}
