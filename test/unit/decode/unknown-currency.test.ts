import { expect, test } from 'vitest'
import { createDecode } from '../../../src/decode/decode.ts'
import { createUnknownCurrencyWatch } from '../../../src/decode/unknown-currency.ts'

const decode = createDecode({ currency: 'USD', knownCurrencies: new Set(['USD', 'EUR']), maxBytes: 10_000 })
const purchase = (currency: string) =>
  decode(JSON.stringify({ event_type: 'purchase', event_time: '2026-01-05T10:00:00Z', price: 5, currency }))

function notices(currencies: readonly string[]): (string | undefined)[] {
  const observe = createUnknownCurrencyWatch()
  return currencies.map(currency => observe(purchase(currency))).filter(notice => notice !== undefined)
}

test('a stream whose first twenty purchases are mostly in a currency without a rate is said once', () => {
  expect(notices(Array(60).fill('GBP'))).toEqual(['GBP'])
  expect(notices([...Array(9).fill('EUR'), ...Array(11).fill('GBP'), ...Array(40).fill('GBP')])).toEqual([
    'GBP'
  ])
})

test('known currencies, and a minority of others, are not worth a word', () => {
  expect(notices(Array(60).fill('EUR'))).toEqual([])
  expect(notices([...Array(10).fill('GBP'), ...Array(10).fill('USD'), ...Array(40).fill('GBP')])).toEqual([])
  expect(notices(Array(19).fill('GBP'))).toEqual([])
})
