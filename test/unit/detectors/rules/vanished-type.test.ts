import { describe, expect, test } from 'vitest'
import { around, count, feed } from '../feed.ts'

const kind = 'schema_drift'

/** A shop of so many views a minute; from minute 200 on, of each step what is left of it. */
function shop(views: number, left: Readonly<Record<string, number>>) {
  const usual = {
    product_views: views,
    cart_adds: views / 4,
    checkouts_started: views / 10,
    orders: views / 15
  }
  return feed({ kind }, 230, minute => ({
    values: {
      events: count(around(1.5 * views, minute, 'events')),
      ...Object.fromEntries(
        Object.entries(usual).map(([metric, mean]) => [
          metric,
          count(around(mean * (minute < 200 ? 1 : (left[metric] ?? 1)), minute, metric))
        ])
      )
    }
  }))
}

describe('a type of event that is gone', () => {
  test('is told within minutes, while later steps go on', () => {
    expect(shop(120, { cart_adds: 0 })[0]).toMatchObject({
      metric: 'cart_adds',
      severity: 'medium',
      minute: 201,
      value: 0,
      evidence: { event_types: 'add_to_cart', goes_on: 'checkouts_started' }
    })
    expect(shop(120, { cart_adds: 0 })[0]?.details).toMatch(
      /^No add_to_cart event in 2 minutes, where \d\d were expected, while checkouts_started go on\. /
    )
    expect(shop(120, { product_views: 0 })[0]).toMatchObject({ metric: 'product_views', minute: 201 })
  })

  test('is none where people stop: then what follows stops too', () => {
    expect(shop(120, { cart_adds: 0, checkouts_started: 0, orders: 0 })).toEqual([])
    expect(shop(120, { checkouts_started: 0, orders: 0 })).toEqual([])
    expect(shop(120, { orders: 0 })).toEqual([])
  })

  test('is none of fewer events, nor of so few that chance explains it', () => {
    expect(shop(120, { cart_adds: 0.3 })).toEqual([])
    expect(shop(4, { cart_adds: 0 })).toEqual([])
  })
})
