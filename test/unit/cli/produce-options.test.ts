import { describe, expect, test } from 'vitest'
import {
  type ProduceOptions,
  parseCurrency,
  parseDepth,
  parseOffset,
  parseSeed,
  parseSpan,
  parseSpeed,
  parseStart,
  parseTopic
} from '../../../src/cli/produce-options.ts'
import { type Planned, planOf } from '../../../src/cli/produce-plan.ts'

const nowMs = Date.UTC(2026, 10, 21, 12, 0, 30)
const hourMs = 3_600_000
const options = (given: Partial<ProduceOptions> = {}): ProduceOptions => ({
  scenario: 'steady',
  seed: 1,
  to: 'kafka',
  topic: 'shop-events',
  basket: 'usual',
  currency: 'USD',
  layout: 'native',
  partitions: 4,
  force: false,
  ...given
})
const planned = (given: Partial<ProduceOptions>): Extract<Planned, { kind: 'plan' }> => {
  const result = planOf(options(given), nowMs)
  if (result.kind === 'refused') throw new Error(result.message)
  return result
}
const refusal = (given: Partial<ProduceOptions>) => {
  const result = planOf(options(given), nowMs)
  return result.kind === 'refused' ? result.message : undefined
}

describe('the span of a stream', () => {
  test('ends at this minute where no start is given', () => {
    const { plan } = planned({ duration: 2 * hourMs })
    expect(plan.endMs).toBe(Date.UTC(2026, 10, 21, 12))
    expect(plan.startMs).toBe(Date.UTC(2026, 10, 21, 10))
  })

  test('begins at this minute at 1x', () => {
    const { plan, pace } = planned({ duration: 2 * hourMs, speed: 1 })
    expect(plan.startMs).toBe(Date.UTC(2026, 10, 21, 12))
    expect(pace).toEqual({ kind: 'live' })
  })

  test.each(['demo', 'steady'] as const)('of %s is in the currency that is given', scenario => {
    expect(planned({ scenario, currency: 'EUR' }).plan).toMatchObject({ shop: { currency: 'EUR' } })
  })

  test('of GPUs is a month long, in the currency that is given', () => {
    const { plan } = planned({ scenario: 'gpu_idle', currency: 'EUR' })
    expect(plan.endMs - plan.startMs).toBe(30 * 24 * hourMs)
    expect(plan.endMs).toBe(Date.UTC(2026, 10, 21, 12))
    expect(plan).toMatchObject({ currency: 'EUR' })
  })

  test('of the demo ends at this minute too', () => {
    const { plan } = planned({ scenario: 'demo', seed: 3 })
    expect(plan.endMs).toBeLessThanOrEqual(nowMs)
    expect(plan.endMs).toBeGreaterThan(nowMs - 2 * 60_000)
  })

  test('is refused if it would end in the future on its way to Kafka', () => {
    expect(refusal({ start: nowMs, duration: hourMs })).toContain('would end in the future')
    expect(refusal({ start: nowMs, duration: hourMs, speed: 2 })).toContain('would end in the future')
    expect(refusal({ start: nowMs, duration: hourMs, speed: 1 })).toBeUndefined()
    expect(refusal({ start: nowMs, duration: hourMs, to: 'events.ndjson' })).toBeUndefined()
  })
})

describe('what cannot be', () => {
  test('a speed beside a rate', () => {
    expect(refusal({ speed: 60, rate: 100 })).toBe('give either --speed or --rate, not both')
  })

  test('an incident that ends after the stream', () => {
    expect(
      refusal({
        scenario: 'bot_flood',
        duration: hourMs,
        incidentAfter: 50 * 60_000,
        incidentLength: 20 * 60_000
      })
    ).toContain('is not within the stream')
  })

  test('a segment that the scenario cannot hit', () => {
    expect(refusal({ scenario: 'method_outage', segment: 'payment_method=cash' })).toBe(
      'method_outage cannot hit --segment payment_method=cash; expected one of payment_method=card, payment_method=paypal, payment_method=invoice, payment_method=apple_pay'
    )
    expect(refusal({ scenario: 'late_burst', segment: 'country=DE' })).toBe(
      '--segment is not for late_burst, which hits the whole shop'
    )
    expect(refusal({ scenario: 'steady', segment: 'country=DE' })).toContain('--segment is not for steady')
    const { plan } = planned({ scenario: 'category_outage', segment: 'category=toys' })
    expect(plan.incidents.map(({ kind, segment }) => [kind, segment])).toEqual([
      ['category_outage', 'category=toys']
    ])
  })

  test('what is of a shop, for a scenario of GPUs', () => {
    const scenario = 'gpu_burn'
    expect(refusal({ scenario })).toBeUndefined()
    expect(refusal({ scenario, ordersPerMinute: 2 })).toBe(
      '--orders-per-minute is not for --scenario gpu_burn: it is of a shop'
    )
    expect(refusal({ scenario, segment: 'gpu=T4' })).toContain('--segment is not for')
    expect(refusal({ scenario, basket: 'grocery' })).toContain('--basket is not for')
    expect(refusal({ scenario, layout: 'ga4' })).toContain('--layout is not for')
  })

  test('a depth for the demo, which draws its own', () => {
    expect(refusal({ scenario: 'demo', depth: 0.5 })).toContain('--depth is not for --scenario demo')
  })
})

describe('values', () => {
  test('are read with their units', () => {
    expect(parseStart('2026-01-05T08:00:00+02:00')).toBe(Date.UTC(2026, 0, 5, 6))
    expect(parseSpan('90m')).toBe(90 * 60_000)
    expect(parseSpeed('60x')).toBe(60)
    expect(parseSpeed('0.5')).toBe(0.5)
    expect(parseDepth('80%')).toBe(0.8)
    expect(parseOffset('-05:30')).toBe(-330)
    expect(parseSeed('12')).toBe(12)
    expect(parseCurrency('EUR')).toBe('EUR')
  })

  test.each([
    [parseStart, '2026-01-05 08:00'],
    [parseStart, '2026-13-05T08:00:00Z'],
    [parseSpan, '5 hours'],
    [parseSpan, '0s'],
    [parseSpeed, '0x'],
    [parseDepth, '-0.5'],
    [parseOffset, '+19:00'],
    [parseSeed, '1.5'],
    [parseCurrency, 'euro']
  ] as const)('%o refuses %s', (parse, text) => {
    expect(() => parse(text)).toThrow('Expected ')
  })
})

test.each(['bad topic', '', '.', '..', 'a/b', 'ü', 'x'.repeat(250)])('%j is no topic of Kafka', text => {
  expect(() => parseTopic(text)).toThrow('Expected a Kafka topic')
  expect(parseTopic('shop-events.v2_test')).toBe('shop-events.v2_test')
})
