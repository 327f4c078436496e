import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Loaded } from '../../../../src/config/load.ts'
import { createDecider } from '../../../../src/decide/decider.ts'
import { insertDecisions } from '../../../../src/decide/decision.ts'
import type { WindowMetrics } from '../../../../src/metrics/types.ts'
import { backtestStored } from '../../../../src/run/assembly/backtest.ts'
import { noDelivery } from '../../../../src/run/assembly/delivery.ts'
import { incidentsSettingsOf } from '../../../../src/run/assembly/routes.ts'
import { buildStages } from '../../../../src/run/assembly/stages.ts'
import { minuteMs } from '../../../../src/time/units.ts'
import { loadText } from '../../../support/configs.ts'
import { shopWindows } from '../../../support/cut-stream.ts'
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts'
import { createMemoryStore, type MemoryStore } from '../../../support/memory-store.ts'
import { createRecordedLog } from '../../../support/recorded-log.ts'

const loaded = loadText('currency: USD\nwindows: { grace: 10s }', {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.example/services/T0/B0/x'
}) as Loaded
const log = createRecordedLog()

/** A live instance, without Kafka: each window is closed at its time. */
async function live(windows: readonly WindowMetrics[], store: MemoryStore, clock: ManualClock) {
  const { config, hash } = loaded
  const stages = buildStages(config, log)
  const decider = createDecider({
    pipeline: config.pipeline,
    historyMs: config.store.historyMs,
    allStored: async () => true,
    store,
    clock,
    log,
    settings: {
      configHash: hash,
      detectors: config.detectors,
      newDetection: isExpected => stages.newDetection({ isExpected, bands: true }),
      incidents: incidentsSettingsOf(config, noDelivery.loadOf)
    },
    incidents: stages.newIncidents(store),
    onDecision: decision => void insertDecisions(store, config.pipeline, [decision])
  })
  await decider.restore()
  for (const window of windows) {
    clock.stand(window.end + config.windows.graceMs - clock.now())
    decider.push([window])
    while (decider.waiting() > 0) await turn()
    decider.tick()
  }
  await turn()
}

test('gives the anomalies and incidents that a live instance stored, over a restart', async () => {
  const windows = shopWindows(4, 1_900)
  const first = windows[0] as WindowMetrics
  const store = createMemoryStore()
  const clock = createManualClock(first.start)
  await live(windows.slice(0, 1_657), store, clock)
  await live(windows.slice(1_657), store, clock)
  const {
    comparison,
    limits,
    windows: judged
  } = await backtestStored({
    ...{ loaded, against: undefined, store, clock, log, wholeShop: false },
    ...{ fromMs: first.start, toMs: first.start + 1_900 * minuteMs },
    onProgress: () => {}
  })
  expect(judged).toBe(1_900)
  expect(limits.filter(({ kind }) => kind !== 'dimension')).toEqual([])
  const { anomalies, incidents, messages } = comparison
  expect(anomalies.before).toBeGreaterThan(10)
  expect(incidents.before).toBeGreaterThan(0)
  for (const { before, after, ...changes } of [anomalies, incidents]) {
    expect(after).toBe(before)
    expect(Object.values(changes).flat()).toEqual([])
  }
  expect(messages.length).toBeGreaterThan(0)
  for (const { before, after } of messages) expect(after).toBe(before)
})
