import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DecimalMark, readPriceText } from '../../../../src/decode/money/decimal-text.ts'

const numberOf = (text: string, mark: DecimalMark = 'auto', currency = 'USD') =>
  readPriceText(text, mark, currency)?.number

describe('a price that can be one number only is read', () => {
  test.each([
    ['2,480.50', 2480.5],
    ['2.480,50', 2480.5],
    ['2 480,50', 2480.5],
    ['2\u202f480,50\u00a0€', 2480.5],
    ["2'480.50", 2480.5],
    ['CHF 2’480.–', 2480],
    ['75,-', 75],
    ['2.480,-', 2480],
    ['€ 7,95', 7.95],
    ['$2,480.50', 2480.5],
    ['US$7.95', 7.95],
    ['7,95 kr.', 7.95],
    ['R$ 2.480,50', 2480.5],
    ['Rs. 12,34,567.50', 1234567.5],
    ['1.234.567', 1234567],
    ['1,23,456', 123456],
    ['7,9', 7.9],
    ['0,480', 0.48],
    ['2480,000', 2480],
    ['.95', 0.95],
    ['12 345', 12345],
    [' 7 ', 7],
    ['-$5', -5],
    ['€ −5', -5],
    ['eur 7,95', 7.95]
  ])('%j is %d', (text, number) => {
    expect(numberOf(text)).toBe(number)
  })
})

describe('a price that could be two numbers, or is none, is not read', () => {
  test.each([
    '2,480',
    '€ 2.480',
    '2.480 kr',
    '2,480,50',
    '2.480.50',
    '2.4,80',
    '2 4',
    '7.',
    '7,95 + 2',
    '7.95-9.95',
    '12 kg',
    'xyz 7',
    'free',
    '1e5',
    '--5',
    '-€-5',
    '١٢',
    '',
    '€',
    `7${' '.repeat(100)}`
  ])('%j', text => {
    expect(numberOf(text)).toBe(undefined)
  })
})

describe('what a text leaves open', () => {
  test('a setting decides, and nothing else', () => {
    expect(numberOf('2,480', 'point')).toBe(2480)
    expect(numberOf('2,480', 'comma')).toBe(2.48)
    expect(numberOf('2.480', 'comma')).toBe(2480)
    expect(numberOf('€ 2.480', 'point')).toBe(2.48)
    expect(numberOf('2,480.50', 'comma')).toBe(2480.5)
    expect(numberOf('7.95', 'comma')).toBe(7.95)
  })

  test('is whole where its currency has no decimals', () => {
    expect(numberOf('2,480', 'auto', 'JPY')).toBe(2480)
    expect(numberOf('₩2,480')).toBe(2480)
    expect(numberOf('2,480', 'auto', 'KWD')).toBe(undefined)
  })
})

test('a sign or a code that one currency alone has names it', () => {
  const currencyOf = (text: string) => readPriceText(text, 'auto', 'USD')?.currency
  expect(['€ 7,95', '7,95 zł', 'CHF 7.95', '7.95 usd'].map(currencyOf)).toEqual(['EUR', 'PLN', 'CHF', 'USD'])
  expect(['$7.95', '7,95 kr', '¥795', '7.95'].map(currencyOf)).toEqual(Array(4).fill(undefined))
})

test('what Intl writes for people of many countries is read back, or not read: never as another number', () => {
  const shops = fc.constantFrom(
    ...([
      ['en-US', 'USD'],
      ['en-GB', 'GBP'],
      ['en-IN', 'INR'],
      ['de-DE', 'EUR'],
      ['de-AT', 'EUR'],
      ['de-CH', 'CHF'],
      ['fr-FR', 'EUR'],
      ['nl-NL', 'EUR'],
      ['sv-SE', 'SEK'],
      ['da-DK', 'DKK'],
      ['nb-NO', 'NOK'],
      ['pl-PL', 'PLN'],
      ['cs-CZ', 'CZK'],
      ['hu-HU', 'HUF'],
      ['pt-BR', 'BRL'],
      ['es-ES', 'EUR'],
      ['ru-RU', 'RUB'],
      ['tr-TR', 'TRY'],
      ['ja-JP', 'JPY'],
      ['ko-KR', 'KRW']
    ] as const)
  )
  const cents = fc.integer({ min: -1e9, max: 1e9 })
  fc.assert(
    fc.property(shops, cents, fc.constantFrom('currency', 'decimal'), ([locale, currency], amount, style) => {
      const { maximumFractionDigits = 2 } = new Intl.NumberFormat(locale, {
        style: 'currency',
        currency
      }).resolvedOptions()
      const price = maximumFractionDigits === 0 ? Math.round(amount / 100) : amount / 100
      const digits = { minimumFractionDigits: maximumFractionDigits, maximumFractionDigits }
      const written = new Intl.NumberFormat(locale, { style, currency, ...digits }).format(price)
      expect(numberOf(written, 'auto', currency), written).toBe(price)
      expect(
        [undefined, price + 0].includes(numberOf(new Intl.NumberFormat(locale).format(price), 'auto', 'USD'))
      ).toBe(true)
    })
  )
})
