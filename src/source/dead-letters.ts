import type { DeadReason } from '../decode/types.ts'
import type { PartitionKey } from './partition.ts'

/** A record that cannot be an event, copied out of its fetch. */
export interface DeadLetter {
  readonly partition: PartitionKey
  readonly offset: number
  /** `invalid_alert`, `invalid_change`: of a topic with alerts of other services, or with changes. */
  readonly reason: DeadReason | 'invalid_alert' | 'invalid_change'
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** Stores dead letters, each at least once: resolves when all of them are stored. */
export interface DeadLetters {
  keep(letters: readonly DeadLetter[]): Promise<void>
  close(): Promise<void>
}
