import { progressOf } from '../../ingest/progress.ts'
import { setGauges } from './gauges.ts'
import type { SelfCheck } from './self-check.ts'
import type { LiveStages } from './stages.ts'
import type { Live, LiveOptions } from './types.ts'

/** What the pipeline says of itself: to /metrics, to /readyz and to /status. */
export function createReport(
  { windows, source, clock, metrics }: LiveOptions,
  { ownedWork, counts, queues, backpressure, decider, writer }: LiveStages,
  selfCheck: Pick<SelfCheck, 'stall'>
): Pick<Live, 'measure' | 'state' | 'progress'> {
  const storeFailure = () => writer.failure() ?? decider.failure() ?? ownedWork.failure()

  return {
    measure() {
      counts.flush()
      setGauges(metrics, source.state(), ownedWork.current()?.status(), queues.windows(), clock.now())
      metrics.setStoreUp(storeFailure() === undefined)
    },
    state: () => ({
      source: source.state(),
      work: ownedWork.current()?.status(),
      waiting: queues.windows(),
      storeFailure: storeFailure(),
      storeWriteMs: writer.writeMs(),
      detection: decider.detection(),
      stall: selfCheck.stall()
    }),
    progress() {
      const work = ownedWork.current()
      if (work === undefined) return undefined
      const { lag } = source.state()
      return progressOf(work, {
        sizeMs: windows.sizeMs,
        lag,
        waiting: queues.byStage(),
        isPaused: backpressure.isPaused()
      })
    }
  }
}
