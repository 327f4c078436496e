import type { AssignmentStatus } from '../../ingest/assignment-state.ts'
import { parsePartitionKey } from '../../source/partition.ts'
import type { SourceState } from '../../source/types.ts'
import type { Metrics } from '../../telemetry/types.ts'

/** Sets the gauges to the state at `nowMs`; `waiting` are closed windows that are not stored yet. */
export function setGauges(
  metrics: Metrics,
  { lag, faults }: Pick<SourceState, 'lag' | 'faults'>,
  work: AssignmentStatus | undefined,
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
  const uncommitted = faults.find(({ cause }) => cause === 'commits_refused')
  metrics.setUncommitted(uncommitted === undefined ? 0 : nowMs - uncommitted.since)
  if (work?.closedUntil !== undefined) metrics.setWatermarkDelay(nowMs - work.closedUntil)
}
