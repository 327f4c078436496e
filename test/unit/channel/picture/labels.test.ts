import { expect, test } from 'vitest'
import { timeAxis, valueAxis } from '../../../../src/channel/picture/axis.ts'
import { font } from '../../../../src/channel/picture/font.ts'
import { timeLabel, titleOf, valueLabel } from '../../../../src/channel/picture/labels.ts'
import { anomalyAt } from '../../../support/alerts.ts'

const english = { currency: 'USD', language: 'en', timezone: 'UTC' } as const
const french = { currency: 'EUR', language: 'fr', timezone: 'Europe/Paris' } as const
const blanks = (text: string) => text.replaceAll(/\p{Zs}/gu, ' ')

test('values have their unit, and no digit more than tells them apart', () => {
  expect(valueLabel('money', 1_500, 500, english)).toBe('$1,500')
  expect(valueLabel('money', 0.25, 0.05, english)).toBe('$0.25')
  expect(blanks(valueLabel('money', 1_500, 500, french))).toBe('1 500 €')
  expect(valueLabel('share', 0.05, 0.01, english)).toBe('5%')
  expect(valueLabel('share', 0.025, 0.005, english)).toBe('2.5%')
  expect(valueLabel('seconds', 30, 10, english)).toBe('30 s')
  expect(valueLabel('bytes', 2_000_000, 500_000, english)).toBe('2.0 MB')
  expect(valueLabel('count', 12_000, 2_000, english)).toBe('12,000')
})

test('an axis of values has a few round ones, from zero where that is near', () => {
  expect(valueAxis(245, 2_400).ticks).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500])
  expect(valueAxis(0.9, 1).from).toBeGreaterThan(0.8)
  expect(valueAxis(0, 0).ticks.length).toBeGreaterThan(1)
  expect(valueAxis(-30, 10).ticks).toEqual([-30, -20, -10, 0, 10])
})

test('times are round on the wall clock of the zone', () => {
  const from = Date.UTC(2026, 10, 21, 7, 2)
  const { stepMs, ticks } = timeAxis(from, from + 180 * 60_000, 'Asia/Kolkata', 8)
  expect(ticks.map(tick => timeLabel(tick, stepMs, { ...english, timezone: 'Asia/Kolkata' }))).toEqual([
    '13:00',
    '13:30',
    '14:00',
    '14:30',
    '15:00',
    '15:30'
  ])
  const days = timeAxis(from, from + 7 * 86_400_000, 'UTC', 8)
  expect(timeLabel(days.ticks[0] ?? 0, days.stepMs, english)).toBe('Nov 22')
})

test('a title names metric, currency and segment, in letters that the font has', () => {
  const revenue = { anomalies: [anomalyAt(1)], segment: 'country=DE' } as const
  expect(titleOf(revenue, english)).toBe('Revenue in USD · country=DE')
  expect(titleOf(revenue, french)).toContain('country=DE')
  for (const letter of 'Àçéèêœ$€£·%–’') expect(font().has(letter)).toBe(true)
})
