import { describe, expect, test } from 'vitest'
import type { ContractField } from '../../../../src/decode/layout.ts'
import { type CountedType, fieldDimension, fieldSegment } from '../../../../src/metrics/fields.ts'
import type { SegmentValue } from '../../../../src/metrics/types.ts'
import { around, type Fed, feed, ratio } from '../feed.ts'

const numbers: ReadonlySet<ContractField> = new Set(['price', 'quantity'])
const fields = ['price', 'quantity', 'session_id', 'country'] as const

/** The rows of a type's events: how many of them have each field, and in how many of those it is a number. */
function rowsOf(
  type: CountedType,
  events: number,
  having: { readonly [field in ContractField]?: readonly [present: number, numeric: number] }
): SegmentValue[] {
  const row = (metric: string, field: ContractField, numerator: number, of: number): SegmentValue[] => [
    { metric, dimension: fieldDimension, segment: fieldSegment(field, type), ...ratio(numerator, of) }
  ]
  if (events === 0) return []
  return [
    ...row('field_rate', 'event_type', events, events),
    ...Object.entries(having).flatMap(([name, [present, numeric]]) => {
      const field = name as ContractField
      return [
        ...(present > 0 ? row('field_rate', field, present, events) : []),
        ...(numeric > 0 ? row('field_number_rate', field, numeric, present) : [])
      ]
    })
  ]
}

interface Faults {
  /** Of the events of its types: without the field. */
  readonly missing?: number
  /** Of those that have it: of another type than usual. */
  readonly retyped?: number
}

/** 600 purchases a minute, 2 in 1,000 without a field; from minute 200 on with the faults of some. */
const events =
  (faults: Readonly<Record<string, Faults>>, from = 200) =>
  (minute: number): Fed => {
    const having = fields.map(field => {
      const { missing = 0.002, retyped = 0 } = (minute >= from && faults[field]) || {}
      const some = (of: number, share: number, what: string) =>
        share === 1 ? of : Math.min(of, around(of * share, minute, what))
      const present = 600 - some(600, missing, field)
      const usual = present - some(present, retyped, `${field} type`)
      return [field, [present, numbers.has(field) ? usual : present - usual]] as const
    })
    return { segments: rowsOf('purchase', 600, Object.fromEntries(having)) }
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
    expect(first?.evidence).toMatchObject({ fields: 'session_id, price, country', event_types: 'purchase' })
    expect(first?.details).toBe(
      "session_id is missing in 100% of purchase events (usually 0.2%); price is no number in 100% of purchase events (usually 0.0%); country is a number in 50% of purchase events (usually 0.0%) in 2 minutes. Possible new version of the shop's tracking."
    )
  })

  test('is found of one event in twenty', () => {
    const [first] = feed({ kind }, 220, events({ quantity: { missing: 0.05 } }))
    expect(first).toMatchObject({ metric: 'field_rate', minute: 201 })
    expect(first?.value).toBeCloseTo(0.947, 3)
    expect(first?.expected).toBeCloseTo(0.998, 3)
  })

  test('is found of a field that four events in ten lack anyway', () => {
    const lacking = (share: number) => ({ country: { missing: share } })
    const found = feed({ kind }, 260, minute => events(lacking(minute < 230 ? 0.4 : 0.8), 0)(minute))
    expect(found[0]).toMatchObject({ metric: 'field_rate', minute: 231 })
    expect(found[0]?.details).toMatch(
      /^country is missing in 84% of purchase events \(usually 40%\) in 2 minutes\./
    )
    expect(feed({ kind }, 260, minute => events(lacking(minute < 230 ? 0.4 : 0.55), 0)(minute))).toEqual([])
  })

  test('is none where the few events that usually have a field do not', () => {
    const few = (minute: number): Fed => {
      const present = minute % 9 === 0 ? 0 : 2
      return { segments: rowsOf('purchase', 16, { quantity: [present, 0] }) }
    }
    expect(feed({ kind }, 400, minute => (minute < 397 ? few(1) : few(9)))).toEqual([])
  })

  test('is found again where it was believed and then mended for half an hour', () => {
    const isGone = (minute: number) => (minute >= 200 && minute < 300) || minute >= 330
    const found = feed({ kind }, 340, minute =>
      events({ country: { missing: isGone(minute) ? 1 : 0.002 } }, 0)(minute)
    )
    const minutes = found.map(one => one.minute)
    expect([minutes[0], minutes.findLast(minute => minute < 330)]).toEqual([201, 261])
    expect(minutes.find(minute => minute >= 300)).toBe(331)
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

/** Minutes of so many events of each type, of which none, some or all have the fields. */
type Mix = { readonly [type in CountedType]?: Parameters<typeof rowsOf>[2] & { readonly events: number } }

const mixOf = (mix: Mix): Fed => {
  const segments = Object.entries(mix).flatMap(([type, { events: count, ...having }]) =>
    rowsOf(type as CountedType, count, having)
  )
  return { segments }
}

describe('a mix of event types that shifts', () => {
  /** Page views without a user, purchases with one; a number in these and a text in those. */
  const mixed = (views: number, orders: number, numeric = orders): Fed =>
    mixOf({
      page_view: { events: views, session_id: [views, 0], device: [views, 0] },
      product_view: { events: views, session_id: [views, 0], user_id: [views, 0] },
      purchase: { events: orders, session_id: [orders, 0], user_id: [orders, numeric] }
    })

  test.each([
    { views: 2_000, orders: 20 },
    { views: 200, orders: 0 },
    { views: 0, orders: 20 },
    { views: 3, orders: 40 }
  ])('to $views views and $orders orders a minute is no drift', ({ views, orders }) => {
    expect(feed({ kind }, 300, minute => (minute < 200 ? mixed(200, 20) : mixed(views, orders)))).toEqual([])
  })

  test('hides no field that orders have as a text', () => {
    const [first] = feed({ kind }, 215, minute => (minute < 200 ? mixed(200, 20) : mixed(2_000, 20, 0)))
    expect(first).toMatchObject({ minute: 201 })
    expect(first?.details).toMatch(
      /^user_id is no number in 100% of purchase events \(usually 0\.0%\) in 2 minutes\./
    )
  })

  test('names the types of a field that is gone in several, the first three of them', () => {
    const having = (count: number) => ({ events: 100, session_id: [100, 0], device: [count, 0] }) as const
    const all = (count: number) =>
      mixOf({
        page_view: having(count),
        product_view: having(count),
        search: having(count),
        purchase: having(count),
        refund: having(100)
      })
    const [first] = feed({ kind }, 205, minute => all(minute < 200 ? 100 : 0))
    expect(first?.evidence).toMatchObject({
      fields: 'device',
      event_types: 'page_view, search, product_view, purchase'
    })
    expect(first?.details).toBe(
      "device is missing in 100% of page_view events (usually 0.0%), 100% of search events (usually 0.0%), 100% of product_view events (usually 0.0%), 1 more type in 2 minutes. Possible new version of the shop's tracking."
    )
  })

  test('of unknown types may have any of their fields, but not lack what all of them have', () => {
    const unknown = (events: number, having: number, named: number) =>
      mixOf({ unknown: { events, session_id: [named, 0], product_id: [having, 0] } })
    const shifted = (having: number, named: number) =>
      feed({ kind }, 260, minute => (minute < 200 ? unknown(300, 240, 300) : unknown(300, having, named)))
    expect(shifted(60, 300)).toEqual([])
    expect(shifted(240, 150)[0]).toMatchObject({ minute: 201 })
  })

  test('is none of a flood of events that lack a field, and one where the usual ones lack it too', () => {
    const total = (value: number) => ({
      value,
      numerator: value,
      denominator: 1,
      sampleSize: value,
      squares: value
    })
    const flood = (having: number) =>
      feed({ kind }, 600, minute => {
        const isFlood = minute >= 200 && minute < 500
        const events = isFlood ? 1_600 : 200
        const device = isFlood ? having : around(200, minute, 'views')
        const mix = mixOf({ page_view: { events: Math.max(events, device), device: [device, 0] } })
        return { ...mix, values: { events: total(around(events, minute, 'events')) } }
      })
    expect(flood(200)).toEqual([])
    expect(flood(0)[0]).toMatchObject({ minute: 201 })
  })

  test('hides nothing of a type that comes once in a few minutes', () => {
    const rare = (minute: number) => {
      const refunds = minute % 5 === 0 ? 4 : 0
      return mixOf({
        page_view: { events: 200, device: [200, 0] },
        refund: { events: refunds, order_id: [minute < 600 ? refunds : 0, 0] }
      })
    }
    expect(feed({ kind }, 700, rare)[0]).toMatchObject({ minute: 610, span: 15 })
  })
})
