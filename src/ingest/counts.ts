import type { DeadReason } from '../decode/types.ts'
import { type PartitionKey, parsePartitionKey } from '../source/partition.ts'
import type { Metrics } from '../telemetry/types.ts'

/** Counts the records of one partition, one by one. */
interface Count {
  event(): void
  /** Late events are events, too. */
  late(): void
  dead(reason: DeadReason): void
}

/** Counts records cheaply, and hands the sums on now and then. */
export interface Counts {
  of(key: PartitionKey): Count
  flush(): void
}

export function createCounts(metrics: Metrics): Counts {
  const partitions = new Map<PartitionKey, { events: number; late: number; count: Count }>()
  const dead = new Map<DeadReason, number>()

  function of(key: PartitionKey): Count {
    const known = partitions.get(key)
    if (known !== undefined) return known.count
    const count: Count = {
      event() {
        sums.events++
      },
      late() {
        sums.events++
        sums.late++
      },
      dead: reason => dead.set(reason, (dead.get(reason) ?? 0) + 1)
    }
    const sums = { events: 0, late: 0, count }
    partitions.set(key, sums)
    return count
  }

  function flush(): void {
    for (const [key, sums] of partitions) {
      const { topic, partition } = parsePartitionKey(key)
      if (sums.events > 0) metrics.addEvents(topic, sums.events)
      if (sums.late > 0) metrics.addLateEvents(topic, partition, sums.late)
      sums.events = 0
      sums.late = 0
    }
    for (const [reason, count] of dead) metrics.addDeadLetters(reason, count)
    dead.clear()
  }

  return { of, flush }
}
