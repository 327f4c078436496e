import { describe, expect, test } from 'vitest'
import { poisson, uniformOf } from '../../../../producer/random.ts'
import type { SegmentValue } from '../../../../src/metrics/types.ts'
import { type Fed, feed, ratio } from '../feed.ts'

const kind = 'data_quality'
const quiet = { windows: 180 }

interface Shop {
  readonly seed: number
  readonly ordersAMinute: number
  /** Lines of an order, which share what is wrong with it. */
  readonly lines?: number
  readonly usual: number
  /** From the last of the quiet windows on. */
  readonly fault?: {
    readonly metric: string
    readonly type: 'purchase' | 'checkout_started' | 'add_to_cart'
    readonly share: number
  }
}

/** Minutes of a shop with as many checkouts again and five times the cart adds, of which a usual share has no price. */
function shop({ seed, ordersAMinute, lines = 1, usual, fault }: Shop) {
  const uniform = uniformOf(seed, 'faults of money')
  return (minute: number): Fed => {
    const rows = (
      [
        ['purchase', 1],
        ['checkout_started', 1.2],
        ['add_to_cart', 5]
      ] as const
    ).flatMap(([type, each]): SegmentValue[] => {
      const groups = poisson(uniform, each * ordersAMinute)
      const size = type === 'purchase' ? lines : 1
      const rowOf = (metric: string, share: number): SegmentValue => {
        const faulty = Array.from({ length: groups }, () => (uniform() < share ? 1 : 0)).filter(
          Boolean
        ).length
        return {
          metric,
          dimension: 'event_type',
          segment: `event_type=${type}`,
          ...ratio(size * faulty, size * groups),
          squares: size ** 2 * faulty
        }
      }
      const isFaulty = minute >= quiet.windows && fault?.type === type
      const isMissing = fault?.metric === 'missing_price_rate'
      const missing = rowOf('missing_price_rate', isFaulty && isMissing ? fault.share : usual)
      const other = isFaulty && !isMissing ? [rowOf(fault.metric, fault.share)] : []
      return groups > 0 ? [missing, ...other] : []
    })
    const sum = (of: (row: SegmentValue) => number) =>
      rows.filter(({ metric }) => metric === 'missing_price_rate').reduce((total, row) => total + of(row), 0)
    const faulty = sum(row => row.numerator)
    return {
      values: {
        missing_price_rate: ratio(
          faulty,
          sum(row => row.denominator)
        ),
        invalid_rate: ratio(faulty, 40 * ordersAMinute)
      },
      segments: rows
    }
  }
}

describe('a fault of money', () => {
  test('on a tenth of the purchases is found within a few minutes among all carts', () => {
    const fault = { metric: 'missing_price_rate', type: 'purchase', share: 0.1 } as const
    const delays = [1, 2, 3, 4, 5].map(seed => {
      const [first] = feed({ kind }, 215, shop({ seed, ordersAMinute: 20, usual: 0.002, fault }))
      expect(first?.details).toMatch(
        /^\d+% of purchases missing price \(\d+\/\d+\) in \d+ minutes, usually 0\.\d% \(missing_price, field price\)\./
      )
      return (first?.minute ?? Number.NaN) - quiet.windows + 1
    })
    expect(delays).toEqual([4, 4, 7, 5, 7])
  })

  test.each([
    ['missing_price_rate', 'checkout_started', 'checkouts missing price', 'missing_price', 'price'],
    [
      'invalid_price_rate',
      'add_to_cart',
      'cart adds with a price that cannot be read',
      'invalid_price',
      'price'
    ],
    ['negative_price_rate', 'purchase', 'purchases with a price below 0', 'negative_price', 'price'],
    [
      'invalid_quantity_rate',
      'purchase',
      'purchases with a quantity that is none',
      'invalid_quantity',
      'quantity'
    ],
    [
      'invalid_currency_rate',
      'checkout_started',
      'checkouts with a currency that is none, such as undefined',
      'invalid_currency',
      'currency'
    ],
    [
      'unknown_currency_rate',
      'purchase',
      'purchases in a currency without a rate',
      'unknown_currency',
      'currency'
    ]
  ] as const)('is named with its field: %s of %s', (metric, type, said, fault, field) => {
    const [first] = feed(
      { kind },
      185,
      shop({ seed: 1, ordersAMinute: 20, usual: 0.002, fault: { metric, type, share: 0.5 } })
    )
    expect(first).toMatchObject({ metric, severity: 'medium', minute: 181 })
    expect(first?.evidence).toMatchObject({ fault, field, event_type: type })
    expect(first?.details).toContain(`% of ${said} (`)
  })

  test('of purchases and checkouts is told of both', () => {
    const fault = { metric: 'missing_price_rate', type: 'purchase', share: 0.5 } as const
    const both = shop({ seed: 2, ordersAMinute: 20, usual: 0.08, fault })
    expect(feed({ kind }, 185, both)[0]?.details).toMatch(
      /^\d+% of purchases missing price \(\d+\/\d+\), \d+% of checkouts missing price \(\d+\/\d+\), \d+% of cart adds missing price/
    )
  })

  test.each([
    [1, 1, 0],
    [1, 12, 0.03],
    [5, 1, 0.01],
    [20, 25, 0.01],
    [50, 1, 0.03]
  ])(
    'is none where few events, or orders of many lines, have it by chance: %d a minute, %d lines, %d',
    (ordersAMinute, lines, usual) => {
      const only = { kind } as const
      expect(feed(only, 1_440, shop({ seed: 3, ordersAMinute, lines, usual }))).toEqual([])
    }
  )
})
