import type { PartitionKey } from '../partition.ts'
import type { SourceFault } from '../types.ts'
import type { EndObservation } from './log-identity.ts'

/** Notices partitions whose position does not move although there is something to read. */
export interface StuckPartitions {
  observe(observation: EndObservation): void
  /** Forgets all other partitions. */
  keep(keys: readonly PartitionKey[]): void
  /** The partition that has been stuck for longest. */
  fault(): SourceFault | undefined
}

export function createStuckPartitions(): StuckPartitions {
  const stuck = new Map<PartitionKey, { readonly position: number; readonly since: number }>()
  return {
    observe({ key, end, askedAt, position, isPaused }) {
      if (position >= end || isPaused) stuck.delete(key)
      else if (stuck.get(key)?.position !== position) stuck.set(key, { position, since: askedAt })
    },
    keep(keys) {
      for (const key of stuck.keys()) if (!keys.includes(key)) stuck.delete(key)
    },
    fault() {
      const [longest] = [...stuck].sort(([, a], [, b]) => a.since - b.since)
      if (longest === undefined) return undefined
      const [subject, { position, since }] = longest
      return { cause: 'partition_stuck', since, subject, error: `at offset ${position}` }
    }
  }
}
