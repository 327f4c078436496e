import type { PartitionKey } from '../../partition.ts'
import type { PartitionControl } from '../partition-control.ts'
import type { ToReader } from './protocol.ts'

interface Place {
  readonly epoch: number
  position: number
}

/** What a reader reads: of the partitions that its group gives it, those that it was told to. */
export function createPlaces(control: PartitionControl) {
  const places = new Map<PartitionKey, Place>()
  const paused = new Set<PartitionKey>()
  let assigned: ReadonlySet<PartitionKey> = new Set()

  const isRead = (key: PartitionKey) => places.has(key) && !paused.has(key)

  function apply(keys: Iterable<PartitionKey>): void {
    const ours = [...keys].filter(key => assigned.has(key))
    control.pause(ours.filter(key => !isRead(key)))
    control.resume(ours.filter(isRead))
  }

  return {
    /** Undefined where the partition is not to be read; another one after each seek. */
    of: (key: PartitionKey): Place | undefined => places.get(key),
    isPaused: (key: PartitionKey): boolean => paused.has(key),
    joined(keys: readonly PartitionKey[]): void {
      assigned = new Set(keys)
      for (const [key, { position }] of places) if (assigned.has(key)) control.seek(key, position)
      apply(assigned)
    },
    seek({ key, epoch, offset }: Extract<ToReader, { readonly kind: 'seek' }>): void {
      places.set(key, { epoch, position: offset })
      if (assigned.has(key)) control.seek(key, offset)
      apply([key])
    },
    pause(keys: readonly PartitionKey[]): void {
      for (const key of keys) paused.add(key)
      apply(keys)
    },
    resume(keys: readonly PartitionKey[]): void {
      for (const key of keys) paused.delete(key)
      apply(keys)
    },
    halt(keys: readonly PartitionKey[]): void {
      for (const key of keys) places.delete(key)
      apply(keys)
    }
  }
}
