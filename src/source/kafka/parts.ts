import type { Admin, Consumer } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { Fence } from '../fence.ts'
import type { Schemas } from '../registry/schemas.ts'
import type { SourceHandlers, StartAt } from '../types.ts'
import type { Ownership } from './assigner.ts'
import type { FetchPace } from './fetch-pace.ts'
import type { LastCommit } from './last-commit.ts'
import type { LogIdentity } from './log-identity.ts'
import type { Membership } from './membership.ts'
import type { PartitionControl } from './partition-control.ts'
import type { Readers } from './readers/readers.ts'
import type { StuckPartitions } from './stuck-partitions.ts'

export interface KafkaSourceOptions {
  readonly consumer: Consumer
  readonly admin: Admin
  /** Sees the ends of logs beyond open transactions. */
  readonly endsAdmin: Admin
  readonly topics: readonly string[]
  readonly group: string
  readonly start: StartAt
  readonly clock: Clock
  readonly log: Logger
  /** Between two requests for the partitions' ends. */
  readonly pollMs: number
  readonly ownership: Ownership
  readonly fence: Fence
  readonly pace: FetchPace
  readonly schemas: Schemas
  /** Threads that read in place of this one, once the currency is known; undefined where this thread reads. */
  readonly readers?: Readers | undefined
}

/** What the stages of the source share. */
export interface SharedParts extends KafkaSourceOptions {
  readonly handlers: () => SourceHandlers
  readonly member: Membership
  readonly control: PartitionControl
  readonly lastCommit: LastCommit
  readonly logs: LogIdentity
  readonly stuck: StuckPartitions
}
