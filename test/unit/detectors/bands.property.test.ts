import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCalendar } from '../../../detectors/baseline/calendar.ts'
import { createDetection } from '../../../detectors/detection.ts'
import type { Band, Finding } from '../../../detectors/types.ts'
import type { DetectionOptions } from '../../../detectors/window-judge.ts'
import { shopMetrics } from '../../../src/metrics/catalogue.ts'
import type { MetricValue, WindowMetrics } from '../../../src/metrics/types.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { tries } from '../../support/tries.ts'
import { around, count, ratio, sum } from './feed.ts'
import { minuteMs, startMs } from './shop-windows.ts'

type Edge = 'lower' | 'upper'

/** A minute of a shop of so many events, in which one metric has another value than usual. */
interface Minute {
  readonly scale: number
  readonly index: number
  readonly had?: { readonly metric: string; readonly value: number }
}

const price = 50
const logOfPrice = Math.log(price)

/** What a metric is made of where it is usual, and how it is made to have a value. */
const metrics: Readonly<
  Record<string, (minute: Minute, value: number | undefined) => Readonly<Record<string, MetricValue>>>
> = {
  events: (minute, value) => ({ events: count(value ?? usual(minute, 'events', 40)) }),
  orders: (minute, value) => ({ orders: count(value ?? usual(minute, 'orders', 2)) }),
  revenue(minute, value) {
    const orders = value === undefined ? Math.max(1, usual(minute, 'orders', 2)) : value / price
    return { revenue: sum(orders * price, orders, orders * price ** 2 * 1.6) }
  },
  conversion_rate(minute, value) {
    const visits = usual(minute, 'visits', 12)
    const buyers = value === undefined ? Math.min(visits, usual(minute, 'buyers', 2)) : value * visits
    return { conversion_rate: ratio(buyers, visits), purchasing_sessions: count(buyers) }
  },
  checkout_success_rate: (minute, value) => shareOf('checkout_success_rate', minute, value, 3, 0.85),
  cart_abandonment_rate: (minute, value) => shareOf('cart_abandonment_rate', minute, value, 6, 0.6),
  refund_rate(minute, value) {
    const orders = Math.max(1, usual(minute, 'orders', 2))
    const refunds = value === undefined ? usual(minute, 'refunds', 0.03) : value * orders
    return { refund_rate: ratio(refunds, orders), refunds: count(refunds) }
  },
  invalid_rate: (minute, value) => shareOf('invalid_rate', minute, value, 40, 0.005),
  missing_price_rate: (minute, value) => shareOf('missing_price_rate', minute, value, 10, 0.005),
  duplicate_rate: (minute, value) => shareOf('duplicate_rate', minute, value, 40, 0.01),
  repeated_order_rate: (minute, value) => shareOf('repeated_order_rate', minute, value, 2, 0.01),
  late_rate: (minute, value) => shareOf('late_rate', minute, value, 40, 0.01),
  price_level(minute, value) {
    const orders = Math.max(1, usual(minute, 'orders', 2))
    const log = value === undefined ? logOfPrice : Math.log(value)
    const spread = orders * (log ** 2 + 0.8)
    return {
      price_level: { ...sum(orders * log, orders, spread), value: Math.exp(log), denominator: orders }
    }
  }
}

function usual({ scale, index }: Minute, what: string, mean: number): number {
  return around(mean * scale, index, what)
}

function shareOf(metric: string, minute: Minute, value: number | undefined, mean: number, share: number) {
  const all = Math.max(1, usual(minute, metric, mean))
  const seen =
    value === undefined ? Math.min(all, around(all * share, minute.index, `${metric} seen`)) : value * all
  return { [metric]: ratio(seen, all) }
}

function windowOf(minute: Minute): WindowMetrics {
  const start = startMs + minute.index * minuteMs
  const values = Object.entries(metrics).map(([metric, of]) =>
    of(minute, minute.had?.metric === metric ? minute.had.value : undefined)
  )
  return {
    start,
    end: start + minuteMs,
    complete: true,
    records: 1,
    values: new Map(values.flatMap(one => Object.entries(one))),
    segments: []
  }
}

/** Which kind watches which metric, on which side. */
const cases = [
  ['traffic_spike', 'events', 'upper'],
  ['traffic_drop', 'events', 'lower'],
  ['data_loss', 'events', 'lower'],
  ['revenue_drop', 'revenue', 'lower'],
  ['conversion_drop', 'conversion_rate', 'lower'],
  ['checkout_failure', 'checkout_success_rate', 'lower'],
  ['cart_abandonment_spike', 'cart_abandonment_rate', 'upper'],
  ['refund_spike', 'refund_rate', 'upper'],
  ['late_spike', 'late_rate', 'upper'],
  ['duplicate_spike', 'duplicate_rate', 'upper'],
  ['data_quality', 'invalid_rate', 'upper'],
  ['order_value_shift', 'price_level', 'lower'],
  ['order_value_shift', 'price_level', 'upper'],
  ['metric_change', 'orders', 'upper'],
  ['metric_change', 'orders', 'lower'],
  ['metric_change', 'revenue', 'upper'],
  ['metric_change', 'checkout_success_rate', 'lower']
] as const satisfies readonly (readonly [keyof typeof detectorDefaults, string, Edge])[]
type Kind = (typeof cases)[number][0]

const drawn = fc.record({
  scale: fc.double({ min: 0.5, max: 200, noNaN: true }),
  learned: fc.integer({ min: 60, max: 200 }),
  improbable: fc.constantFrom(1e-8, 1e-5, 1e-3, 0.05),
  drop: fc.constantFrom(0.1, 0.3, 0.6),
  z_score: fc.constantFrom(1, 3, 5)
})
type Drawn = typeof drawn extends fc.Arbitrary<infer D> ? D : never

/** The kind alone, which one window is enough for. */
function detectionOf(kind: Kind, { improbable, drop, z_score }: Drawn, own: object = {}) {
  const off = Object.entries(detectorDefaults).map(([name, options]) => [
    name,
    'enabled' in options ? { ...options, enabled: name === kind } : options
  ])
  const options = {
    ...detectorDefaults[kind],
    spans: [1],
    minWindows: 1,
    maxPValue: improbable,
    drop,
    zScore: z_score
  }
  return createDetection({
    detectors: { ...Object.fromEntries(off), [kind]: { ...options, ...own } },
    windowMs: minuteMs,
    timezone: 'UTC',
    currency: 'USD',
    metrics: shopMetrics,
    bands: true
  })
}

function play(kind: Kind, own: Drawn, options: object, had?: Minute['had']) {
  const detection = detectionOf(kind, own, options)
  const { scale, learned } = own
  for (let index = 0; index < learned; index += 1) detection.learn(windowOf({ scale, index }))
  return detection.judge(windowOf({ scale, index: learned, ...(had && { had }) }))
}

/** Probes at both sides of an edge; false where no value of the window would be a finding. */
function probe(kind: Kind, metric: string, edge: Edge, own: Drawn, options: object = {}): boolean {
  const band = play(kind, own, options).bands?.get(metric)?.get('all') as Band
  expect(band.state).toBe('judged')
  const at = band[edge]
  const foundAt = (value: number): readonly Finding[] => play(kind, own, options, { metric, value }).findings
  if (at === null) {
    if (edge === 'lower') expect(foundAt(0)).toEqual([])
    return false
  }
  const outwards = edge === 'lower' ? 1 - 1e-6 : 1 + 1e-6
  expect(foundAt(at * outwards).map(one => one.kind)).toEqual([kind])
  if (at > 0) expect(foundAt(edge === 'lower' ? at * 1.002 : at * 0.998)).toEqual([])
  else expect(foundAt(1)).toEqual([])
  return true
}

describe('a value beyond the edge of a band is a finding where one window is enough, and one inside is none', () => {
  test.each(cases)('%s: %s, %s', (kind, metric, edge) => {
    let reached = 0
    const options = kind === 'metric_change' ? { metrics: [metric], rise: 0.5 } : {}
    fc.assert(
      fc.property(drawn, own => {
        if (probe(kind, metric, edge, own, options)) reached += 1
      }),
      { numRuns: tries(25) }
    )
    expect(reached).toBeGreaterThan(3)
  })
})

describe('the band of a metric', () => {
  const minute = { scale: 10, index: 100 }
  const learned = (windows: number, options: Partial<DetectionOptions> = {}) => {
    const detection = createDetection({
      detectors: detectorDefaults,
      windowMs: minuteMs,
      timezone: 'UTC',
      currency: 'USD',
      bands: true,
      ...options
    })
    for (let index = 0; index < windows; index += 1) detection.learn(windowOf({ scale: 10, index }))
    return detection
  }
  const nothing = { expected: null, lower: null, upper: null }

  test('lies about what is usual, within the kinds that are nearest to it', () => {
    const bands = learned(100).judge(windowOf(minute)).bands
    const events = bands?.get('events')?.get('all')
    expect(events?.state).toBe('judged')
    expect(events?.expected).toBeCloseTo(400, -2)
    // data_loss begins at none, traffic_drop long before.
    expect(events?.lower).toBeGreaterThan(100)
    expect(events?.lower).toBeLessThan(300)
    expect(events?.upper).toBeGreaterThan(500)
    expect(bands?.get('revenue')?.get('all')).toMatchObject({ state: 'judged', upper: null })
    expect(bands?.has('orders')).toBe(false)
  })

  test('says that the baseline is still warming up, and that a window is incomplete', () => {
    const first = learned(10)
      .judge(windowOf({ scale: 10, index: 10 }))
      .bands?.get('events')
    expect(first?.get('all')).toEqual({ state: 'warming_up', ...nothing })
    const bands = learned(100).judge({ ...windowOf(minute), complete: false }).bands
    expect(bands?.get('events')?.get('all')).toEqual({ state: 'incomplete', ...nothing })
    // Late events are why a window is incomplete.
    expect(bands?.get('late_rate')?.get('all')).toMatchObject({ state: 'judged' })
  })

  test('has no edges while the calendar mutes, and wider ones where it widens', () => {
    const fromMs = windowOf(minute).start
    const entry = { name: 'Sale', fromMs, toMs: fromMs + minuteMs, factor: 3 }
    const kinds = ['traffic_drop', 'traffic_spike']
    const muted = createCalendar(() => [{ ...entry, effect: 'mute', kinds }])
    const wide = createCalendar(() => [{ ...entry, effect: 'widen' }])
    const eventsOf = (options: Partial<DetectionOptions>) =>
      learned(100, options).judge(windowOf(minute)).bands?.get('events')?.get('all')
    const usual = eventsOf({})
    // data_loss is not muted.
    expect(eventsOf({ calendar: muted })).toEqual({ ...usual, lower: 0, upper: null })
    expect(eventsOf({ calendar: wide })?.upper).toBeGreaterThan(1.1 * (usual?.upper ?? 0))
  })

  test('is not asked for where nobody wants it, and changes no verdict', () => {
    const { bands, ...verdict } = learned(100).judge(windowOf(minute))
    expect(learned(100, { bands: false }).judge(windowOf(minute))).toEqual(verdict)
    expect(bands).toBeDefined()
  })
})
