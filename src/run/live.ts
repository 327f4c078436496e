import { createReportSender } from '../report/sender.ts'
import { drainMs } from './live/backpressure.ts'
import { createCurrencyLearning, lookFirst } from './live/currency-learning.ts'
import { createProgressLog } from './live/progress-log.ts'
import { createReport } from './live/report.ts'
import { createSelfCheck } from './live/self-check.ts'
import { connectStages } from './live/stages.ts'
import { createStoredInputs } from './live/stored-inputs.ts'
import { createTicks } from './live/ticks.ts'
import type { Live, LiveOptions } from './live/types.ts'

const drainPollMs = 20
/** How long the last commit and the messages under way may take. */
const deliverMs = 3_000

/** The live pipeline: its stages, and what watches them. */
export function createLive(options: LiveOptions): Live {
  const { source, delivery, clock, log } = options
  const stopping = new AbortController()
  const currency = createCurrencyLearning(options)
  const stages = connectStages(options, stopping.signal, currency.recall)
  const { ownedWork, decider, backpressure, checkpointing } = stages
  const isWorking = () => ownedWork.current() !== undefined
  const inputs = createStoredInputs(options, decider, isWorking)
  let { reports } = options.settings
  const reportSender = createReportSender({
    ...options,
    settings: () => reports,
    currency: options.shop.code,
    enqueue: records => delivery.enqueue(records, Promise.resolve()),
    isWorking
  })
  const selfCheck = createSelfCheck(options, stages)
  const report = createReport(options, stages, { selfCheck, currency })
  const runTicks = createTicks(options, stages, {
    measure: report.measure,
    pollActions() {
      inputs.actions.poll()
      inputs.changes.poll()
    },
    pollServiceAlerts: inputs.serviceAlerts.poll,
    pollReports: reportSender.poll,
    checkSelf: selfCheck.check,
    learnCurrency: currency.tick,
    logProgress: createProgressLog(options, stages)
  })

  async function drain(): Promise<void> {
    const deadline = clock.now() + drainMs
    while (backpressure.waiting() > 0 && clock.now() < deadline) await clock.sleep(drainPollMs)
    const waiting = backpressure.waiting()
    if (waiting > 0)
      log.warn({ waiting }, 'stopped before everything was stored: the next run reads it from Kafka again')
  }

  return {
    ...report,
    async run() {
      void runTicks(stopping.signal)
      // Meanwhile the store is read.
      source.connect()
      await ownedWork.recall()
      if (!stopping.signal.aborted)
        await Promise.race([source.run(lookFirst(options, currency, stages.ingest)), ownedWork.fatal])
    },
    reconfigure(settings) {
      decider.reconfigure(settings)
      selfCheck.reconfigure(settings)
      reports = settings.reports
    },
    act: action => inputs.actions.apply([action]),
    change: change => inputs.changes.apply([change]),
    serviceAlerts: inputs.serviceAlerts.apply,
    async stop() {
      stopping.abort()
      const work = ownedWork.current()
      if (work !== undefined) backpressure.update(work)
      await drain()
      // Without the broker a commit could take longer than there is time.
      const committed = Promise.race([checkpointing.commit(), clock.sleep(deliverMs)])
      await Promise.all([committed, delivery.stop(deliverMs)])
      await source.stop()
    }
  }
}
