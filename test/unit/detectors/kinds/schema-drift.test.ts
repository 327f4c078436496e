import { describe, expect, test } from 'vitest'
import type { SegmentValue } from '../../../../src/metrics/types.ts'
import { around, type Fed, feed, ratio } from '../feed.ts'

const numbers = new Set(['price', 'quantity'])
const fields = ['price', 'quantity', 'session_id', 'country']

interface Faults {
  /** Of the events of its types: without the field. */
  readonly missing?: number
  /** Of those that have it: of another type than usual. */
  readonly retyped?: number
}

/** 600 events a minute, 2 in 1,000 without a field; from minute 200 on with the faults of some. */
const events =
  (faults: Readonly<Record<string, Faults>>, from = 200) =>
  (minute: number): Fed => {
    const segments = fields.flatMap((field): SegmentValue[] => {
      const { missing = 0.002, retyped = 0 } = (minute >= from && faults[field]) || {}
      const some = (of: number, share: number, what: string) =>
        share === 1 ? of : Math.min(of, around(of * share, minute, what))
      const present = 600 - some(600, missing, field)
      const usual = present - some(present, retyped, `${field} type`)
      const numeric = numbers.has(field) ? usual : present - usual
      const row = { dimension: 'field', segment: `field=${field}` as const }
      return [
        { ...row, metric: 'field_rate', ...ratio(present, 600) },
        { ...row, metric: 'field_number_rate', ...ratio(numeric, present) }
      ]
    })
    return { segments }
  }

const kind = 'schema_drift'

describe('schema drift', () => {
  test('names every field that is gone or changed its type, in one finding', () => {
    const [first] = feed(
      { kind },
      205,
      events({ price: { retyped: 1 }, session_id: { missing: 1 }, country: { retyped: 0.5 } })
    )
    expect(first).toMatchObject({ severity: 'medium', minute: 201, span: 2 })
    expect(first?.evidence['fields']).toBe('session_id, price, country')
    expect(first?.details).toBe(
      "session_id is missing in 100% of its events (usually 0.2%); price is no number in 100% of its events (usually 0.0%); country is a number in 50% of its events (usually 0.0%) in 2 minutes. Possible new version of the shop's tracking."
    )
  })

  test('is found of one event in twenty', () => {
    const [first] = feed({ kind }, 220, events({ quantity: { missing: 0.05 } }))
    expect(first).toMatchObject({ metric: 'field_rate', minute: 202 })
    expect(first?.value).toBeCloseTo(0.968, 3)
    expect(first?.expected).toBeCloseTo(0.998, 3)
  })

  test('is found of a field that four events in ten lack anyway', () => {
    const lacking = (share: number) => ({ country: { missing: share } })
    const found = feed({ kind }, 260, minute => events(lacking(minute < 230 ? 0.4 : 0.8), 0)(minute))
    expect(found[0]).toMatchObject({ metric: 'field_rate', minute: 231 })
    expect(found[0]?.details).toMatch(
      /^country is missing in 84% of its events \(usually 40%\) in 2 minutes\./
    )
    expect(feed({ kind }, 260, minute => events(lacking(minute < 230 ? 0.4 : 0.55), 0)(minute))).toEqual([])
  })

  test('is none where the few events that usually have a field do not', () => {
    const few = (minute: number): Fed => {
      const present = minute % 9 === 0 ? 0 : 2
      const row = { dimension: 'field', segment: 'field=quantity' as const }
      return { segments: [{ ...row, metric: 'field_rate', ...ratio(present, 16) }] }
    }
    expect(feed({ kind }, 400, minute => (minute < 397 ? few(1) : few(9)))).toEqual([])
  })

  test('leaves missing prices to what tells of them', () => {
    const told = (faults: Faults) => (minute: number) => ({
      ...events({ price: faults })(minute),
      values: { missing_price_rate: ratio(minute < 200 ? 0 : 120, 120), invalid_rate: ratio(0, 600) }
    })
    expect(feed({ kind }, 220, told({ missing: 1 }))).toEqual([])
    expect(feed({ kind }, 220, told({ retyped: 1 }))).not.toEqual([])
  })

  test('is none of what is always so, nor in steady hours', () => {
    expect(feed({ kind }, 400, events({ country: { missing: 0.4, retyped: 1 } }, 0))).toEqual([])
    expect(feed({ kind }, 900, events({}))).toEqual([])
  })
})

describe('a field that orders have as a number, and page views as a text', () => {
  /** 200 page views and 20 orders a minute; from minute 200 on only so many orders, of which some have a text. */
  const mixed =
    (orders: number, numeric: number) =>
    (minute: number): Fed => {
      const now = minute < 200 ? 20 : orders
      const numbers = minute < 200 ? 20 : numeric
      const total = (value: number) => ({
        value,
        numerator: value,
        denominator: 1,
        sampleSize: value,
        squares: value
      })
      return {
        values: {
          events: total(200 + now),
          orders: total(now),
          revenue: { ...total(now * 50), sampleSize: now, squares: now * 3_000 }
        },
        segments: [
          {
            metric: 'field_number_rate',
            dimension: 'field',
            segment: 'field=user_id',
            ...ratio(numbers, 200 + now)
          },
          {
            metric: 'field_rate',
            dimension: 'field',
            segment: 'field=user_id',
            ...ratio(200 + now, 200 + now)
          }
        ]
      }
    }

  test('has changed where orders have a text, and not where there are no orders', () => {
    expect(feed({ kind: 'schema_drift' }, 215, mixed(20, 0)).length).toBeGreaterThan(0)
    expect(feed({ kind: 'schema_drift' }, 215, mixed(0, 0))).toEqual([])
  })
})
