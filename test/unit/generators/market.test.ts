import { describe, expect, test } from 'vitest'
import { type MarketMinute, marketIncidentKinds, marketTotals, minuteMs } from '../../generators/market.ts'
import { localTimes, marketWeeks } from '../../generators/market-day.ts'
import { marketEvents } from '../../generators/market-events.ts'
import { marketPlan } from '../../generators/market-plan.ts'
import { countedTotals } from '../producer/counted.ts'

const plan = marketPlan({ seed: 5, ordersPerMinute: 6, incidents: true })
const minutes = [...marketTotals(plan)]
const at = (timeMs: number) => minutes[(timeMs - plan.startMs) / minuteMs] as MarketMinute
const during = (kind: string) =>
  plan.incidents
    .filter(incident => incident.kind === kind)
    .flatMap(({ startMs, endMs }) =>
      minutes.filter(minute => minute.startMs >= startMs && minute.startMs < endMs)
    )
const sum = (rows: readonly MarketMinute[], read: (row: MarketMinute) => number) =>
  rows.reduce((total, row) => total + read(row), 0)

describe('the local day', () => {
  const localTime = localTimes('Europe/Berlin')

  test('goes from two to three o’clock as summer time begins', () => {
    const change = Date.UTC(2026, 2, 29, 1)
    expect(localTime(change - minuteMs).hours).toBeCloseTo(1 + 59 / 60)
    expect(localTime(change).hours).toBe(3)
  })

  test('peaks at lunch and in the evening, with a nearly empty night', () => {
    const noon = Date.UTC(2026, 2, 18, 11, 30)
    const night = Date.UTC(2026, 2, 18, 4)
    const evening = Date.UTC(2026, 2, 18, 19, 30)
    const [lunch, empty, late] = [noon, night, evening].map(time =>
      marketWeeks.usual.traffic(localTime(time))
    ) as [number, number, number]
    expect(lunch).toBeGreaterThan(1.5)
    expect(late).toBeGreaterThan(lunch)
    expect(empty).toBeLessThan(0.1)
  })
})

describe('the market', () => {
  test('is the same for the same plan, and has about the orders that it is asked for', () => {
    expect([...marketTotals(plan)].slice(0, 500)).toEqual(minutes.slice(0, 500))
    const steady = [...marketTotals({ ...plan, incidents: [], promotionDay: undefined })]
    expect(sum(steady, ({ orders }) => orders) / steady.length / 6).toBeCloseTo(1, 0)
  })

  test('has two incidents of each kind and a promotion, each on a day of its own', () => {
    const days = plan.incidents.map(({ startMs }) => Math.floor((startMs - plan.startMs) / 86_400_000))
    expect(new Set([...days, plan.promotionDay]).size).toBe(2 * marketIncidentKinds.length + 1)
  })

  test('has no event in a gap and no order in an outage', () => {
    expect(sum(during('gap'), ({ events }) => events)).toBe(0)
    expect(sum(during('outage'), ({ orders }) => orders)).toBe(0)
    expect(sum(during('outage'), ({ checkoutsStarted }) => checkoutsStarted)).toBeGreaterThan(100)
  })

  test('has cheaper orders in a price fault and dearer traffic in a flood', () => {
    const basket = (rows: readonly MarketMinute[]) =>
      sum(rows, ({ revenue }) => revenue) / sum(rows, ({ pricedPurchases }) => pricedPurchases)
    expect(basket(during('price_fault'))).toBeLessThan(0.6 * basket(minutes))
    const views = (rows: readonly MarketMinute[]) =>
      sum(rows, ({ events }) => events) / sum(rows, ({ orders }) => orders)
    expect(views(during('flood'))).toBeGreaterThan(1.8 * views(minutes))
  })

  test('as events recounts to its totals', () => {
    const flood = plan.incidents.find(({ kind }) => kind === 'flood')
    const some = [plan.startMs + 720 * minuteMs, flood?.startMs as number].flatMap(from =>
      Array.from({ length: 20 }, (_, index) => at(from + index * minuteMs))
    )
    const counted = countedTotals(marketEvents(1, some))
    for (const { amounts, ...totals } of some) {
      const recount = counted.get(totals.startMs)
      expect(recount).toEqual({
        ...totals,
        revenue: expect.closeTo(totals.revenue, 6),
        revenueSquares: expect.closeTo(totals.revenueSquares, 4)
      })
      expect(amounts).toHaveLength(totals.orders)
    }
  })
})
