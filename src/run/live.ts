import { createOperatorActions } from '../decide/operator-actions.ts'
import { createReport } from './live/report.ts'
import { createSelfCheck } from './live/self-check.ts'
import { connectStages } from './live/stages.ts'
import { stopStages } from './live/stop.ts'
import { createTicks } from './live/ticks.ts'
import type { Live, LiveOptions } from './live/types.ts'

/** The live pipeline: its stages, and what watches them. */
export function createLive(options: LiveOptions): Live {
  const stopping = new AbortController()
  const stages = connectStages(options, stopping.signal)
  const { ownedWork, decider, backpressure } = stages
  const operatorActions = createOperatorActions({
    ...options,
    isWorking: () => ownedWork.current() !== undefined,
    onActions: decider.act
  })
  const selfCheck = createSelfCheck(options, stages)
  const report = createReport(options, stages, selfCheck)
  const runTicks = createTicks(options, stages, {
    measure: report.measure,
    pollActions: operatorActions.poll,
    checkSelf: selfCheck.check
  })

  return {
    ...report,
    async run() {
      void runTicks(stopping.signal)
      await ownedWork.recall()
      if (!stopping.signal.aborted) await Promise.race([options.source.run(stages.ingest), ownedWork.fatal])
    },
    reconfigure(settings) {
      decider.reconfigure(settings)
      selfCheck.reconfigure(settings)
    },
    act: action => operatorActions.apply([action]),
    async stop() {
      stopping.abort()
      const work = ownedWork.current()
      if (work !== undefined) backpressure.update(work)
      await stopStages(options, stages)
    }
  }
}
