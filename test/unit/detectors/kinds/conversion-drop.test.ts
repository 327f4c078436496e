import { describe, expect, test } from 'vitest'
import { createDetection } from '../../../../detectors/detection.ts'
import type { SegmentValue } from '../../../../src/metrics/types.ts'
import { detectorDefaults } from '../../../support/detector-defaults.ts'
import { around, count, feed, ratio } from '../feed.ts'

type Change = (minute: number) => { visits?: number; buyers?: number }

/** 700 visits a minute, of which 28 in 1,000 buy; from minute `from` on what `change` makes of both. */
const shop =
  (change: Change, from = 300) =>
  (minute: number) => {
    const { visits = 1, buyers = 1 } = minute < from ? {} : change(minute - from)
    const visiting = around(700 * visits, minute, 'visits')
    const buying = around(20 * buyers, minute, 'buyers')
    return {
      values: { conversion_rate: ratio(buying, visiting), purchasing_sessions: count(buying) }
    }
  }

const kind = 'conversion_drop'

describe('a conversion drop', () => {
  test('is found within minutes where the rate halves, and is high once more than 40 % are certain', () => {
    const found = feed(
      { kind },
      310,
      shop(() => ({ buyers: 0.5 }))
    )
    expect(found[0]).toMatchObject({ metric: 'conversion_rate', severity: 'medium', minute: 305, span: 10 })
    expect(found.at(-1)).toMatchObject({ severity: 'high' })
    expect(found[0]?.details).toMatch(
      /^Conversion dropped by 40% from baseline \(2\.\d% → 1\.\d% of [67],\d{3} visits in 10 minutes\)\./
    )
  })

  test('is critical where nobody buys', () => {
    expect(
      feed(
        { kind },
        303,
        shop(() => ({ buyers: 0 }))
      )[0]
    ).toMatchObject({ severity: 'critical', value: 0 })
  })

  test('is found of a slow leak of 40 % over three hours', () => {
    const found = feed(
      { kind },
      900,
      shop(minute => ({ buyers: 1 - (0.4 * minute) / 180 }), 720)
    )
    expect(found[0]).toMatchObject({ severity: 'medium', minute: 825 })
  })

  test('is none where bots visit and as many buy as before', () => {
    expect(
      feed(
        { kind },
        420,
        shop(() => ({ visits: 3 }))
      )
    ).toEqual([])
  })

  test('is not told of once the rate is back', () => {
    const found = feed(
      { kind },
      700,
      shop(minute => ({ buyers: minute < 90 ? 0.4 : 1 }))
    )
    expect(Math.max(...found.map(({ minute }) => minute - 390))).toBeLessThan(10)
  })

  test('that is over is no leak with the mild hour after it', () => {
    const found = feed(
      { kind },
      420,
      shop(minute => ({ buyers: minute < 30 ? 0 : minute < 60 ? 0.85 : minute < 75 ? 0.78 : 1 }))
    )
    expect(Math.max(...found.map(({ minute }) => minute))).toBe(340)
  })

  test('is none in ten steady hours', () => {
    expect(
      feed(
        { kind },
        600,
        shop(() => ({}))
      )
    ).toEqual([])
  })
})

describe('a conversion drop in a flood of visits', () => {
  /** The kinds that are found at 40 visits and 2 buyers a minute, where twice as many visits come from then on. */
  function found(buyersAt: (since: number) => number): Set<string> {
    const detection = createDetection({
      detectors: detectorDefaults,
      windowMs: 60_000,
      timezone: 'UTC',
      currency: 'USD'
    })
    const start = Date.UTC(2026, 8, 7, 10)
    return new Set(
      Array.from({ length: 340 }, (_, minute) => {
        const visits = around(minute < 300 ? 40 : 80, minute, 'visits')
        const buyers = minute < 300 ? around(2, minute, 'buyers') : buyersAt(minute - 300)
        return detection.judge({
          start: start + minute * 60_000,
          end: start + (minute + 1) * 60_000,
          complete: true,
          records: 4 * visits,
          segments: [],
          values: new Map([
            ['events', count(4 * visits)],
            ['visits', count(visits)],
            ['conversion_rate', ratio(buyers, visits)],
            ['purchasing_sessions', count(buyers)]
          ])
        })
      }).flatMap(({ findings }) => findings.map(({ kind }) => kind))
    )
  }

  test('is none where fewer buy by chance for a while', () => {
    const kinds = found(since => (since < 10 || since >= 30 ? 2 : since % 4 === 3 ? 0 : 1))
    expect(kinds).toContain('traffic_spike')
    expect(kinds).not.toContain('conversion_drop')
  })

  test('is one where nobody buys any more', () => {
    expect(found(since => (since < 10 ? 2 : 0))).toContain('conversion_drop')
  })
})

describe('a conversion that comes back', () => {
  /** A day as usual, then a promotion of 14 hours with half again as many buyers; after it `left` of the usual ones. */
  const promotion = (left: number) => (minute: number) =>
    minute < 840 ? { visits: 1.9, buyers: 1.9 * 1.5 } : { buyers: left }

  test('to its usual level of the hour after a promotion is no drop', () => {
    expect(feed({ kind }, 1_900, shop(promotion(1), 800))).toEqual([])
  })

  test('to half of the usual level after a promotion is one', () => {
    expect(
      feed(
        { kind },
        2_880 + 30,
        shop(minute => (minute < 840 ? promotion(1)(minute) : { buyers: minute < 2_080 ? 1 : 0.4 }), 800)
      )[0]
    ).toMatchObject({
      severity: 'high',
      minute: 2_886
    })
  })
})

describe('a rate that falls every night', () => {
  const hour = 12
  const outage = (3 * 24 + 15) * hour
  /** 1,750 visits in five minutes, of which in the hours after midnight half as many buy as by day. */
  const nights = (window: number) => {
    const time = (10 + window / hour) % 24
    const byNight = time < 4 ? Math.max(0.5, 1 - time / 4) : Math.min(1, 0.5 + (time - 4) / 8)
    const visiting = around(1_750, window, 'visits')
    const buying = around(45 * byNight * (window >= outage ? 0.1 : 1), window, 'buyers')
    return { values: { conversion_rate: ratio(buying, visiting), purchasing_sessions: count(buying) } }
  }

  test('is no drop, and hides no outage', () => {
    const found = feed({ kind, windowMs: 5 * 60_000 }, outage + 5, nights)
    // The windows of what was found in the first nights are not learned from at first.
    expect(found.find(({ minute }) => minute > 2 * 24 * hour)).toMatchObject({ minute: outage + 1 })
  })
})

describe('a mix of countries that shifts', () => {
  /** Of 700 visits a minute, from minute 300 to 660 ever fewer are of the country that buys five times as often. */
  const night = (buying: (minute: number) => number) => (minute: number) => {
    const share = 0.6 - 0.4 * Math.min(1, Math.max(0, (minute - 300) / 360))
    const countries = [
      ['FR', share, 0.05],
      ['DE', 1 - share, 0.01]
    ] as const
    const segments = countries.flatMap(([country, part, rate]): SegmentValue[] => {
      const row = { dimension: 'country', segment: `country=${country}` as const }
      return [
        { ...row, metric: 'events', ...count(around(4 * 700 * part, minute, country)) },
        {
          ...row,
          metric: 'orders',
          ...count(around(700 * part * rate * buying(minute), minute, `${country} orders`))
        }
      ]
    })
    const buyers = segments.reduce(
      (sum, { metric, numerator }) => (metric === 'orders' ? sum + numerator : sum),
      0
    )
    return {
      values: {
        conversion_rate: ratio(buyers, around(700, minute, 'visits')),
        purchasing_sessions: count(buyers)
      },
      segments
    }
  }

  test('is no drop where each country buys as before', () => {
    expect(
      feed(
        { kind },
        900,
        night(() => 1)
      )
    ).toEqual([])
  })

  test('hides no outage', () => {
    const [first] = feed(
      { kind },
      620,
      night(minute => (minute < 560 ? 1 : 0.3))
    )
    expect(first).toMatchObject({ severity: 'high', minute: 562 })
  })
})

describe('a leak of hours', () => {
  const fiveMinutes = 300_000
  const day = 288
  /** Nine days of a rate that halves at night; on the tenth it falls to 60 % from 10 o'clock to 16. */
  const leaking = (atEnd: number, visitsAtEnd = 1) =>
    feed({ kind, windowMs: fiveMinutes }, 9.5 * day, window => {
      // The stream begins at 10 o'clock.
      const hours = (10 + window / 12) % 24
      const part = Math.min(1, Math.max(0, (window - 9 * day) / 72))
      const visiting = around(2_000 * (1 + part * (visitsAtEnd - 1)), window, 'visits')
      const rate = 0.03 * (1 + 0.3 * Math.cos((2 * Math.PI * (hours - 14)) / 24))
      const buying = around(2_000 * rate * (1 + part * (atEnd - 1)), window, 'buyers')
      return { values: { conversion_rate: ratio(buying, visiting), purchasing_sessions: count(buying) } }
    }).filter(({ minute }) => minute >= day)

  test('is found within its six hours, against the same hours of the days before', () => {
    const found = leaking(0.6).find(({ evidence }) => evidence['baseline'] === 'same_hours')
    expect(found).toMatchObject({ severity: 'medium', evidence: { days: 6 } })
    expect(found?.minute).toBeGreaterThan(9 * day + 24)
    expect(found?.minute).toBeLessThan(9 * day + 72)
    expect(found?.details).toMatch(
      /^Conversion of the last \d hours is 2\d% below the same hours of 6 days \([34]\.\d% → [23]\.\d% of \d\d,\d{3} visits\)\./
    )
  })

  test('is none of a rate that follows the hours, nor of more visits', () => {
    expect(leaking(1)).toEqual([])
    expect(leaking(1, 1.6).filter(({ evidence }) => evidence['baseline'] === 'same_hours')).toEqual([])
  })
})
