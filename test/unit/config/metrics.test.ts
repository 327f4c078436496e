import { describe, expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'

const load = (source: string) => loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => source })

function configOf(source: string) {
  const loaded = load(source)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded
}

function errorOf(source: string): string {
  const loaded = load(source)
  if (loaded.ok) throw new Error('no error')
  return formatErrors(loaded.errors)
}

describe("metrics of one's own", () => {
  test('are read by name, and printed as they are written', () => {
    const { config, effective } = configOf('metrics:\n  express: count where shipping = express')
    expect(config.metrics).toEqual({
      express: {
        kind: 'count',
        where: { kind: 'in', field: 'shipping', values: [{ text: 'express', number: undefined }] }
      }
    })
    expect(effective['metrics']).toEqual({ express: 'count where shipping = express' })
  })

  test('may say how they are read, beside their expression', () => {
    const { config, effective } = configOf(`
metrics:
  margin: { expression: sum of margin, unit: money, bad: drop }
  coupons: { expression: distinct of coupon, additive: true }
`)
    expect(config.metrics).toEqual({
      margin: { kind: 'sum', field: 'margin', unit: 'money', bad: 'drop' },
      coupons: { kind: 'distinct', field: 'coupon', additive: true }
    })
    expect(effective['metrics']).toEqual({
      margin: { expression: 'sum of margin', unit: 'money', bad: 'drop' },
      coupons: { expression: 'distinct of coupon', additive: true }
    })
  })

  test('may have segments, of all dimensions or of some', () => {
    const { config } = configOf(`
segments: { combinations: [country × device] }
metrics:
  margin: { expression: sum of margin, segments: true }
  fees: { expression: sum of fees, segments: [country, country x device] }
  gifts: { expression: sum of gifts, segments: false }
`)
    expect(config.metrics).toEqual({
      margin: { kind: 'sum', field: 'margin', segments: true },
      fees: { kind: 'sum', field: 'fees', segments: ['country', 'country × device'] },
      gifts: { kind: 'sum', field: 'gifts' }
    })
  })

  test.each([
    [
      'own: { expression: count where a = }',
      'metrics.own.expression: is "count where a =": column 16 is the end'
    ],
    [
      'own: { expression: count, unit: euros }',
      'metrics.own.unit: is "euros"; expected money, count, share, seconds, bytes or number'
    ],
    ['own: { expression: count, bad: up }', 'metrics.own.bad: is "up"; expected drop, rise or either'],
    ['own: { expression: count, additive: 1 }', 'metrics.own.additive: is 1; expected true or false'],
    ['own: { expresion: count }', 'metrics.own.expresion: is not a known key; did you mean expression?'],
    ['own: 1', 'metrics.own: is 1'],
    ['own: count where a =', 'metrics.own: is "count where a =": column 16 is the end; expected a value'],
    [
      'own: { expression: count, segments: 3 }',
      'metrics.own.segments: is 3; expected true, or a list of dimensions'
    ],
    [
      'own: { expression: p50 of amount, segments: true }',
      'metrics.own.segments: is true; expected no segments: a quantile has none'
    ],
    [
      'own: { expression: count, segments: [country, city] }',
      'metrics.own.segments[1]: is "city"; expected one of the dimensions or combinations: category, country'
    ],
    ['own: sum of a × country', 'country is a name; expected a number'],
    ['own: count where a =', 'column 16 is the end; expected a value'],
    [
      'own: sum of country',
      'country is a name; expected a number: amount, price, quantity or a further field'
    ],
    [
      'own: p50 of a..b',
      'a..b is not a field; expected a name or a path such as payload.user.id or items[].price'
    ],
    ['revenue: count', 'a name that no built-in metric has'],
    ['Own: count', 'a name of lower case letters, digits and _']
  ])('%s is an error', (line, expected) => {
    expect(errorOf(`metrics:\n  ${line}`)).toContain(expected)
  })
})

describe('segments', () => {
  test('are of four fields unless configured, and three of them are watched', () => {
    expect(configOf('').config.segments).toEqual({
      dimensions: ['category', 'country', 'device', 'payment_method'],
      combinations: [],
      top: 50,
      maxValues: 1_000,
      watch: ['payment_method', 'country', 'category']
    })
  })

  test('may be of two fields together, and of fields by their path', () => {
    const { segments } = configOf(`
segments:
  dimensions: [shipping.method]
  combinations: [[country, payment_method], country x device, country × category]
  watch: [country x device, shipping.method]
`).config
    expect(segments.combinations).toEqual([
      ['country', 'payment_method'],
      ['country', 'device'],
      ['country', 'category']
    ])
    expect(segments.watch).toEqual(['country × device', 'shipping.method'])
  })

  test.each([
    ['dimensions: [price]', 'a field whose values are names, not a time or a number'],
    ['dimensions: [a..b]', 'the name or path of a field, such as country or shipping.method'],
    ['{ dimensions: [country, country], watch: [] }', 'each dimension only once'],
    ['combinations: [country]', 'two fields, such as [country, payment_method] or country × payment_method'],
    ['combinations: [[country, country]]', 'two different fields'],
    ['{ top: 20, max_values: 10 }', 'at most max_values'],
    ['watch: [region]', 'one of the dimensions or combinations: category, country, device, payment_method']
  ])('%s is an error', (section, expected) => {
    const source = section.startsWith('{') ? `segments: ${section}` : `segments:\n  ${section}`
    expect(errorOf(source)).toContain(expected)
  })
})
