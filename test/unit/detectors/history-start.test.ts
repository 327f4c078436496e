import { describe, expect, test } from 'vitest'
import { createDetection } from '../../../detectors/detection.ts'
import type { WindowMetrics } from '../../../src/metrics/types.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { type Minute, minuteMs, startMs, usualMinute, windowOf } from './shop-windows.ts'

const options = { detectors: detectorDefaults, windowMs: minuteMs, timezone: 'UTC', currency: 'USD' }
const hour = 60
const day = 24 * hour
const silence: Minute = {
  ...usualMinute(0),
  events: 0,
  cartAdds: 0,
  carting: 0,
  checkouts: 0,
  orders: 0,
  unpriced: 0,
  invalid: 0
}
const few = (events: number) => ({ ...silence, events })

/** Minutes of a shop whose payments fail an hour and a half after it opened. */
const shop = Array.from({ length: 120 }, (_, minute) =>
  windowOf(minute, { ...usualMinute(minute), ...(minute >= 90 && minute < 100 && { orders: 0 }) })
)

/** What is found of the shop behind other windows, `quiet` ones between them, as long as the log has rows for them. */
function foundBehind(strays: readonly { readonly ago: number; readonly events: number }[]) {
  const detection = createDetection(options)
  const eventsAt = new Map(strays.map(({ ago, events }) => [-ago, events]))
  const oldest = Math.max(0, ...strays.map(({ ago }) => ago))
  const week = 7 * day
  const rows = (from: number, to: number): WindowMetrics[] =>
    Array.from({ length: to - from }, (_, at) => windowOf(from + at, few(eventsAt.get(from + at) ?? 0)))
  const before = oldest > week ? [windowOf(-oldest, few(1))] : rows(-oldest, 0)
  for (const window of before) expect(detection.judge(window).findings).toEqual([])
  return shop.map(window => detection.judge(window))
}

describe('history begins where traffic is sustained:', () => {
  const alone = foundBehind([])

  test.each([
    ['an hour', hour],
    ['six hours', 6 * hour],
    ['two days', 2 * day],
    ['thirty days', 30 * day],
    ['a year', 365 * day],
    ['1970', startMs / minuteMs]
  ])('one event %s before it changes nothing', (_, ago) => {
    expect(foundBehind([{ ago, events: 1 }])).toEqual(alone)
  })

  test.each([
    [
      'three events hours apart',
      [
        { ago: 9 * hour, events: 1 },
        { ago: 8 * hour, events: 1 },
        { ago: 5 * hour, events: 1 }
      ]
    ],
    ['an import of five hundred events', [{ ago: 3 * hour, events: 500 }]],
    ['twenty minutes of a test', Array.from({ length: 20 }, (_, at) => ({ ago: 5 * hour - at, events: 3 }))],
    [
      'an event every ten minutes',
      Array.from({ length: 25 }, (_, at) => ({ ago: 250 - 10 * at, events: 1 }))
    ],
    ['an event in the minute before', [{ ago: 1, events: 1 }]]
  ])('so do %s', (_, strays) => {
    const found = foundBehind(strays).map(({ findings }) => findings)
    expect(found.slice(60)).toEqual(alone.slice(60).map(({ findings }) => findings))
    expect(found.flat().map(({ kind }) => kind)).toContain('revenue_drop')
  })

  test('warm-up is counted from there', () => {
    const detection = createDetection(options)
    detection.judge(windowOf(-3 * hour, few(1)))
    for (const window of shop.slice(0, 10)) detection.judge(window)
    expect(detection.warmup()).toContainEqual({ kind: 'traffic_drop', windowsSeen: 10, windowsNeeded: 45 })
  })

  test('a shop that is open keeps what it learned through a night without events', () => {
    const detection = createDetection(options)
    for (const window of shop.slice(0, 60)) detection.judge(window)
    for (let minute = 60; minute < 660; minute += 1) detection.judge(windowOf(minute, silence))
    detection.judge(windowOf(660, usualMinute(660)))
    const [warmup] = detection.warmup()
    expect(warmup?.windowsSeen).toBeGreaterThanOrEqual(60)
  })

  test('a flood an hour after it is no beginning', () => {
    const detection = createDetection(options)
    for (const window of shop.slice(0, 60)) detection.judge(window)
    const flood = Array.from({ length: 10 }, (_, at) =>
      detection.judge(windowOf(60 + at, { ...usualMinute(60 + at), events: 40_000 }))
    )
    expect(flood.at(-1)?.findings).toContainEqual(
      expect.objectContaining({ kind: 'traffic_spike', severity: 'high' })
    )
  })
})

describe('the minute in which a topic begins may be cut off:', () => {
  test.each([0.05, 0.1, 0.3, 0.6])(
    'with %d of its events the shop is warm in time, and its outage found',
    part => {
      const detection = createDetection(options)
      const usual = usualMinute(0)
      const cut = Object.fromEntries(
        Object.entries(usual).map(([key, value]) => [
          key,
          typeof value === 'number' && value >= 1 ? Math.ceil(value * part) : value
        ])
      )
      const minutes = [windowOf(0, { ...usual, ...cut }), ...shop.slice(1)]
      const judged = minutes
        .slice(0, 55)
        .map(window => detection.judge(window).findings.map(({ kind }) => kind))
      expect(judged.flat()).toEqual([])
      const cold = detection
        .warmup()
        .filter(({ kind }) => ['revenue_drop', 'traffic_drop', 'traffic_spike', 'data_loss'].includes(kind))
        .filter(({ windowsSeen, windowsNeeded }) => windowsSeen < windowsNeeded)
      expect(cold).toEqual([])
      const found = minutes.slice(55).flatMap(window => detection.judge(window).findings)
      expect(found.find(({ kind }) => kind === 'revenue_drop')?.severity).toBe('critical')
    }
  )
})
