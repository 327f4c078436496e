import { describe, expect, test } from 'vitest'
import { createRootCauses, type Symptom } from '../../../../detectors/segments/root-cause.ts'
import type { Finding } from '../../../../detectors/types.ts'
import type { Segment } from '../../../../src/window/segment.ts'
import { named } from './feed.ts'

const minuteMs = 60_000
const at = (minute: number) => minute * minuteMs

function finding(segment: Segment, minute: number, overrides: Partial<Finding> = {}): Finding {
  return {
    kind: 'revenue_drop',
    metric: 'revenue',
    unit: 'money',
    additive: true,
    segment,
    severity: 'medium',
    windowStart: at(minute - 5),
    windowEnd: at(minute),
    value: 10,
    expected: 100,
    details: `${segment} fell.`,
    evidence: {},
    explainedBy: [],
    ...overrides
  }
}

/** A segment that fell at minute `fell` and shows it at the end of `minute`. */
const symptom = (
  segment: Segment,
  minute: number,
  fell: number,
  probability = 1e-9,
  overrides: Partial<Finding> = {}
): Symptom => ({ finding: finding(segment, minute, overrides), probability, fellAtMs: at(fell), reachMs: 0 })

const shopWide = (minute: number, segments: readonly Segment[], overrides: Partial<Finding> = {}): Finding =>
  finding('all', minute, {
    severity: 'critical',
    explainedBy: segments.map(segment => ({ segment, share: 0.9, value: 1, expected: 90 })),
    ...overrides
  })

const causes = () => createRootCauses(10 * minuteMs)

describe('segments', () => {
  test('that fell together are one finding: the most improbable is told, and names the others', () => {
    const told = causes()(
      [],
      [symptom('country=DE', 105, 100, 1e-8), symptom('payment_method=paypal', 105, 101, 1e-12)],
      at(105)
    )
    expect(told.map(named)).toEqual(['revenue_drop payment_method=paypal medium'])
    expect(told[0]?.evidence).toEqual({ fell_together: 'country=DE' })
  })

  test('stay under what was told first, whichever is more improbable later', () => {
    const settle = causes()
    settle([], [symptom('country=DE', 105, 100, 1e-8)], at(105))
    const told = settle(
      [],
      [symptom('country=DE', 106, 100, 1e-8), symptom('payment_method=paypal', 106, 101, 1e-12)],
      at(106)
    )
    expect(told.map(named)).toEqual(['revenue_drop country=DE medium'])
  })

  test('that fell apart are two', () => {
    const settle = causes()
    settle([], [symptom('country=DE', 105, 100)], at(105))
    const told = settle([], [symptom('country=DE', 125, 100), symptom('device=tv', 125, 120)], at(125))
    expect(told.map(named)).toEqual(['revenue_drop country=DE medium', 'revenue_drop device=tv medium'])
  })

  test('of a dimension are told before a combination, however improbable that is', () => {
    const both = 'country=DE × payment_method=paypal'
    const told = causes()([], [symptom(both, 105, 100, 1e-20), symptom('country=DE', 105, 100)], at(105))
    expect(told.map(({ segment }) => segment)).toEqual(['country=DE'])
    expect(causes()([], [symptom(both, 105, 100)], at(105)).map(({ segment }) => segment)).toEqual([both])
  })

  test('show one cause in several kinds, as grave as the worst of them', () => {
    const traffic = { kind: 'traffic_drop', metric: 'events' }
    const told = causes()(
      [],
      [
        symptom('country=DE', 105, 100, 1e-20, traffic),
        symptom('country=DE', 105, 102, 1e-9, { severity: 'high' })
      ],
      at(105)
    )
    expect(told.map(named)).toEqual(['traffic_drop country=DE high'])
    expect(told[0]?.metric).toBe('events')
  })

  test('go on by themselves once the one that was told is back', () => {
    const settle = causes()
    settle([], [symptom('country=DE', 105, 100, 1e-12), symptom('device=tv', 105, 100)], at(105))
    const lately = settle([], [symptom('device=tv', 110, 100)], at(110))
    expect(lately.map(named)).toEqual(['revenue_drop country=DE medium'])
    expect(lately[0]?.details).toBe('device=tv fell.')
    const later = settle([], [symptom('device=tv', 116, 100)], at(116))
    expect(later.map(named)).toEqual(['revenue_drop device=tv medium'])
  })

  test('begin anew after a quiet time', () => {
    const settle = causes()
    settle([], [symptom('country=DE', 105, 100)], at(105))
    const told = settle([], [symptom('device=tv', 140, 102)], at(140))
    expect(told.map(named)).toEqual(['revenue_drop device=tv medium'])
  })
})

describe('the whole shop', () => {
  test('holds the segments that explain it, and those that fell with it', () => {
    const settle = causes()
    const symptoms = (minute: number) => [
      symptom('payment_method=paypal', minute, 100),
      symptom('device=tv', minute, 101)
    ]
    expect(settle([shopWide(104, ['payment_method=paypal'])], symptoms(104), at(104)).map(named)).toEqual([
      'revenue_drop all critical'
    ])
    expect(settle([], symptoms(108), at(108))).toEqual([])
  })

  test('does not hold a segment that falls later', () => {
    const settle = causes()
    for (const minute of [104, 112, 121])
      settle([shopWide(minute, ['payment_method=paypal'])], [], at(minute))
    const told = settle(
      [shopWide(130, ['payment_method=paypal'])],
      [symptom('country=DE', 130, 125)],
      at(130)
    )
    expect(told.map(named)).toEqual(['revenue_drop all critical', 'revenue_drop country=DE medium'])
  })

  test('joins the segment that was told before and explains it, and makes it as grave', () => {
    const settle = causes()
    settle([], [symptom('payment_method=paypal', 105, 100)], at(105))
    const told = settle(
      [shopWide(106, ['payment_method=paypal'], { value: 500, expected: 900 })],
      [symptom('payment_method=paypal', 106, 100)],
      at(106)
    )
    expect(told.map(named)).toEqual(['revenue_drop payment_method=paypal critical'])
    expect(told[0]?.evidence).toEqual({ shop_value: 500, shop_expected: 900 })
  })

  test('is told beside a segment that does not explain it', () => {
    const settle = causes()
    settle([], [symptom('payment_method=paypal', 105, 100)], at(105))
    const told = settle(
      [shopWide(106, ['country=DE'])],
      [symptom('payment_method=paypal', 106, 100)],
      at(106)
    )
    expect(told.map(named)).toEqual([
      'revenue_drop all critical',
      'revenue_drop payment_method=paypal medium'
    ])
  })

  test('is told in kinds that no segment has, whatever was told before', () => {
    const settle = causes()
    settle([], [symptom('payment_method=paypal', 105, 100)], at(105))
    const failure = shopWide(106, ['payment_method=paypal'], { kind: 'checkout_failure' })
    const told = settle([failure], [symptom('payment_method=paypal', 106, 100)], at(106))
    expect(told.map(named)).toEqual([
      'checkout_failure all critical',
      'revenue_drop payment_method=paypal medium'
    ])
  })
})
