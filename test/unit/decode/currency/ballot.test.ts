import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBallot } from '../../../../src/decode/currency/ballot.ts'
import { noCurrency } from '../../../../src/decode/fields.ts'
import { createCheckedDecode } from '../../../support/decoding.ts'

const decode = createCheckedDecode({ currency: noCurrency, knownCurrencies: new Set(), maxBytes: 10_000 })

function ballotOf(currencies: readonly (string | undefined)[], type = 'purchase') {
  const ballot = createBallot()
  for (const currency of currencies)
    ballot.add(decode(JSON.stringify({ event_type: type, event_time: 1, price: 5, currency })))
  return ballot
}

const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value)

describe('the currency of the first purchases', () => {
  test('where they come slowly, twenty purchases in one currency are enough', () => {
    expect(ballotOf(times(19, 'EUR')).earlyChoice()).toBeUndefined()
    expect(ballotOf([...times(19, 'EUR'), 'CHF', ...times(100, 'EUR')]).earlyChoice()).toBeUndefined()
    const twenty = ballotOf(times(20, 'eur'))
    expect(twenty.choice()).toBeUndefined()
    expect(twenty.earlyChoice()).toEqual({
      code: 'EUR',
      kind: 'clear',
      sentence: 'revenue is in EUR: all of the first 20 purchases; set currency to choose another'
    })
  })

  test('where another comes in, the one of nearly all of two hundred is taken', () => {
    const first = [...times(4, 'CHF'), ...times(195, 'EUR')]
    expect(ballotOf(first).choice()).toBeUndefined()
    expect(ballotOf([...first, 'EUR']).choice()).toEqual({
      code: 'EUR',
      kind: 'clear',
      sentence: 'revenue is in EUR: 98 % of the first 200 purchases; set currency to choose another'
    })
  })

  test('of a mix the most frequent is taken, and it is said what to set', () => {
    const { choice } = ballotOf([...times(90, 'CHF'), ...times(104, 'EUR'), ...times(6, 'GBP')])
    expect(choice()).toEqual({
      code: 'EUR',
      kind: 'mixed',
      sentence:
        'no currency has nearly all purchases: of the first 200 purchases, 52 % in EUR, 45 % in CHF, 3 % in GBP; revenue is in EUR alone: set currency, and rates for the others'
    })
  })

  test('purchases that name none, or a text that is none, do not vote', () => {
    expect(ballotOf([...times(30, undefined), ...times(20, 'SEK')]).earlyChoice()).toMatchObject({
      code: 'SEK',
      kind: 'clear',
      sentence:
        'revenue is in SEK: 40 % of the first 50 purchases, 60 % name none; set currency to choose another'
    })
    expect(ballotOf(times(200, 'undefined')).choice()).toEqual({
      code: 'USD',
      kind: 'unnamed',
      sentence:
        'revenue is in USD, for the first 200 purchases name no currency: set currency if it is another'
    })
  })

  test('other events do not vote; a stream without purchases is in USD', () => {
    const ballot = ballotOf(times(300, 'EUR'), 'add_to_cart')
    expect(ballot.choice()).toBeUndefined()
    expect(ballot.finalChoice()).toEqual({
      code: 'USD',
      kind: 'none',
      sentence: 'revenue is in USD, for there was no purchase yet: set currency if it is another'
    })
    expect(ballotOf(['EUR']).finalChoice().sentence).toBe(
      'revenue is in EUR: all of the first purchase; set currency to choose another'
    )
  })

  test('what comes after the choice changes nothing, and the order within the first purchases neither', () => {
    const codes = fc.array(fc.constantFrom('EUR', 'CHF', undefined), { minLength: 200, maxLength: 200 })
    fc.assert(
      fc.property(codes, fc.array(fc.constantFrom('JPY', 'EUR')), (first, later) => {
        const ballot = ballotOf(first)
        const choice = ballot.choice()
        expect(ballotOf([...first, ...later]).choice()).toEqual(choice)
        expect(ballotOf(first.toReversed()).choice()).toEqual(choice)
      }),
      { numRuns: 50 }
    )
  })
})
