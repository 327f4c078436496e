import { pipelineStalled } from '../../../detectors/kinds/pipeline-stalled.ts'
import { storeUnavailable } from '../../../detectors/kinds/store-unavailable.ts'
import type { PipelineState, Stall } from '../../selfcheck/stall.ts'
import { createStandStillWatch } from '../../selfcheck/stand-still.ts'
import { answerMs, type LiveStages } from './stages.ts'
import type { LiveOptions, SelfCheckSettings } from './types.ts'

export type SelfCheck = ReturnType<typeof createSelfCheck>

/** The pipeline watches itself: while it stands still, silence says nothing about the shop. */
export function createSelfCheck(options: LiveOptions, stages: LiveStages) {
  const { windows, watchStall, source, incidents, clock } = options
  const { ownedWork, answeredAt, backpressure, decider, writer, dead } = stages
  const watchStandStill = createStandStillWatch({
    closeWithinMs: windows.sizeMs + windows.graceMs + windows.idleMs
  })
  let settings: SelfCheckSettings = options.settings
  let stall: Stall | undefined
  let fullSince: number | undefined

  const openIncident = (wanted: { readonly kind: string }) =>
    incidents.openIncidents().find(({ kind }) => kind === wanted.kind)
  const hasFailure = () =>
    [writer.failure(), decider.failure(), ownedWork.failure()].some(failure => failure !== undefined)

  /** Since when nothing is judged, because the past cannot be read. */
  const blindSince = () => ownedWork.beginningSince() ?? decider.failure()?.since

  function pipelineState(now: number): PipelineState {
    const { lag, faults, slowness, role } = source.state()
    const status = ownedWork.current()?.status()
    const standStill = watchStandStill({
      now,
      isReading: role === 'working' && now - answeredAt() <= answerMs && !backpressure.isPaused(),
      openWindows: status?.openWindows ?? 0,
      closedUntil: status?.closedUntil,
      closed: stages.closedWindows(),
      waiting: { ...backpressure.waitingByStage(), toStore: writer.windows() }
    })
    fullSince = backpressure.isFull() && hasFailure() ? (fullSince ?? now) : undefined
    return {
      now,
      answeredAt: answeredAt(),
      lag: [...lag.values()].reduce((sum, records) => sum + records, 0),
      waiting: status?.waiting ?? 0,
      slowestPartition: status?.slowestPartition,
      // The next window is due one size later: a partition that moves slowly is no stall.
      closedAt: status === undefined ? now : status.closedAt + windows.sizeMs,
      restoringSince: blindSince(),
      fullSince,
      faults,
      slowness,
      deadLetters: dead.fault(),
      // A store that fails is reported as that.
      standStill: hasFailure() ? undefined : standStill
    }
  }

  return {
    /** To be called once a second. */
    check(): void {
      const now = clock.now()
      stall = watchStall(pipelineState(now))
      const stalled = settings.stallVerdicts(stall, now, openIncident(pipelineStalled) !== undefined)
      if (stalled !== undefined) decider.verdict(stalled)
      const outage = settings.outageVerdicts(
        {
          now,
          fault: writer.failure(),
          waiting: backpressure.waitingWindows(),
          backlog: writer.backlog(),
          isBlind: blindSince() !== undefined
        },
        openIncident(storeUnavailable)
      )
      if (outage !== undefined) decider.verdict(outage)
    },
    stall: (): Stall | undefined => stall,
    reconfigure(next: SelfCheckSettings): void {
      settings = next
    }
  }
}
