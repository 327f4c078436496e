import { expect, test } from 'vitest'
import type { MarketWeekName } from '../../generators/market-day.ts'
import { marketStartMs } from '../../generators/market-plan.ts'
import { measureStream } from '../../generators/measure.ts'
import { streamOf } from '../../generators/streams.ts'

const dayMs = 86_400_000

/** Days, counted from 0, a Monday, on which the detectors alarm without a cause; they begin to watch on the day `from`. */
function alarmDays(week: MarketWeekName, [from, days]: readonly [number, number], growth = 1) {
  const options = { seed: 21, ordersPerMinute: 5, days, incidents: false, week, growth }
  const stream = streamOf('market', options)
  const seen = [...stream.minutes].slice(from * 1_440)
  const { score } = measureStream({ ...stream, minutes: seen })
  const alarms = score.falseAlarms.map(({ startMs }) => Math.floor((startMs - marketStartMs) / dayMs))
  return [...new Set(alarms)]
}

test('weekends far below the weekdays raise nothing, not even the first one', () => {
  expect(alarmDays('quiet_weekends', [3, 8])).toEqual([])
})

test('a shop that opens at 8 and closes at 20 is told so for two days at most', () => {
  expect(alarmDays('opening_hours', [0, 4]).filter(day => day > 1)).toEqual([])
})

test('a shop that is closed on Sundays is told so on the first one only', () => {
  expect(alarmDays('closed_sundays', [4, 14]).filter(day => day !== 5 && day !== 6)).toEqual([])
})

test.each([0.88])('traffic that is %d times that of the week before raises nothing', growth => {
  expect(alarmDays('usual', [0, 9], growth)).toEqual([])
})
