import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventsOf } from '../../producer/events.ts'
import { demoPlan } from '../../producer/plan.ts'
import type { Loaded } from '../../src/config/load.ts'
import type { Alert } from '../../src/incident/alert.ts'
import type { StoredIncident } from '../../src/incident/types.ts'
import { backtestEvents, backtestStored } from '../../src/run/assembly/backtest.ts'
import { buildReplay } from '../../src/run/assembly/replay.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/types.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { createLogger } from '../../src/telemetry/log.ts'
import { hourMs } from '../../src/time/units.ts'
import { loadText } from '../support/configs.ts'

const folder = mkdtempSync(join(tmpdir(), 'cartwatch-backtest-'))
const log = createLogger({ level: 'error', clock: wallClock, to: 'stderr', pretty: false })
const startMs = Date.UTC(2026, 10, 10, 10)
const plan = demoPlan(7, startMs)
const span = { fromMs: startMs, toMs: plan.endMs + hourMs }
const env = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.example/services/T0/B0/x',
  PAGERDUTY_INTEGRATION_KEY: 'a'.repeat(32)
}

function loadedOf(source: string): Loaded {
  const loaded = loadText(source, env)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  return loaded
}

const asItRan = loadedOf('currency: USD')

let store: Store
beforeAll(async () => {
  const common = { loaded: asItRan, clock: wallClock, log, send: false, onDecision: () => {} }
  const run = await buildReplay({ ...common, folder })
  let number = 0
  for (const { line } of eventsOf(plan)) {
    number += 1
    run.replay.take(Buffer.from(line), number)
    if (number % 5_000 === 0) await run.ready()
  }
  run.replay.end()
  await run.close()
  store = await openStore({ folder, timeoutMs: 60_000 })
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const backtest = (loaded: Loaded, against?: Loaded) =>
  backtestStored({
    ...{ loaded, against, store, clock: wallClock, log },
    ...span,
    wholeShop: false,
    onProgress: () => {}
  })

const kindsOf = (all: readonly { readonly kind: string }[]) => [...new Set(all.map(({ kind }) => kind))]

describe('a backtest over windows that a run stored', () => {
  test('finds exactly what the run found, by the same configuration', async () => {
    const { comparison, windows, limits } = await backtest(asItRan)
    expect(windows).toBeGreaterThan(200)
    const { anomalies, incidents, messages, pages } = comparison
    expect(anomalies.before).toBeGreaterThan(50)
    expect(incidents.before).toBeGreaterThan(3)
    expect(pages.before).toBeGreaterThan(0)
    for (const { before, after, ...changes } of [anomalies, incidents]) {
      expect(after).toBe(before)
      expect(Object.values(changes).flat()).toEqual([])
    }
    expect(pages).toEqual({ before: pages.before, after: pages.before, new: 0 })
    expect(messages.length).toBeGreaterThan(1)
    for (const { before, after } of messages) expect(after).toBe(before)
    expect(limits.map(({ kind }) => kind)).toEqual(['missing_windows'])
  })

  test('tells what another configuration leaves out, raises and moves', async () => {
    const without = await backtest(
      loadedOf('currency: USD\ndetectors: { checkout_failure: { enabled: false } }')
    )
    expect(kindsOf(without.comparison.anomalies.gone)).toEqual(['checkout_failure'])
    expect(without.comparison.anomalies.new).toEqual([])
    const graver = await backtest(
      loadedOf('currency: USD\ndetectors: { traffic_spike: { severity: critical, raise_z_score: {} } }'),
      asItRan
    )
    expect(kindsOf(graver.comparison.anomalies.graver.map(({ after }) => after))).toEqual(['traffic_spike'])
    expect(graver.comparison.pages.new).toBeGreaterThan(0)
    const strict = await backtest(
      loadedOf('currency: USD\ndetectors: { checkout_failure: { improbable: 1e-12 } }')
    )
    expect(strict.comparison.anomalies.after).toBeLessThan(strict.comparison.anomalies.before)
  })

  test('stores nothing and tells nobody', async () => {
    const rows = async () => {
      const [anomalies, incidents, notifications] = [
        await store.anomalies({}),
        await store.findIncidents({}),
        await store.findNotifications({})
      ]
      return { anomalies, incidents, notifications }
    }
    const before = await rows()
    await backtest(
      loadedOf('currency: USD\ndetectors: { traffic_spike: { severity: critical, raise_z_score: {} } }')
    )
    expect(await rows()).toEqual(before)
  })

  test('says what stored windows cannot answer', async () => {
    const other = await backtest(loadedOf('currency: USD\nwindows: { size: 5m }'))
    expect(other.windows).toBe(0)
    expect(other.limits).toContainEqual(expect.objectContaining({ kind: 'other_size', sizeMs: 60_000 }))
    const further = await backtest(
      loadedOf(`currency: USD
segments: { dimensions: [category, country, device], watch: [device] }
metrics: { wishes: count where event_type = search }
detectors: { metric_change: { metrics: [wishes] } }`)
    )
    expect(further.limits).toContainEqual({ kind: 'metric', metric: 'wishes' })
  })

  test('of the whole shop alone finds the same of the whole shop', async () => {
    const { comparison } = await backtestStored({
      ...{ loaded: asItRan, against: undefined, store, clock: wallClock, log },
      ...span,
      wholeShop: true,
      onProgress: () => {}
    })
    expect(comparison.anomalies.after).toBeGreaterThan(30)
    expect(comparison.anomalies.gone.filter(({ segment }) => segment === 'all')).toEqual([])
  })
})

describe('a backtest over recorded events', () => {
  test('compares two configurations, also where windows change', async () => {
    const read = async (take: (line: Buffer, lineNumber: number) => void, ready: () => Promise<void>) => {
      let number = 0
      for (const { line } of eventsOf(plan)) {
        number += 1
        take(Buffer.from(line), number)
        if (number % 5_000 === 0) await ready()
      }
    }
    const common = { clock: wallClock, log, fromMs: undefined, toMs: undefined, read }
    const same = await backtestEvents({ ...common, loaded: asItRan, against: undefined, store })
    expect(same.comparison.anomalies.before).toBeGreaterThan(50)
    expect([...same.comparison.anomalies.new, ...same.comparison.anomalies.gone]).toEqual([])
    const five = loadedOf('currency: USD\nwindows: { size: 5m }')
    const resized = await backtestEvents({ ...common, loaded: five, against: asItRan, store: undefined })
    expect(resized.windows).toBeLessThan(same.windows / 4)
    expect(resized.comparison.incidents.after).toBeGreaterThan(0)

    // Of a time that was expected as a whole nothing is learned, so that nothing is judged.
    const alert = { conditionFrom: startMs, conditionTo: plan.endMs } as Alert
    const expected = { id: 'e', alerts: [alert], resolvedAt: null } as unknown as StoredIncident
    const labelled = { ...store, expectedIncidents: async () => [expected] }
    const unlearned = await backtestEvents({
      ...common,
      loaded: asItRan,
      against: undefined,
      store: labelled
    })
    expect(unlearned.comparison.anomalies.after).toBe(0)
  })
})
