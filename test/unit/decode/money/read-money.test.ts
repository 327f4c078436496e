import { describe, expect, test } from 'vitest'
import type { Layout } from '../../../../src/decode/layout.ts'
import { native } from '../../../../src/decode/layouts/native.ts'
import { createReadMoney, currencyOfPrice } from '../../../../src/decode/money/read-money.ts'

const readBy = (rules: Partial<Layout>) => createReadMoney({ ...native, ...rules })
const read = readBy({})

describe('a price that says itself in what it counts', () => {
  test.each([
    [{ type: 'centPrecision', centAmount: 4599, currencyCode: 'EUR', fractionDigits: 2 }, 45.99],
    [{ centAmount: '4599', currencyCode: 'JPY' }, 4599],
    [{ centAmount: 4599, currencyCode: 'kwd' }, 4.599],
    [{ centAmount: 4599 }, 45.99],
    [{ type: 'highPrecision', preciseAmount: 123456, fractionDigits: 4, centAmount: 1235 }, 12.3456],
    [{ currencyCode: 'USD', units: '45', nanos: 990_000_000 }, 45.99],
    [{ currencyCode: 'USD', units: 45 }, 45],
    [{ currencyCode: 'USD', nanos: 990_000_000 }, 0.99],
    [{ units: '-1', nanos: -500_000_000 }, -1.5],
    [{ amountMicros: '45990000', currencyCode: 'USD' }, 45.99],
    [{ micros: 45_990_000 }, 45.99],
    [{ minor_units: 4599, currency: 'CLP' }, 4599],
    [{ scale: 2, value: 'EfU=' }, 45.97],
    [{ scale: 2, value: '/zg=' }, -2],
    [{ $numberDecimal: '45.99' }, 45.99],
    [{ $numberInt: '45' }, 45],
    [{ amount: '45.99', currency: 'EUR' }, 45.99],
    [{ amount: '1.045,99', currency_code: 'EUR' }, 1045.99],
    [{ value: 45.99, currencyCode: 'EUR' }, 45.99]
  ])('%j is %d', (price, number) => {
    expect(read(price, 'USD')).toBeCloseTo(number, 9)
  })

  test.each([
    [{}],
    [[45.99]],
    [{ amount: 45.99 }],
    [{ amount: { amount: 45.99, currency: 'EUR' }, currency: 'EUR' }],
    [{ units: '1', nanos: -500_000_000 }],
    [{ units: '1', nanos: 1e9 }],
    [{ units: '1.5' }],
    [{ centAmount: 45.5, currencyCode: 'EUR' }],
    [{ scale: 2, value: 'not base64' }],
    [true],
    [null]
  ])('%j is none', price => {
    expect(read(price, 'USD')).toBeNaN()
  })
})

describe('a plain price', () => {
  test('as a program writes it has a point for its decimals', () => {
    expect([2.48, '2.480', '2480', '-1'].map(price => read(price, 'USD'))).toEqual([2.48, 2.48, 2480, -1])
  })

  test('that people wrote with a point for thousands is read by the setting', () => {
    expect(readBy({ decimal: 'comma' })('2.480', 'EUR')).toBe(2480)
    expect(readBy({ decimal: 'comma' })(2.48, 'EUR')).toBe(2.48)
  })

  test('is divided by its scale, which may be that of its currency; one that says its own is not', () => {
    const cents = readBy({ moneyScale: 2 })
    expect([4599, '4599'].map(price => cents(price, 'JPY'))).toEqual([45.99, 45.99])
    expect(cents({ centAmount: 4599, currencyCode: 'EUR' }, 'EUR')).toBe(45.99)
    expect(cents({ amount: 4599, currency: 'eur' }, 'EUR')).toBe(45.99)
    expect(readBy({ moneyScale: 6 })('45990000', 'EUR')).toBe(45.99)
    const minor = readBy({ moneyScale: 'currency' })
    expect(['EUR', 'JPY', 'KWD', 'IQD', 'CLF', 'HUF'].map(code => minor(45_990, code))).toEqual([
      459.9, 45_990, 45.99, 45.99, 4.599, 459.9
    ])
  })

  test('of Kafka Connect in base64 is read only where the setting says so', () => {
    expect(read('EfU=', 'USD')).toBeNaN()
    expect(readBy({ decimal: 'base64', moneyScale: 2 })('EfU=', 'USD')).toBe(45.97)
    expect(readBy({ decimal: 'base64', moneyScale: 2 })('/zg=', 'USD')).toBe(-2)
    expect(readBy({ decimal: 'base64' })('19.99', 'USD')).toBeNaN()
  })
})

test('the currency that a price names is known', () => {
  const prices = ['€ 7,95', '7.95 CHF', { currencyCode: 'SEK', units: '7' }, { currency: '' }, '7.95', 7.95]
  expect(prices.map(currencyOfPrice)).toEqual(['EUR', 'CHF', 'SEK', undefined, undefined, undefined])
})
