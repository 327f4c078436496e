import { createStoredInput } from '../decide/stored-input.ts'
import type { Change } from '../incident/changes.ts'
import type { ServiceAlert } from '../incident/service-alert.ts'
import type { OperatorAction } from '../incident/types.ts'
import { createReportSender } from '../report/sender.ts'
import { dayMs, hourMs } from '../time/units.ts'
import { drainMs } from './live/backpressure.ts'
import { createCurrencyLearning, lookFirst } from './live/currency-learning.ts'
import { createProgressLog } from './live/progress-log.ts'
import { createReport } from './live/report.ts'
import { createSelfCheck } from './live/self-check.ts'
import { connectStages } from './live/stages.ts'
import { createTicks } from './live/ticks.ts'
import type { Live, LiveOptions } from './live/types.ts'

const drainPollMs = 20
/** Another process may have a clock that is behind by this much. */
const actionsBackMs = hourMs
/** What was changed before can't be what an incident that begins now comes from; some tell of it late. */
const changesBackMs = 2 * hourMs
/** It is told of minutes before anything is found. */
const changesPollMs = 10_000
/** Alerts of services wait for an instance that works, for so long at most. */
const alertsBackMs = 2 * dayMs
/** How long the last commit and the messages under way may take. */
const deliverMs = 3_000

/** The live pipeline: its stages, and what watches them. */
export function createLive(options: LiveOptions): Live {
  const { pipeline, store, source, delivery, clock, log } = options
  const stopping = new AbortController()
  const currency = createCurrencyLearning(options)
  const stages = connectStages(options, stopping.signal, currency.recall)
  const { ownedWork, decider, backpressure, checkpointing } = stages
  const isWorking = () => ownedWork.current() !== undefined
  const operatorActions = createStoredInput<OperatorAction>({
    what: 'the actions of operators',
    read: nowMs => store.actions(pipeline, nowMs - actionsBackMs),
    take: decider.act,
    ...{ isWorking, clock, log }
  })
  const changes = createStoredInput<Change>({
    what: 'changes',
    read: nowMs => store.changes(pipeline, nowMs - changesBackMs),
    take: decider.changes,
    pollMs: changesPollMs,
    ...{ isWorking, clock, log }
  })
  const serviceAlerts = createStoredInput<ServiceAlert>({
    what: 'the alerts of other services',
    read: nowMs => store.unseenServiceAlerts(pipeline, nowMs - alertsBackMs),
    take: decider.serviceAlerts,
    ...{ isWorking, clock, log }
  })
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
      operatorActions.poll()
      changes.poll()
    },
    pollServiceAlerts: serviceAlerts.poll,
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
    act: action => operatorActions.apply([action]),
    change: change => changes.apply([change]),
    serviceAlerts: serviceAlerts.apply,
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
