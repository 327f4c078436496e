import type { EachBatchPayload } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { Schemas } from '../registry/schemas.ts'
import { walkOver } from './fetch-walk.ts'

/** Between two tries, with a heartbeat after each. */
const retryMs = 1_000

export interface BatchPreparing {
  readonly schemas: Schemas
  readonly isOurs: () => boolean
  readonly clock: Clock
  readonly log: Logger
}

/** Waits until the schemas of a fetch are known; false if the partition may be another's by now. */
export async function prepareBatch(
  { batch, heartbeat }: Pick<EachBatchPayload, 'batch' | 'heartbeat'>,
  { schemas, isOurs, clock, log }: BatchPreparing
): Promise<boolean> {
  let reported: string | undefined
  while (isOurs()) {
    try {
      await schemas.prepare(walkOver(batch), heartbeat)
      return isOurs()
    } catch (error) {
      const reason = messageOf(error)
      if (reason !== reported) log.warn({ error: reason }, 'records wait for their schemas, trying again')
      reported = reason
      await clock.sleep(retryMs)
      await heartbeat()
    }
  }
  return false
}
