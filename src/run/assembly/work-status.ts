import type { ReceiverState } from '../../delivery/types.ts'
import type { IngestProgress } from '../../ingest/progress.ts'
import type { WorkStatus } from '../../web/status.ts'
import type { Readiness } from '../../web/types.ts'

export interface WorkParts {
  readonly instance: string
  readonly since: number
  readonly progress: IngestProgress | undefined
  readonly readiness: Readiness
  readonly receivers: ReadonlyMap<string, ReceiverState>
}

/** The work of this instance; without progress it is still finding out where to start. */
export function workStatusOf({ instance, since, progress, readiness, receivers }: WorkParts): WorkStatus {
  const waiting = progress?.waiting
  return {
    instance,
    since: isoOrNull(since === 0 ? undefined : since),
    partitions: (progress?.partitions ?? []).map(({ watermark, openWindows, ...one }) => ({
      ...one,
      watermark: isoOrNull(watermark),
      open_windows: openWindows
    })),
    windows_closed_until: isoOrNull(progress?.closedUntil),
    open_windows: progress?.openWindows ?? 0,
    oldest_open_window: isoOrNull(progress?.oldestOpen),
    waiting: {
      to_seal: waiting?.toCommit ?? 0,
      to_judge: waiting?.toDecide ?? 0,
      to_store: waiting?.toStore ?? 0
    },
    components: { ...readiness.components },
    receivers: [...receivers].map(([name, state]) => ({
      name,
      waiting: state.waiting,
      next_at: isoOrNull(state.nextAt ?? undefined),
      breaker: state.breaker,
      last: state.last ?? null
    }))
  }
}

export const isoOrNull = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString()
