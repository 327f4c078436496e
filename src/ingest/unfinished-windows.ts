import type { PartitionKey } from '../source/partition.ts'
import type { ClosedWindow, Partial } from '../window/types.ts'
import type { Partitions } from './partitions.ts'

/** Takes all open windows out, in order, as incomplete: a file ended before they did. */
export function takeUnfinished(partitions: Partitions, sizeMs: number): readonly ClosedWindow[] {
  const shares = new Map<number, Map<PartitionKey, Partial>>()
  for (const [key, one] of partitions) {
    for (let start = one.oldestOpen(); start !== undefined; start = one.oldestOpen()) {
      const ofWindow = shares.get(start) ?? new Map<PartitionKey, Partial>()
      shares.set(start, ofWindow.set(key, one.take(start) as Partial))
    }
  }
  return [...shares]
    .sort(([a], [b]) => a - b)
    .map(([start, ofWindow]) => ({
      start,
      end: start + sizeMs,
      complete: false,
      partials: [...ofWindow.values()],
      partitions: [...ofWindow.keys()]
    }))
}
