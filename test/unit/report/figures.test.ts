import { describe, expect, test } from 'vitest'
import { type DayFigures, periodOf } from '../../../src/report/figures.ts'
import { dayMs } from '../../../src/time/units.ts'

const dayOf = (day: number, orders: number, coveredMs = dayMs): DayFigures => ({
  day,
  lengthMs: dayMs,
  coveredMs,
  revenue: orders * 20,
  orders
})
const mapOf = (...days: readonly DayFigures[]) => new Map(days.map(day => [day.day, day]))
const days = (from: number, to: number, orders: (day: number) => number, coveredMs = dayMs) =>
  Array.from({ length: to - from + 1 }, (_, at) => dayOf(from + at, orders(from + at), coveredMs))

describe('a period', () => {
  test('of one day is compared with the mean of the same weekday of the four weeks before', () => {
    const all = mapOf(
      dayOf(100, 120),
      dayOf(99, 1),
      dayOf(93, 100),
      dayOf(86, 110),
      dayOf(79, 90),
      dayOf(72, 100)
    )
    expect(periodOf(all, 100, 1)).toEqual({
      days: 1,
      storedDays: 1,
      revenue: 2_400,
      orders: 120,
      revenueChange: { share: expect.closeTo(0.2, 9), days: 1 },
      ordersChange: { share: expect.closeTo(0.2, 9), days: 1 }
    })
  })

  test('of seven days is compared by weekday, so that a shop with quiet Sundays has not changed', () => {
    const weekly = (day: number) => (day % 7 === 0 ? 10 : 100)
    expect(periodOf(mapOf(...days(60, 100, weekly)), 100, 7)).toMatchObject({
      orders: 610,
      ordersChange: { share: 0, days: 7 }
    })
  })

  test('of thirty days is compared with days before it, never with its own', () => {
    const risen = (day: number) => (day >= 71 ? 110 : 100)
    expect(periodOf(mapOf(...days(43, 100, risen)), 100, 30).ordersChange).toEqual({
      share: expect.closeTo(0.1, 9),
      days: 30
    })
  })

  test('leaves out of the comparison what has no weekday before it, and days that are not whole', () => {
    const all = mapOf(...days(90, 100, () => 100), dayOf(89, 5, dayMs / 4))
    expect(periodOf(all, 100, 7)).toMatchObject({ orders: 700, ordersChange: { share: 0, days: 4 } })
    expect(periodOf(mapOf(dayOf(100, 50, dayMs / 2), dayOf(93, 100)), 100, 1)).toMatchObject({
      orders: 50,
      ordersChange: { share: null, days: 0 }
    })
  })

  test('of which nothing is stored is empty', () => {
    expect(periodOf(mapOf(), 100, 7)).toEqual({
      days: 7,
      storedDays: 0,
      revenue: 0,
      orders: 0,
      revenueChange: { share: null, days: 0 },
      ordersChange: { share: null, days: 0 }
    })
  })
})
