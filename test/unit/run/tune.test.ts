import { beforeAll, describe, expect, test } from 'vitest'
import type { Loss } from '../../../detectors/kind.ts'
import { uniformOf } from '../../../producer/random.ts'
import type { Loaded } from '../../../src/config/load.ts'
import { shopMetrics } from '../../../src/metrics/catalogue.ts'
import type { WindowMetrics } from '../../../src/metrics/types.ts'
import { backtestStored } from '../../../src/run/assembly/backtest.ts'
import { type Tune, tunablesOf, tuneStored } from '../../../src/run/assembly/tune.ts'
import { depths, drawDrops, foundAfterMs } from '../../../src/run/tune/drops.ts'
import { createLowering } from '../../../src/run/tune/lowered.ts'
import { settingsOf, tunables } from '../../../src/run/tune/settings.ts'
import { yamlOf } from '../../../src/run/tune/text.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/time/units.ts'
import { streamOf } from '../../generators/streams.ts'
import { windowMetricsOf } from '../../generators/window-metrics.ts'
import { loadText } from '../../support/configs.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

function loadedOf(source: string): Loaded {
  const loaded = loadText(source, { PAGERDUTY_INTEGRATION_KEY: 'a'.repeat(32) })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  return loaded
}

/** With incidents from the second day on. */
const days = 4
const stream = streamOf('producer', { seed: 3, ordersPerMinute: 20, days, incidents: true })
let windows: readonly WindowMetrics[]
beforeAll(() => {
  windows = [...stream.minutes].map(totals => {
    const { segments, ...rest } = windowMetricsOf(totals)
    return { ...rest, segments: segments.filter(({ dimension }) => dimension === 'event_type') }
  })
})

describe('settings of a threshold', () => {
  test('lie around the configured one, the one that finds most first', () => {
    const valuesOf = (name: string) => {
      const one = tunables.find(({ kind }) => kind === name)
      return one && settingsOf(one, detectorDefaults).map(({ value }) => value)
    }
    expect(valuesOf('revenue_drop')).toEqual([0.15, 0.21, 0.3, 0.42, 0.6])
    expect(valuesOf('order_value_shift')).toEqual([0.75, 0.65, 0.5, 0.3, 0.05])
    expect(valuesOf('data_loss')).toEqual([13, 18, 25, 35, 50])
    for (const one of tunables)
      expect(settingsOf(one, detectorDefaults).filter(({ isConfigured }) => isConfigured)).toHaveLength(1)
  })

  test.each(tunables)('of $kind can all be configured', one => {
    for (const setting of settingsOf(one, detectorDefaults)) {
      const yaml = yamlOf([{ ...one, setting }])
      const again = settingsOf(one, loadedOf(yaml ?? '').config.detectors)
      expect(again.find(({ isConfigured }) => isConfigured)?.value).toBeCloseTo(setting.value, 9)
    }
  })
})

const span = { fromMs: Date.UTC(2026, 9, 5), toMs: Date.UTC(2026, 9, 5) + 28 * dayMs }

describe('drops', () => {
  test('are as many of each depth, apart from each other, and the same for a seed', () => {
    const draw = (seed: number) => drawDrops(span, minuteMs, uniformOf(seed, 'drops'))
    const drops = draw(1)
    for (const depth of depths) expect(drops.filter(one => one.depth === depth)).toHaveLength(5)
    for (const [index, { startMs, endMs }] of drops.entries()) {
      expect(startMs).toBeGreaterThanOrEqual(
        index === 0 ? span.fromMs : (drops[index - 1]?.endMs ?? 0) + 3 * hourMs
      )
      expect(endMs - startMs).toBe(hourMs)
      expect(startMs % minuteMs).toBe(0)
    }
    expect(drops.at(-1)?.endMs).toBeLessThan(span.toMs)
    expect(draw(1)).toEqual(drops)
    expect(draw(2)).not.toEqual(drops)
    expect(drawDrops({ ...span, toMs: span.fromMs + dayMs }, minuteMs, uniformOf(1, 'drops'))).toEqual([])
  })

  test('count as found by a window that ends in them, or shortly after', () => {
    const drop = { startMs: 10 * hourMs, endMs: 11 * hourMs, depth: 0.5 }
    const ends = (...minutes: number[]) => minutes.map(minute => drop.startMs + minute * minuteMs)
    expect(foundAfterMs(drop, ends(0, 7, 9))).toBe(7 * minuteMs)
    expect(foundAfterMs(drop, ends(70))).toBe(70 * minuteMs)
    expect(foundAfterMs(drop, ends(-5, 0, 71))).toBeUndefined()
  })
})

/** Of all windows of an hour at noon, lowered to 30 %. */
function loweredBy(loss: Loss) {
  const first = windows[12 * 60] as WindowMetrics
  const drop = { startMs: first.start, endMs: first.start + hourMs, depth: 0.7 }
  const lower = createLowering(loss, [drop], shopMetrics, uniformOf(1, loss))
  const all = windows.slice(12 * 60 - 1, 13 * 60 + 1)
  const lowered = all.map(lower)
  expect([lowered[0], lowered.at(-1)]).toEqual([all[0], all.at(-1)])
  return { before: all.slice(1, -1), after: lowered.slice(1, -1) }
}
const metricOf = ({ values }: WindowMetrics, metric: string) => {
  const value = values.get(metric)
  if (value === undefined) throw new Error(`no ${metric}`)
  return value
}
const sumOf = (all: readonly WindowMetrics[], metric: string) =>
  all.reduce((sum, window) => sum + metricOf(window, metric).numerator, 0)

describe('a window with a drop in it', () => {
  test('of purchases has fewer orders, and all that is made of them, and the other events', () => {
    const { before, after } = loweredBy('purchases')
    for (const metric of ['orders', 'revenue', 'units', 'purchasing_sessions']) {
      const left = sumOf(after, metric) / sumOf(before, metric)
      expect(left).toBeGreaterThan(0.25)
      expect(left).toBeLessThan(0.35)
    }
    for (const [index, window] of after.entries()) {
      const was = before[index] as WindowMetrics
      const [orders, revenue] = [metricOf(window, 'orders'), metricOf(window, 'revenue')]
      expect(Number.isInteger(orders.numerator)).toBe(true)
      expect([orders.value, orders.sampleSize]).toEqual([orders.numerator, orders.numerator])
      expect(metricOf(window, 'checkout_success_rate').numerator).toBe(orders.numerator)
      expect(metricOf(window, 'refund_rate').denominator).toBe(orders.numerator)
      expect(metricOf(window, 'average_order_value').numerator).toBeCloseTo(revenue.numerator, 6)
      expect(metricOf(window, 'net_revenue').numerator - revenue.numerator).toBeCloseTo(
        metricOf(was, 'net_revenue').numerator - metricOf(was, 'revenue').numerator,
        6
      )
      expect(metricOf(window, 'conversion_rate').numerator).toBe(
        metricOf(window, 'purchasing_sessions').numerator
      )
      for (const metric of ['visits', 'cart_adds', 'checkouts_started', 'refunds'])
        expect(metricOf(window, metric)).toEqual(metricOf(was, metric))
      expect(metricOf(was, 'events').numerator - metricOf(window, 'events').numerator).toBe(
        metricOf(was, 'orders').numerator - orders.numerator
      )
      expect(metricOf(window, 'price_level').value).toBe(
        orders.value === 0 ? null : metricOf(was, 'price_level').value
      )
    }
  })

  test('of visitors has fewer of everything, and about the same rates', () => {
    const { before, after } = loweredBy('visitors')
    for (const metric of ['events', 'visits', 'cart_adds', 'orders', 'revenue', 'refunds']) {
      const left = sumOf(after, metric) / sumOf(before, metric)
      expect(left).toBeGreaterThan(0.15)
      expect(left).toBeLessThan(0.45)
    }
    const rate = (all: readonly WindowMetrics[]) => sumOf(all, 'orders') / sumOf(all, 'checkouts_started')
    expect(rate(after)).toBeCloseTo(rate(before), 1)
    for (const window of after)
      for (const { numerator, denominator, sampleSize } of window.segments) {
        expect(Number.isInteger(sampleSize)).toBe(true)
        expect(numerator).toBeLessThanOrEqual(denominator + 1e-9)
      }
  })

  test('of prices has as many orders, each worth less', () => {
    const { before, after } = loweredBy('prices')
    for (const [index, window] of after.entries()) {
      const was = before[index] as WindowMetrics
      expect(metricOf(window, 'orders')).toEqual(metricOf(was, 'orders'))
      expect(metricOf(window, 'revenue').numerator).toBeCloseTo(0.3 * metricOf(was, 'revenue').numerator, 6)
      expect(metricOf(window, 'price_level').value).toBeCloseTo(
        (metricOf(was, 'price_level').value ?? 0) + Math.log(0.3),
        6
      )
    }
  })
})

describe('thresholds tried on stored windows', () => {
  const loaded = loadedOf('currency: USD')
  const { pipeline } = loaded.config
  const log = createRecordedLog()

  async function tuned(kind: string, seed = 1) {
    const store = createMemoryStore()
    await store.insertWindows(pipeline, windows)
    const toMs = (windows.at(-1) as WindowMetrics).end
    const times = { fromMs: toMs - 3 * dayMs, toMs }
    const kinds = tunablesOf(loaded).filter(one => one.kind === kind)
    const shares: number[] = []
    const parts = { ...times, loaded, store, log, kinds, seed }
    const tune = await tuneStored({ ...parts, onProgress: share => shares.push(share) })
    return { tune, store, times, shares }
  }
  const trialsOf = ({ kinds }: Tune) => kinds[0]?.trials ?? []
  const foundOf = (tune: Tune) =>
    trialsOf(tune).map(({ drops = [] }) => drops.reduce((sum, { found }) => sum + found, 0))

  test('find fewer drops the stricter they are, the deeper ones sooner, and store nothing', async () => {
    const { tune, store, shares } = await tuned('checkout_failure')
    const found = foundOf(tune)
    expect(found.toSorted((a, b) => b - a)).toEqual(found)
    expect(found[0]).toBeGreaterThan(found.at(-1) as number)
    const configured = trialsOf(tune).find(({ isConfigured }) => isConfigured)
    const deep = configured?.drops?.filter(({ depth }) => depth >= 0.7) ?? []
    expect(deep.map(one => one.found)).toEqual(deep.map(({ drops }) => drops))
    for (const { medianMs } of deep) expect(medianMs).toBeLessThanOrEqual(10 * minuteMs)
    expect(configured?.drops?.filter(({ depth }) => depth <= 0.2).map(one => one.found)).toEqual([0, 0])
    expect(configured?.incidents).toBeGreaterThan(0)
    expect([await store.anomalies({}), await store.findIncidents({})]).toEqual([[], []])
    expect(shares.every((share, index) => share >= (shares[index - 1] ?? 0) && share <= 1)).toBe(true)
  })

  test('find at the configured setting what a backtest of the kind alone finds', async () => {
    const { tune, store, times } = await tuned('checkout_failure')
    const others = Object.keys(loaded.config.detectors).filter(
      name => !['checkout_failure', 'segments', 'baseline'].includes(name)
    )
    const off = others.map(name => `  ${name}: { enabled: false }`).join('\n')
    const alone = await backtestStored({
      ...{ loaded: loadedOf(`currency: USD\ndetectors:\n${off}`), against: undefined, store, log },
      ...{ ...times, clock: createManualClock(times.toMs), wholeShop: true, onProgress: () => {} }
    })
    const { anomalies, incidents, pages } = alone.comparison
    expect(anomalies.after).toBeGreaterThan(0)
    const configured = trialsOf(tune).find(({ isConfigured }) => isConfigured)
    expect([configured?.anomalies, configured?.incidents, configured?.pages]).toEqual([
      anomalies.after,
      incidents.after,
      pages.after
    ])
  })

  test('are the same for a seed, and of a kind that finds no drops only what was there', async () => {
    const [one, same, other] = [
      await tuned('traffic_drop'),
      await tuned('traffic_drop'),
      await tuned('traffic_drop', 2)
    ]
    expect(same.tune).toEqual(one.tune)
    expect(other.tune.drops).not.toEqual(one.tune.drops)
    expect(trialsOf(other.tune).map(({ incidents }) => incidents)).toEqual(
      trialsOf(one.tune).map(({ incidents }) => incidents)
    )
    const { tune } = await tuned('traffic_spike')
    for (const { drops } of trialsOf(tune)) expect(drops).toBeUndefined()
  })
})
