import { describe, expect, test } from 'vitest'
import { createSeriesRegistry } from '../../../../detectors/baseline/series-registry.ts'
import { noFindings } from '../../../../detectors/earlier-findings.ts'
import { trafficDrop } from '../../../../detectors/kinds/traffic-drop.ts'
import { trafficSpike } from '../../../../detectors/kinds/traffic-spike.ts'
import { createWords } from '../../../../detectors/rules/format.ts'
import { uniformOf } from '../../../../producer/random.ts'
import { detectorDefaults } from '../../../support/detector-defaults.ts'
import { around, count, feed, ratio } from '../feed.ts'

const minuteMs = 60_000
const words = createWords('USD', minuteMs)
/** These detectors look at their series alone. */
const noWindow = { start: 0, end: minuteMs, complete: true, records: 0, values: new Map(), segments: [] }

interface Minute {
  readonly events: number
  readonly visits: number
}

/** `day` minutes of 60 events of 20 visits, then `night` minutes with a visit of three events in one of ten. */
function shopAtNight(day: number, night: number) {
  const { traffic_spike: spike, traffic_drop: drop } = detectorDefaults
  const shop = createSeriesRegistry({ baseline: detectorDefaults.baseline, windowMs: minuteMs })
  const series = shop.over(spike.spans)
  const allEvents = series.count('events')
  const furtherVisits = series.further('visits')
  const uniform = uniformOf(1, 'night')
  const detectors = [trafficSpike.create?.(series, spike, shop), trafficDrop.create?.(series, drop, shop)]
  let window = 0
  const enter = ({ events, visits }: Minute) => {
    const at = { window, localMs: window * minuteMs }
    allEvents.enter(at, { count: events, exposure: 1 })
    furtherVisits.enter(at, { count: Math.max(0, visits - 1), exposure: 1 })
    window += 1
  }
  for (let i = 0; i < day + night; i += 1) {
    const visits = uniform() < 0.1 ? 1 : 0
    enter(i < day ? { events: 60, visits: 20 } : { events: 3 * visits, visits })
    allEvents.train()
    furtherVisits.train()
  }
  /** What is told at the last of `minutes` such minutes. */
  return (minutes: number, minute: Minute) => {
    for (let i = 0; i < minutes; i += 1) enter(minute)
    return detectors.flatMap(detector => detector?.judge(words, noFindings, noWindow) ?? [])
  }
}

describe('traffic in a quiet night', () => {
  test('one crawler is no flood', () => {
    expect(shopAtNight(600, 600)(15, { events: 5, visits: 1 })).toEqual([])
  })

  test('as many events of many visits are one', () => {
    expect(shopAtNight(600, 600)(15, { events: 5, visits: 5 })).toHaveLength(1)
  })

  test('one visitor of more events than are few for the shop is one', () => {
    expect(shopAtNight(600, 600)(5, { events: 40, visits: 1 })).toMatchObject([
      { metric: 'events', value: 120, severity: 'low' }
    ])
  })
})

describe('a stream of orders', () => {
  const found = (purchaseShare: number) =>
    feed({ kind: 'traffic_drop' }, 210, minute => {
      const events = around(minute < 200 ? 60 : 10, minute, 'events')
      const purchases = Math.round(purchaseShare * events)
      const row = {
        metric: 'missing_price_rate',
        dimension: 'event_type',
        segment: 'event_type=purchase' as const
      }
      return { values: { events: count(events) }, segments: [{ ...row, ...ratio(0, purchases) }] }
    })

  test('alone has no traffic that drops beside the revenue', () => {
    expect(found(1)).toEqual([])
  })

  test('with page views beside them has', () => {
    expect(found(0.5)[0]).toMatchObject({ kind: 'traffic_drop', minute: 201 })
  })
})
