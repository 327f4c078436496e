import { describe, expect, test } from 'vitest'
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
  test('is found within minutes where the rate halves, and is high', () => {
    const found = feed(
      { kind },
      310,
      shop(() => ({ buyers: 0.5 }))
    )
    expect(found[0]).toMatchObject({ metric: 'conversion_rate', severity: 'high', minute: 305, span: 10 })
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
    expect(found[0]).toMatchObject({ severity: 'high', minute: 821 })
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
