import { describe, expect, test } from 'vitest'
import { around, count, feed, ratio } from '../feed.ts'

describe('a refund spike', () => {
  /** 20 orders a minute, of which 15 in 1,000 are refunded. */
  const shop =
    (refunds: number, orders = 20) =>
    (minute: number) => {
      const refunded = around(minute < 200 ? 0.3 : refunds, minute, 'refunds')
      return {
        values: {
          refunds: count(refunded),
          refund_rate: ratio(refunded, around(minute < 200 ? 20 : orders, minute, 'orders'))
        }
      }
    }
  const found = (refunds: number, orders?: number) =>
    feed({ kind: 'refund_spike' }, 230, shop(refunds, orders))[0]

  test('is medium, and high from eight times the usual on', () => {
    expect(found(2.5)).toMatchObject({ metric: 'refund_rate', severity: 'medium' })
    expect(found(8)).toMatchObject({ severity: 'high', minute: 202 })
    expect(found(8)?.details).toMatch(
      /^Refunds rose to 38% of the orders, usually 2\.\d% \(\d\d refunds for \d\d orders in \d minutes\)\./
    )
  })

  describe('in five-minute windows over two weeks', () => {
    const day = 288
    /** 100 orders a window; on the ninth day five times as many, of which more come back. */
    const ordersAt = (window: number) => (Math.floor(window / day) === 8 ? 500 : 100)
    const refundsAt = (window: number) => {
      const daysAgo = [1, 2, 3].map(days => (window < days * day ? 100 : ordersAt(window - days * day)))
      return daysAgo.reduce((sum, orders) => sum + 0.02 * orders * (orders > 100 ? 1.5 : 1), 0)
    }
    const weeks = (windows: number, more: (window: number) => number) =>
      feed({ kind: 'refund_spike', windowMs: 5 * 60_000 }, windows, window => {
        const refunded = around(refundsAt(window) + more(window), window, 'refunds')
        return {
          values: {
            orders: count(around(ordersAt(window), window, 'orders')),
            refunds: count(refunded),
            refund_rate: ratio(refunded, around(ordersAt(window), window, 'orders'))
          }
        }
      })

    test('is none of the refunds that follow a promotion', () => {
      expect(weeks(13 * day, () => 0)).toEqual([])
    })

    test('is found of a script that refunds a quarter of what is ordered, at usual orders', () => {
      expect(weeks(6 * day, window => (window >= 5 * day + 100 ? 25 : 0))[0]).toMatchObject({
        minute: 5 * day + 101,
        severity: 'medium'
      })
    })

    test('is found of one that refunds all orders two days after a promotion', () => {
      expect(weeks(11 * day, window => (window >= 10 * day + 100 ? 100 : 0))[0]).toMatchObject({
        minute: 10 * day + 101
      })
    })
  })

  test('is none where the orders stop and the refunds go on', () => {
    expect(found(0.3, 1)).toBeUndefined()
  })
})

describe.each([
  ['duplicate_spike', 'duplicate_rate', /^2\d% of 1,\d{3} events in 2 minutes came before, usually 0\.\d%\./],
  ['late_spike', 'late_rate', /came late, usually 0\.\d%\. The windows they belong to lack them\./]
] as const)('a %s', (kind, metric, details) => {
  const events = (share: number) => (minute: number) => {
    const all = around(800, minute, 'events')
    return {
      values: { [metric]: ratio(around((minute < 120 ? 0.002 : share) * all, minute, 'faults'), all) }
    }
  }

  test('is found in its second window, and is medium', () => {
    const [first] = feed({ kind }, 125, events(0.25))
    expect(first).toMatchObject({ metric, severity: 'medium', minute: 121, span: 2 })
    expect(first?.details).toMatch(details)
  })

  test('is none below its bound, nor where the share was always that high', () => {
    expect(feed({ kind }, 180, events(0.03))).toEqual([])
    const always = (minute: number) => ({ values: { [metric]: ratio(around(80, minute, 'faults'), 800) } })
    expect(feed({ kind }, 180, always)).toEqual([])
  })

  test('is none of a share that is always nothing, or everything, or not there', () => {
    expect(feed({ kind }, 180, () => ({ values: { [metric]: ratio(0, 800) } }))).toEqual([])
    expect(feed({ kind }, 180, () => ({ values: { [metric]: ratio(800, 800) } }))).toEqual([])
    expect(feed({ kind }, 180, () => ({ values: { [metric]: ratio(0, 0) } }))).toEqual([])
    expect(feed({ kind }, 180, () => ({}))).toEqual([])
  })
})
