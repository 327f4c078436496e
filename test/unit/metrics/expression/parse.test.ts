import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseExpression } from '../../../../src/metrics/expression/parse.ts'

const read = (source: string) => {
  const parsed = parseExpression(source)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.misreading))
  return parsed.expression
}
const misread = (source: string) => {
  const parsed = parseExpression(source)
  if (parsed.ok) throw new Error(`${source} was read`)
  const { column, found, expected } = parsed.misreading
  return `${column}: ${found}; expected ${expected}`
}
const literal = (text: string, number?: number) => ({ text, number })

describe('an expression', () => {
  test('counts events, all or those for which a condition holds', () => {
    expect(read('count')).toEqual({ kind: 'count' })
    expect(read('COUNT WHERE event_type = purchase')).toEqual({
      kind: 'count',
      where: { kind: 'in', field: 'event_type', values: [literal('purchase')] }
    })
  })

  test('sums, counts distinct values of, or takes a quantile of a field, which may be a path', () => {
    expect(read('sum of payload.fees[].amount')).toEqual({ kind: 'sum', field: 'payload.fees[].amount' })
    expect(read('distinct of params[key=page].value')).toEqual({
      kind: 'distinct',
      field: 'params[key=page].value'
    })
    expect(read('p95 of price where price < 100')).toEqual({
      kind: 'quantile',
      percent: 95,
      field: 'price',
      where: { kind: 'compare', field: 'price', sign: '<', than: 100 }
    })
  })

  test('sums what fields make when they are multiplied, and divides the sum by a whole number', () => {
    expect(read('sum of utilization × interval_s * weight / 100 where a exists')).toEqual({
      kind: 'sum',
      field: 'utilization',
      times: ['interval_s', 'weight'],
      per: 100,
      where: { kind: 'exists', field: 'a' }
    })
    expect(read('sum of interval_s / 3600')).toEqual({ kind: 'sum', field: 'interval_s', per: 3_600 })
    const divisor = 'expected a whole number from 1 to 1000000'
    expect(misread('sum of a / 0')).toBe(`12: "0"; ${divisor}`)
    expect(misread('sum of a / 1.5')).toBe(`12: "1.5"; ${divisor}`)
    expect(misread('sum of a / b')).toBe(`12: "b"; ${divisor}`)
    expect(misread('sum of a ×')).toBe('11: the end; expected a field')
    expect(misread('distinct of a × b')).toBe('15: "×"; expected where, or the end')
  })

  test('is a ratio of what adds up', () => {
    expect(read('ratio of (count where voucher exists) to (sum of quantity)')).toEqual({
      kind: 'ratio',
      numerator: { kind: 'count', where: { kind: 'exists', field: 'voucher' } },
      denominator: { kind: 'sum', field: 'quantity' }
    })
  })

  test('binds not before and before or, unless parentheses say otherwise', () => {
    const exists = (field: string) => ({ kind: 'exists', field })
    expect(read('count where not a exists and b exists or c exists')).toEqual({
      kind: 'count',
      where: {
        kind: 'or',
        parts: [{ kind: 'and', parts: [{ kind: 'not', part: exists('a') }, exists('b')] }, exists('c')]
      }
    })
    expect(read('count where not (a exists and (b exists or c exists))')).toEqual({
      kind: 'count',
      where: {
        kind: 'not',
        part: {
          kind: 'and',
          parts: [exists('a'), { kind: 'or', parts: [exists('b'), exists('c')] }]
        }
      }
    })
  })

  test('has values in quotes, where they hold spaces or signs, and numbers without', () => {
    expect(read(`count where a in ('on, off', "it's", 7, "7", x-1)`)).toEqual({
      kind: 'count',
      where: {
        kind: 'in',
        field: 'a',
        values: [literal('on, off'), literal("it's"), literal('7', 7), literal('7'), literal('x-1')]
      }
    })
    expect(read('count where a!=-1.5 and b not in (x)')).toEqual({
      kind: 'count',
      where: {
        kind: 'and',
        parts: [
          { kind: 'not', part: { kind: 'in', field: 'a', values: [literal('-1.5', -1.5)] } },
          { kind: 'not', part: { kind: 'in', field: 'b', values: [literal('x')] } }
        ]
      }
    })
  })
})

test.each([
  ['', '1: the end; expected count, sum, distinct, ratio, or a quantile such as p50 or p95'],
  ['mean of price', '1: "mean"; expected count, sum, distinct, ratio, or a quantile such as p50 or p95'],
  ['p0 of price', '1: "p0"; expected count, sum, distinct, ratio, or a quantile such as p50 or p95'],
  ['sum price', '5: "price"; expected of'],
  ['sum of (', '8: "("; expected a field'],
  ['count of price', '7: "of"; expected where, or the end'],
  ['count where', '12: the end; expected a field, not or ('],
  ['count where a', '14: the end; expected =, !=, <, <=, >, >=, in or exists'],
  ['count where a == 3', '16: "="; expected a value'],
  ['count where a < x', '17: "x"; expected a number'],
  ['count where a < "3"', '17: "3"; expected a number'],
  ['count where a in (b c)', '21: "c"; expected a comma or )'],
  ['count where (a exists', '22: the end; expected )'],
  ['count where a exists b', '22: "b"; expected and, or, or the end'],
  ["count where a = 'x", '17: "\'"; expected a value'],
  ['ratio of count to count', '10: "count"; expected ('],
  ['ratio of (p50 of price) to (count)', '11: "p50"; expected count, sum or distinct']
])('%s is misread at its place', (source, expected) => {
  expect(misread(source)).toBe(expected)
})

test('whatever is written is read or misread within it', () => {
  const piece = fc.oneof(
    fc.constantFrom(...'count|where|(|)|=|!=|<|and|or|not|in|exists|price|3|of|ratio|to|,|"x y"'.split('|')),
    fc.string({ maxLength: 4 })
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const source = pieces.join(' ')
      const parsed = parseExpression(source)
      if (parsed.ok) return
      expect(parsed.misreading.column).toBeGreaterThan(0)
      expect(parsed.misreading.column).toBeLessThanOrEqual(source.length + 1)
    })
  )
})
