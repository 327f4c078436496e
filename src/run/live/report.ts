import type { Severity } from '../../../detectors/types.ts'
import { levelOf } from '../../incident/escalation.ts'
import type { StoredIncident } from '../../incident/types.ts'
import { progressOf } from '../../ingest/progress.ts'
import { parsePartitionKey } from '../../source/partition.ts'
import type { SourceState } from '../../source/types.ts'
import type { CurrencyLearning } from './currency-learning.ts'
import type { SelfCheck } from './self-check.ts'
import type { LiveStages } from './stages.ts'
import type { Live, LiveOptions } from './types.ts'

const roles: readonly SourceState['role'][] = ['joining', 'standby', 'restoring', 'working']

function openBySeverity(open: readonly { readonly severity: Severity }[]): Record<Severity, number> {
  const counts = { low: 0, medium: 0, high: 0, critical: 0 }
  for (const { severity } of open) counts[severity] += 1
  return counts
}

/** The level that each escalation has reached while it goes on. */
const activeLevels = (open: readonly StoredIncident[]): readonly number[] =>
  open.flatMap(({ acknowledged, escalation }) =>
    acknowledged === null && escalation !== undefined && escalation.since !== null
      ? [levelOf(escalation)]
      : []
  )

/** What the pipeline says of itself: to /metrics, to /readyz and to /status. */
export function createReport(
  { windows, source, clock, metrics, topics, incidents }: LiveOptions,
  { ownedWork, counts, backpressure, decider, writer, dead, checkpointing }: LiveStages,
  {
    selfCheck,
    currency
  }: { readonly selfCheck: Pick<SelfCheck, 'stall'>; readonly currency: Pick<CurrencyLearning, 'state'> }
): Pick<Live, 'measure' | 'state' | 'progress'> {
  const storeFailure = () => writer.failure() ?? decider.failure() ?? ownedWork.failure()

  return {
    measure() {
      counts.flush()
      const { lag } = source.state()
      const work = ownedWork.current()?.status()
      const now = clock.now()
      metrics.clearLag()
      for (const [key, records] of lag) {
        const { topic, partition } = parsePartitionKey(key)
        metrics.setLag(topic, partition, records)
      }
      metrics.setOpenWindows(work?.openWindows ?? 0)
      metrics.setStoreQueue(backpressure.waitingWindows())
      metrics.setUncommitted(checkpointing.uncommittedMs())
      metrics.setLastCommitAge(checkpointing.lastCommitAgeMs() ?? 0)
      if (work?.closedUntil !== undefined) metrics.setWatermarkDelay(now - work.closedUntil)
      metrics.setStoreUp(storeFailure() === undefined)
      metrics.setRole(source.state().role, roles)
      const open = work === undefined ? [] : incidents.openIncidents()
      metrics.setOpenIncidents(openBySeverity(open))
      metrics.setEscalations(activeLevels(open))
    },
    state: () => ({
      source: source.state(),
      work: ownedWork.current()?.status(),
      waiting: backpressure.waitingWindows(),
      storeFailure: storeFailure(),
      storeWriteMs: writer.writeMs(),
      detection: decider.detection(),
      stall: selfCheck.stall(),
      deadLetters: dead.fault(),
      currency: currency.state(),
      topics: topics.health()
    }),
    progress() {
      const work = ownedWork.current()
      if (work === undefined) return undefined
      const { lag } = source.state()
      return progressOf(work, {
        sizeMs: windows.sizeMs,
        lag,
        waiting: backpressure.waitingByStage(),
        isPaused: backpressure.isPaused()
      })
    }
  }
}
