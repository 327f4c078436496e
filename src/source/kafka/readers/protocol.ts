import type { Layout } from '../../../decode/layout.ts'
import type { Logger } from '../../../telemetry/types.ts'
import type { PartitionKey } from '../../partition.ts'
import type { KafkaAccess } from '../access.ts'
import type { Slice } from '../slices/slice.ts'

/** What a reader is started with: it is copied into its thread. */
export interface ReaderSettings extends KafkaAccess {
  readonly group: string
  readonly topics: readonly string[]
  readonly maxBytesPerPartition: number
  readonly decoding: ReaderDecoding
}

/** How readers decode, as far as it is known at the start. */
export interface ReaderDecoding {
  readonly layouts: ReadonlyMap<string, Layout>
  readonly extraFields: readonly string[]
  readonly maxBytes: number
  /** Fields of events whose values the configuration asks for. */
  readonly fields: ReadonlySet<string>
  /** The most that an event may be ahead of its record's timestamp. */
  readonly trustAheadMs: number
}

/** The shop's currency, and those that have a rate: readers begin once it is known. */
export interface ReaderCurrency {
  readonly currency: string
  readonly knownCurrencies: ReadonlySet<string>
}

export type ToReader =
  /** Reads a partition from the offset on; what it says of it carries the epoch. */
  | ({
      readonly kind: 'seek'
      readonly key: PartitionKey
      readonly epoch: number
      readonly offset: number
    } & ReaderCurrency)
  | { readonly kind: 'pause' | 'resume' | 'halt'; readonly keys: readonly PartitionKey[] }
  /** A slice's buffer, once the slice was taken. */
  | { readonly kind: 'back'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'stop' }

/** What a reader knows of its fetches, sent where it changes. */
export interface ReaderHealth {
  readonly slowness: string | undefined
  readonly schemas: { readonly since: number; readonly error: string } | undefined
}

export type FromReader =
  | { readonly kind: 'slice'; readonly slice: Slice }
  | { readonly kind: 'health'; readonly health: ReaderHealth }
  | {
      readonly kind: 'log'
      readonly level: keyof Logger
      readonly fields: Readonly<Record<string, unknown>>
      readonly message: string
    }
