import { describe, expect, test } from 'vitest'
import { printOfText } from '../../../src/decode/id-print.ts'
import type { ShopEvent } from '../../../src/decode/types.ts'
import { faultBits } from '../../../src/decode/types.ts'
import { shopMeasures } from '../../../src/metrics/measures.ts'
import { measured, wholePlaces } from '../../../src/metrics/values.ts'
import { compile, createPartial } from '../../../src/window/accumulate.ts'
import type { Measure } from '../../../src/window/measure.ts'
import type { Partial as Share } from '../../../src/window/types.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { shopEvent } from '../../support/shop-event.ts'

const rates = new Map([
  ['EUR', 1],
  ['USD', 0.8765]
])

function shareOf(...all: readonly Partial<ShopEvent>[]): Share {
  const options = ingestOptions({ rates })
  const share = createPartial(0, options)
  const accumulate = compile(options)
  for (const fields of all) accumulate(share, shopEvent(0, fields), 0)
  return share
}

const slotOf = (name: string) => shopMeasures.findIndex(measure => measure.name === name)
const countOf = (share: Share, name: string) => share.counts[slotOf(name)]
/** A sum in units, as a window has it. */
function summed(share: Share, name: (typeof shopMeasures)[number]['name']) {
  const measure = shopMeasures.find(one => one.name === name) as Measure
  const { numerator, sampleSize, squares } = measured(measure, wholePlaces([share]), slotOf(name))
  return { amount: numerator, terms: sampleSize, squares }
}

const distinctOf = (share: Share, name: string) => share.sets[slotOf(name)]?.countWith([])

describe('the measures of the shop', () => {
  test('count events of any type, known or not', () => {
    const share = shareOf({}, { type: 'refund' }, { type: 'unknown', faults: faultBits.unknown_type })
    expect(share.records).toBe(3)
    expect(countOf(share, 'events')).toBe(3)
    expect(countOf(share, 'invalid')).toBe(1)
  })

  test('count sessions once, and events of nobody not at all', () => {
    const share = shareOf(
      { sessionId: 'a' },
      { sessionId: 'a', type: 'add_to_cart' },
      { sessionId: 'b', type: 'purchase' },
      {}
    )
    expect(distinctOf(share, 'visits')).toBe(2)
    expect(distinctOf(share, 'carting_sessions')).toBe(1)
    expect(distinctOf(share, 'purchasing_sessions')).toBe(1)
  })

  test('count orders by their id, and purchases without one as an order each', () => {
    const share = shareOf(
      { type: 'purchase', orderId: 'o1' },
      { type: 'purchase', orderId: 'o1' },
      { type: 'purchase', orderId: 'o2' },
      { type: 'purchase' },
      { type: 'purchase' },
      { type: 'refund', orderId: 'o3' }
    )
    expect(distinctOf(share, 'orders')).toBe(2)
    expect(countOf(share, 'orders')).toBe(2)
  })

  test('sum the amounts of purchases alone, with their number and squares', () => {
    const share = shareOf(
      { type: 'purchase', amount: 199_900 },
      { type: 'purchase', amount: 0 },
      { type: 'purchase' },
      { type: 'refund', amount: 50_000 },
      { type: 'add_to_cart', amount: 70_000 }
    )
    expect(summed(share, 'revenue')).toEqual({ amount: 19.99, terms: 1, squares: 399.6001 })
  })

  test('take the lines of an order together: by its id, else by session, else by time', () => {
    const line = (amount: number) => ({ productId: 'p', category: 'c', amount, quantity: 1 })
    const share = shareOf(
      { type: 'purchase', orderId: 'o1', amount: 30_000 },
      { type: 'purchase', orderId: 'o2', lines: [line(10_000), line(20_000)] },
      { type: 'purchase', orderId: 'o1', amount: 10_000 },
      { type: 'purchase', sessionId: 's1', amount: 50_000 },
      { type: 'purchase', sessionId: 's1', amount: 10_000 },
      { type: 'purchase', eventTime: 7, amount: 20_000 },
      { type: 'purchase', eventTime: 8, lines: [line(20_000), line(10_000)] }
    )
    expect(summed(share, 'revenue')).toEqual({
      amount: 18,
      terms: 5,
      squares: 4 ** 2 + 3 ** 2 + 6 ** 2 + 2 ** 2 + 3 ** 2
    })
    const [two, three, five] = [Math.log(2), Math.log(3), Math.log(5)]
    expect(summed(share, 'price_level').terms).toBe(5)
    expect(summed(share, 'price_level').amount).toBeCloseTo(three / 2 + two / 2 + five / 2 + two + two / 2, 2)
  })

  test('take the missing prices of carts, checkouts and purchases apart', () => {
    const faults = faultBits.missing_price
    const share = shareOf(
      { type: 'add_to_cart', faults },
      { type: 'checkout_started', faults },
      { type: 'purchase', faults },
      { type: 'purchase', amount: 1 },
      { type: 'product_view' }
    )
    expect(countOf(share, 'missing_price of add_to_cart')).toBe(1)
    expect(countOf(share, 'missing_price of checkout_started')).toBe(1)
    expect(countOf(share, 'missing_price of purchase')).toBe(1)
    expect(countOf(share, 'purchases')).toBe(2)
    expect(countOf(share, 'checkouts_started')).toBe(1)
    expect(countOf(share, 'cart_adds')).toBe(1)
  })
})

describe('several currencies', () => {
  test('one with a rate is turned into the own, event by event, in whole ten-thousandths', () => {
    const share = shareOf(
      { type: 'purchase', currency: 'USD', amount: 1 },
      { type: 'purchase', currency: 'USD', amount: 1 },
      { type: 'purchase', currency: 'USD', amount: 100_000 }
    )
    expect(countOf(share, 'revenue')).toBe(1 + 1 + 87_650)
    expect(share.foreign.size).toBe(0)
  })

  test('one without a rate is kept apart and never mixed', () => {
    const share = shareOf(
      { type: 'purchase', currency: 'GBP', amount: 20_000 },
      { type: 'purchase', currency: 'GBP', amount: 30_000 },
      { type: 'purchase', currency: 'SEK', amount: 5 },
      { type: 'purchase', amount: 70_000 }
    )
    expect(countOf(share, 'revenue')).toBe(70_000)
    expect([...share.foreign]).toEqual([
      ['GBP', { amount: 50_000, terms: 2, squares: 200 ** 2 + 300 ** 2 }],
      ['SEK', { amount: 5, terms: 1, squares: 0 }]
    ])
  })

  test('beyond twenty names the rest are summed together', () => {
    const names = Array.from({ length: 25 }, (_, index) => `X${String.fromCharCode(65 + index)}X`)
    const share = shareOf(...names.map(currency => ({ type: 'purchase' as const, currency, amount: 10_000 })))
    expect(share.foreign.size).toBe(21)
    expect(share.foreign.get('various')).toMatchObject({ amount: 50_000, terms: 5 })
  })
})

describe("measures of one's own", () => {
  test('a distinct without the field counts nothing unless it says so', () => {
    const measures: Measure[] = [
      { name: 'countries', kind: 'distinct', types: 'every', printOf: ({ country }) => printOfText(country) },
      {
        name: 'devices',
        kind: 'distinct',
        types: 'every',
        printOf: ({ device }) => printOfText(device),
        countAbsent: true
      }
    ]
    const options = ingestOptions({ measures, rates })
    const share = createPartial(60_000, options)
    const accumulate = compile(options)
    for (const country of ['DE', 'DE', undefined]) accumulate(share, shopEvent(60_000, { country }), 60_000)
    expect(share.start).toBe(60_000)
    expect([share.sets[0]?.countWith([]), share.counts[0]]).toEqual([1, 0])
    expect([share.sets[1], share.counts[1]]).toEqual([undefined, 3])
  })
})
