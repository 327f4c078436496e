import type { DeadReason } from '../decode/types.ts'
import { type PartitionKey, parsePartitionKey } from '../source/types.ts'
import type { Metrics } from '../telemetry/types.ts'

/** Counts records one by one, cheaply, and hands the sums on now and then. */
export interface Counts {
  event(key: PartitionKey): void
  late(key: PartitionKey): void
  dead(reason: DeadReason): void
  flush(): void
}

export function createCounts(metrics: Metrics): Counts {
  const events = new Map<PartitionKey, number>()
  const late = new Map<PartitionKey, number>()
  const dead = new Map<DeadReason, number>()
  const add = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1)

  return {
    event: key => add(events, key),
    late(key) {
      add(events, key)
      add(late, key)
    },
    dead: reason => add(dead, reason),
    flush() {
      for (const [key, count] of events) metrics.addEvents(parsePartitionKey(key).topic, count)
      for (const [key, count] of late) {
        const { topic, partition } = parsePartitionKey(key)
        metrics.addLateEvents(topic, partition, count)
      }
      for (const [reason, count] of dead) metrics.addDeadLetters(reason, count)
      events.clear()
      late.clear()
      dead.clear()
    }
  }
}
