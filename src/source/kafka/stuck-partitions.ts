import type { PartitionKey } from '../partition.ts'
import type { SourceFault } from '../types.ts'
import type { EndObservation } from './log-identity.ts'

export type StuckPartitions = ReturnType<typeof createStuckPartitions>

/** Notices partitions whose position does not move although there is something to read. */
export function createStuckPartitions() {
  const stuck = new Map<PartitionKey, { readonly position: number; readonly since: number }>()
  return {
    observe({ key, end, askedAt, position, isPaused }: EndObservation): void {
      if (position >= end || isPaused) stuck.delete(key)
      else if (stuck.get(key)?.position !== position) stuck.set(key, { position, since: askedAt })
    },
    /** Forgets all other partitions. */
    keep(keys: readonly PartitionKey[]): void {
      for (const key of stuck.keys()) if (!keys.includes(key)) stuck.delete(key)
    },
    /** The partition that has been stuck for longest; from a broker that is too slow it is only waited for. */
    fault(slowness?: string): SourceFault | undefined {
      const [longest] = [...stuck].sort(([, a], [, b]) => a.since - b.since)
      if (longest === undefined) return undefined
      const [subject, { position, since }] = longest
      return slowness === undefined
        ? { cause: 'partition_stuck', since, subject, error: `at offset ${position}` }
        : { cause: 'broker_slow', since, subject, error: slowness }
    }
  }
}
