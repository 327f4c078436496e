import { type PartitionKey, parsePartitionKey } from '../source/types.ts'
import type { Metrics } from '../telemetry/types.ts'
import type { WorkState } from './work.ts'

/** Sets the gauges of the line to what holds at `nowMs`; `waiting` are closed windows that are not stored yet. */
export function measureLine(
  metrics: Metrics,
  lag: ReadonlyMap<PartitionKey, number>,
  work: WorkState | undefined,
  waiting: number,
  nowMs: number
): void {
  metrics.clearLag()
  for (const [key, records] of lag) {
    const { topic, partition } = parsePartitionKey(key)
    metrics.setLag(topic, partition, records)
  }
  metrics.setOpenWindows(work?.openWindows ?? 0)
  metrics.setStoreQueue(waiting)
  if (work?.sealedUntil !== undefined) metrics.setWatermarkDelay(nowMs - work.sealedUntil)
}
