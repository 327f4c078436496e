import { describe, expect, test } from 'vitest'
import { createShopCurrency } from '../../../src/decode/currency/shop-currency.ts'
import { createDecode } from '../../../src/decode/decode.ts'
import { noCurrency } from '../../../src/decode/fields.ts'
import { createHeldLines } from '../../../src/run/held-lines.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { createLivePipeline, startOf } from '../../support/live-pipeline.ts'

const learning = () => createShopCurrency({ currency: undefined, rates: {} })

const purchase = (at: number, currency?: string) =>
  JSON.stringify({ event_type: 'purchase', event_time: at, price: 5, ...(currency && { currency }) })

/** So many purchases of a minute. */
const purchases = (minute: number, count: number, currency?: string) =>
  Array.from({ length: count }, (_, at) => {
    const time = epoch + minute * minuteMs + at * 1_000
    return { recordTime: time, value: purchase(time, currency) }
  })

describe('a live instance whose currency is not configured', () => {
  test('counts nothing before it is learned, and then everything from the first record on', async () => {
    const shop = learning()
    const pipeline = createLivePipeline({ shop })
    await pipeline.start()
    pipeline.source.read('t/0', purchases(0, 12, 'CHF'))
    await pipeline.pass(20_000)
    expect(pipeline.live.state().currency).toEqual({
      isKnown: false,
      sentence:
        'the currency is learned from the first 20 to 200 purchases, 12 so far: set currency to begin at once'
    })
    pipeline.source.read('t/0', purchases(1, 8, 'CHF'))
    expect(pipeline.live.progress()?.partitions[0]?.position).toBe(0)
    await pipeline.pass(minuteMs)
    expect([shop.code(), [...shop.rates], pipeline.source.seeks]).toEqual(['CHF', [['CHF', 1]], 1])
    expect(pipeline.live.state().currency?.sentence).toBe(
      'revenue is in CHF: all of the first 20 purchases; set currency to choose another'
    )
    // Read again, as the source does from the position on.
    pipeline.source.read('t/0', [...purchases(0, 12, 'CHF'), ...purchases(1, 8, 'CHF'), ...purchases(2, 20)])
    await pipeline.settle()
    expect(pipeline.stored()).toEqual([
      [0, 12],
      [1, 8]
    ])
  })

  test('takes what an earlier run has learned, and another instance', async () => {
    const first = createLivePipeline({ shop: learning() })
    await first.start()
    first.source.read('t/0', purchases(0, 20, 'SEK'))
    await first.pass(61_000)
    const shop = learning()
    const next = createLivePipeline({ shop, store: first.store })
    await next.start()
    expect([shop.isKnown(), shop.code()]).toEqual([true, 'SEK'])
    expect(next.source.seeks).toBe(0)
  })

  test('waits for a store that cannot keep it, and counts nothing meanwhile', async () => {
    const shop = learning()
    const pipeline = createLivePipeline({ shop })
    await pipeline.start()
    pipeline.store.isDown = true
    pipeline.source.read('t/0', purchases(0, 20, 'EUR'))
    await pipeline.pass(70_000)
    expect([shop.isKnown(), pipeline.source.seeks]).toEqual([false, 0])
    pipeline.store.isDown = false
    await pipeline.pass(2_000)
    expect([shop.isKnown(), shop.code(), pipeline.source.seeks]).toEqual([true, 'EUR', 1])
    expect(pipeline.log.times('the currency cannot be stored yet, trying again')).toBe(1)
  })

  test('begins after an hour without enough purchases, by those there are', async () => {
    const shop = learning()
    const pipeline = createLivePipeline({ shop })
    await pipeline.start()
    pipeline.source.read('t/0', purchases(0, 3, 'NOK'))
    await pipeline.pass(59 * minuteMs)
    expect(shop.isKnown()).toBe(false)
    await pipeline.pass(2 * minuteMs)
    expect(shop.code()).toBe('NOK')
  })

  test('says after a minute what is wrong with a stream without any event, and learns at the next start', async () => {
    const shop = learning()
    const pipeline = createLivePipeline({ shop })
    await pipeline.start()
    const wrong = Array.from({ length: 25 }, () => ({ recordTime: epoch, value: '{}' }))
    pipeline.source.read('t/0', wrong)
    await pipeline.pass(61_000)
    expect([shop.code(), pipeline.source.seeks]).toEqual(['USD', 1])
    expect(await pipeline.store.learnedCurrency('shop')).toBeUndefined()
    pipeline.source.read('t/0', wrong)
    await pipeline.pass(2_000)
    expect(pipeline.deadLetters).toHaveLength(25)
  })

  test('votes anew where another assignment begins elsewhere', async () => {
    const shop = learning()
    const pipeline = createLivePipeline({ shop })
    await pipeline.start()
    pipeline.source.read('t/0', purchases(0, 19, 'EUR'))
    pipeline.source.assign(startOf(['t/0']))
    await pipeline.settle()
    pipeline.source.read('t/0', purchases(0, 19, 'EUR'))
    await pipeline.pass(2 * minuteMs)
    expect(shop.isKnown()).toBe(false)
  })
})

describe('the lines of a file', () => {
  const undecided = createDecode({ currency: noCurrency, knownCurrencies: new Set(), maxBytes: 1_000 })

  test('are held until the currency is known, and handed on in order', () => {
    const shop = learning()
    const taken: string[] = []
    const held = createHeldLines({
      shop,
      undecided,
      take: (_, lineNumber) => taken.push(`${lineNumber} ${shop.code()}`)
    })
    for (let at = 0; at < 199; at++) held.take(purchase(at, 'EUR'), at)
    expect(taken).toEqual([])
    held.take(purchase(199, 'EUR'), 199)
    held.take('{}', 200)
    expect(taken).toEqual(Array.from({ length: 201 }, (_, at) => `${at} EUR`))
    expect(held.choice()?.kind).toBe('clear')
  })

  test('of a short file are handed on at its end', () => {
    const shop = learning()
    const taken: number[] = []
    const held = createHeldLines({ shop, undecided, take: (_, lineNumber) => taken.push(lineNumber) })
    held.take(purchase(0, 'EUR'), 0)
    held.end()
    expect([taken, shop.code()]).toEqual([[0], 'EUR'])
  })
})
