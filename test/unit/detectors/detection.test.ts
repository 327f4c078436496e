import { describe, expect, test } from 'vitest'
import { createDetection } from '../../../detectors/detection.ts'
import type { Verdict } from '../../../detectors/types.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { type Minute, minuteMs, silence, startMs, usualMinute, windowOf } from './shop-windows.ts'

const options = { detectors: detectorDefaults, windowMs: minuteMs, timezone: 'UTC', currency: 'USD' }

type Change = (minute: Minute, index: number) => Partial<Minute>

/** Feeds usual minutes, changed from `from` to before `to`; gives the verdict of each minute. */
function run(
  minutes: number,
  from: number,
  to: number,
  change: Change,
  detection = createDetection(options)
) {
  const verdicts: Verdict[] = []
  for (let index = 0; index < minutes; index += 1) {
    const usual = usualMinute(index)
    const changed = index >= from && index < to ? { ...usual, ...change(usual, index) } : usual
    verdicts.push(detection.judge(windowOf(index, changed)))
  }
  return verdicts
}

const kindsOf = (verdict: Verdict | undefined) => verdict?.findings.map(({ kind }) => kind)
const found = (verdicts: readonly Verdict[], kind: string) =>
  verdicts.flatMap(({ findings }) => findings.filter(finding => finding.kind === kind))
const nothing = () => ({})

describe('detection', () => {
  test('steady hours raise nothing', () => {
    expect(run(600, 0, 0, nothing).flatMap(({ findings }) => findings)).toEqual([])
  })

  test('a total payment outage is found by its second whole window, with words for people', () => {
    const verdicts = run(62, 60, 62, () => ({ orders: 0 }))
    expect(kindsOf(verdicts[60])).toEqual([])
    const finding = verdicts[61]?.findings.find(({ kind }) => kind === 'revenue_drop')
    expect(finding).toMatchObject({
      metric: 'revenue',
      segment: 'all',
      severity: 'critical',
      value: 0,
      windowStart: startMs + 60 * minuteMs,
      windowEnd: startMs + 62 * minuteMs
    })
    expect(finding?.details).toMatch(
      /^Revenue dropped by 100% from baseline \(\$2,\d{3} → \$0 in 2 minutes\)\. Possible payment system failure\.$/
    )
    expect(finding?.evidence).toMatchObject({ baseline: 'rolling', span_windows: 2, sample_size: 0 })
    const failure = verdicts[61]?.findings.find(({ kind }) => kind === 'checkout_failure')
    expect(failure?.evidence['sample_size']).toBeGreaterThan(20)
  })

  test('one odd window raises nothing', () => {
    const drop = run(90, 60, 61, () => ({ orders: 0 }))
    const spike = run(90, 60, 61, ({ events }) => ({ events: events * 30 }))
    expect([...drop, ...spike].flatMap(({ findings }) => findings)).toEqual([])
  })

  test('one empty window is data loss', () => {
    const verdicts = run(62, 60, 61, () => silence)
    const loss = found(verdicts, 'data_loss')
    expect(loss).toHaveLength(1)
    expect(loss[0]).toMatchObject({ severity: 'critical', value: 0, windowStart: startMs + 60 * minuteMs })
    expect(loss[0]?.details).toMatch(/^No event in 1 minute where 8\d\d were expected\./)
  })

  test('a flood without orders is high, a rise with them is low', () => {
    const flood = found(
      run(80, 60, 80, ({ events }) => ({ events: events * 2 })),
      'traffic_spike'
    )
    expect(flood[0]?.windowEnd).toBe(startMs + 63 * minuteMs)
    expect(new Set(flood.map(({ severity }) => severity))).toEqual(new Set(['high']))
    const sale = run(80, 60, 80, minute => ({
      events: minute.events * 2,
      cartAdds: minute.cartAdds * 2,
      carting: minute.carting * 2,
      checkouts: minute.checkouts * 2,
      orders: minute.orders * 2
    })).flatMap(({ findings }) => findings)
    expect(sale.length).toBeGreaterThan(0)
    expect(new Set(sale.map(({ kind, severity }) => `${kind} ${severity}`))).toEqual(
      new Set(['traffic_spike low'])
    )
  })

  test('less traffic is high, and critical from four fifths on', () => {
    const shrunk = (share: number) =>
      found(
        run(70, 60, 70, minute => ({ ...minute, events: Math.round(minute.events * share) })),
        'traffic_drop'
      ).at(-1)
    expect(shrunk(0.4)?.severity).toBe('high')
    expect(shrunk(0.1)?.severity).toBe('critical')
    expect(shrunk(0.4)?.details).toMatch(/^Traffic dropped by 61% from baseline/)
  })

  test('carts that are left are told with their rates', () => {
    const finding = found(
      run(70, 60, 70, () => ({ orders: 5 })),
      'cart_abandonment_spike'
    )[0]
    expect(finding?.severity).toBe('high')
    expect(finding?.value).toBeGreaterThan(0.85)
    expect(finding?.expected).toBeCloseTo(0.65, 1)
  })

  test('missing prices and invalid events are a matter of data quality', () => {
    const missing = found(
      run(64, 60, 64, () => ({ unpriced: 30 })),
      'data_quality'
    )[0]
    expect(missing).toMatchObject({ metric: 'missing_price_rate', severity: 'medium' })
    expect(missing?.details).toMatch(
      /^2\d% of purchases missing price \(\d+\/\d+\), 2\d% of checkouts missing price \(\d+\/\d+\), 2\d% of cart adds missing price \(\d+\/\d+\) in \d minutes, usually 0\.\d% \(missing_price, field price\)\. Possible fault/
    )
    const invalid = found(
      run(64, 60, 64, () => ({ invalid: 90 })),
      'data_quality'
    )[0]
    expect(invalid).toMatchObject({ metric: 'invalid_rate', severity: 'medium' })
  })

  test('a currency that is lost is named with its field, where it is and as the cause of a drop', () => {
    const windows = run(66, 60, 66, ({ orders }) => ({ currencyless: Math.round(orders * 0.8) }))
    const [quality] = found(windows, 'data_quality')
    expect(quality).toMatchObject({ metric: 'invalid_currency_rate', severity: 'medium' })
    expect(quality?.details).toMatch(
      /^8\d% of purchases with a currency that is none, such as undefined \(\d+\/\d+\) in \d minutes, usually 0\.\d% \(invalid_currency, field currency\)\./
    )
    expect(found(windows, 'revenue_drop')[0]?.details).toMatch(
      /Orders still come in, but 8\d% of purchases have a currency that is none, such as undefined \(invalid_currency, field currency\)\.$/
    )
  })

  test('prices of another order are found both ways', () => {
    const low = run(66, 60, 66, ({ orderValue }) => ({ orderValue: orderValue / 10 }))
    expect(found(low, 'revenue_drop')[0]?.details).toMatch(
      /Orders still come in: possible wrong or missing prices\.$/
    )
    const high = found(
      run(66, 60, 66, ({ orderValue }) => ({ orderValue: orderValue * 10 })),
      'data_quality'
    )[0]
    expect(high?.details).toMatch(
      /^Purchases are worth \$\d{3} in the mean of \d+ in \d+ minutes, usually \$5\d/
    )
  })

  test('the end of an incident raises nothing, for it was not learned from', () => {
    for (const change of [
      (): Partial<Minute> => ({ orders: 1 }),
      ({ events }: Minute): Partial<Minute> => ({ events: events * 2 }),
      (): Partial<Minute> => silence
    ]) {
      const verdicts = run(160, 60, 85, change)
      expect(verdicts.slice(60, 85).some(({ findings }) => findings.length > 0)).toBe(true)
      expect(verdicts.slice(100).flatMap(({ findings }) => findings)).toEqual([])
    }
  })

  test('what a sale leaves behind is no drop, and an outage behind it is one', () => {
    // It grows by the minute, so that a part of it is learned before it is told of.
    const sale = ({ events, orders, cartAdds, carting, checkouts }: Minute, minute: number) => {
      const rise = Math.min(2.2, 1 + (minute - 90) / 20)
      const times = (number: number) => Math.round(number * rise)
      return {
        events: times(events),
        orders: times(orders),
        cartAdds: times(cartAdds),
        carting: times(carting),
        checkouts: times(checkouts)
      }
    }
    const over = run(220, 90, 125, sale)
    expect(found(over, 'traffic_spike').every(({ severity }) => severity === 'low')).toBe(true)
    expect(found(over, 'traffic_spike').length).toBeGreaterThan(0)
    expect([...found(over, 'revenue_drop'), ...found(over, 'traffic_drop')]).toEqual([])

    const outage = run(220, 90, 150, (usual, minute) => (minute < 125 ? sale(usual, minute) : { orders: 0 }))
    expect(kindsOf(outage[127])).toContain('revenue_drop')
  })

  test('a new level becomes normal', () => {
    const verdicts = run(900, 60, 900, minute => ({
      events: Math.round(minute.events / 3),
      cartAdds: Math.round(minute.cartAdds / 3),
      carting: Math.round(minute.carting / 3),
      checkouts: Math.round(minute.checkouts / 3),
      orders: Math.round(minute.orders / 3)
    }))
    expect(found(verdicts.slice(60, 70), 'traffic_drop').length).toBeGreaterThan(0)
    expect(verdicts.slice(600).flatMap(({ findings }) => findings)).toEqual([])
  })

  test('an incomplete window is neither judged nor learned from', () => {
    const detection = createDetection(options)
    run(60, 0, 0, nothing, detection)
    for (let index = 60; index < 90; index += 1) {
      expect(detection.judge(windowOf(index, silence, false))).toMatchObject({ findings: [], judged: [] })
    }
    const after = Array.from({ length: 30 }, (_, i) => detection.judge(windowOf(90 + i, usualMinute(90 + i))))
    expect(after.flatMap(({ findings }) => findings)).toEqual([])
  })

  test('windows that were never fed are a gap in time, not the window before', () => {
    const detection = createDetection(options)
    run(60, 0, 0, nothing, detection)
    const outage = (index: number) => detection.judge(windowOf(index, { ...usualMinute(index), orders: 0 }))
    expect(kindsOf(outage(60))).toEqual([])
    expect(kindsOf(outage(180))).toEqual([])
    expect(kindsOf(outage(181))).toContain('checkout_failure')
  })

  test('learning and judging leave the same behind, and a window is taken once', () => {
    const judged = createDetection(options)
    const learned = createDetection(options)
    for (let index = 0; index < 200; index += 1) {
      const minute = index > 120 && index < 140 ? { ...usualMinute(index), orders: 2 } : usualMinute(index)
      judged.judge(windowOf(index, minute))
      learned.learn(windowOf(index, minute))
    }
    expect(learned.judge(windowOf(199, silence)).judged).toEqual([])
    for (let index = 200; index < 203; index += 1) {
      expect(learned.judge(windowOf(index, silence))).toEqual(judged.judge(windowOf(index, silence)))
    }
  })

  test('a first night of few visits that falls silent raises nothing', () => {
    const detection = createDetection(options)
    const seen = [
      [6, 6, 3, 6, 1, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 14, 8, 6, 4, 2],
      [0, 0, 0, 0, 7, 2, 1, 0, 0, 0],
      [],
      [0, 0, 0, 0, 0, 0, 2, 2, 0, 0],
      [0, 0, 0, 0, 0, 4, 3, 3, 5, 3],
      [5, 4, 3, 5, 4, 4, 4, 3, 0, 0],
      [2, 2, 1, 2, 0, 5, 3, 2, 0, 0]
    ]
    const verdicts = Array.from({ length: 200 }, (_, index) => {
      const events = seen[Math.floor(index / 10)]?.[index % 10] ?? 0
      return detection.judge(windowOf(index, { ...silence, events }))
    })
    expect(verdicts.flatMap(({ findings }) => findings)).toEqual([])
  })

  test('nothing is judged before it is warm, and how far it has come is told', () => {
    const detection = createDetection(options)
    const verdicts = run(45, 0, 0, nothing, detection)
    expect(verdicts.every(({ judged }) => judged.length === 0)).toBe(true)
    expect(detection.warmup()).toContainEqual({ kind: 'revenue_drop', windowsSeen: 45, windowsNeeded: 45 })
    expect(detection.judge(windowOf(45, usualMinute(45))).judged).toEqual([
      'revenue_drop',
      'traffic_spike',
      'traffic_drop',
      'cart_abandonment_spike',
      'checkout_failure',
      'data_quality',
      'schema_drift',
      'data_loss',
      'metric_drift'
    ])
  })

  test('a detector that is switched off does not speak', () => {
    const { data_loss, ...others } = detectorDefaults
    const quiet = { ...options, detectors: { ...others, data_loss: { ...data_loss, enabled: false } } }
    const verdicts = run(62, 60, 62, () => silence, createDetection(quiet))
    expect(found(verdicts, 'data_loss')).toEqual([])
    expect(verdicts[61]?.judged).not.toContain('data_loss')
  })

  test('from the second day on the same time of day is the baseline', () => {
    const curve = (index: number) => 1 + 0.6 * Math.sin((index / 1_440) * 2 * Math.PI)
    const daily: Change = (minute, index) =>
      Object.fromEntries(
        Object.entries(minute).map(([name, value]) => [
          name,
          name === 'orderValue' ? value : Math.round(value * curve(index))
        ])
      )
    const verdicts = run(1_800, 0, 1_740, daily)
    expect(verdicts.slice(0, 1_740).flatMap(({ findings }) => findings)).toEqual([])
    const outage = run(1_803, 0, 1_803, (minute, index) =>
      index < 1_800 ? daily(minute, index) : { ...daily(minute, index), orders: 0 }
    )
    expect(found(outage, 'revenue_drop')[0]?.evidence).toMatchObject({ baseline: 'time_of_day' })
  })
})
