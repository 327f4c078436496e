import { type PartitionKey, parsePartitionKey } from '../source/partition.ts'
import type { InstanceMetrics } from '../telemetry/metrics.ts'
import { emptyTally, type Tally } from './tally.ts'

export type Counts = ReturnType<typeof createCounts>

/** Tallies of the partitions, which are added to the metrics now and then: that is cheaper than record by record. */
export function createCounts(metrics: InstanceMetrics) {
  const tallies = new Map<PartitionKey, Tally>()
  let total = 0

  function of(key: PartitionKey): Tally {
    const tally = tallies.get(key) ?? emptyTally()
    tallies.set(key, tally)
    return tally
  }

  function flush(): void {
    for (const [key, tally] of tallies) {
      const { topic, partition } = parsePartitionKey(key)
      const { counted, late, dead, skipped } = tally
      total += counted + late
      if (counted + late > 0) metrics.addEvents(topic, counted + late)
      if (late > 0) metrics.addLateEvents(topic, partition, late)
      for (const [reason, count] of dead) metrics.addDeadLetters(reason, count)
      for (const [reason, count] of skipped) metrics.addSkipped(topic, reason, count)
      Object.assign(tally, { counted: 0, late: 0, replayed: 0 })
      dead.clear()
      skipped.clear()
    }
  }

  return {
    of,
    flush,
    /** Events up to the last flush. */
    total: () => total
  }
}
