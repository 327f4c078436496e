import { describe, expect, test } from 'vitest'
import { createLocalDays } from '../../../../detectors/thresholds/local-days.ts'

const berlin = createLocalDays('Europe/Berlin')
const at = (text: string) => Date.parse(text)
const minuteMs = 60_000
const hourMs = 60 * minuteMs

describe('local days', () => {
  test('have 23 and 25 hours where summer time begins and ends', () => {
    const lengthOf = (noon: string) => {
      const day = berlin.dayOf(at(noon))
      return (berlin.startOf(day + 1) - berlin.startOf(day)) / hourMs
    }
    expect(lengthOf('2026-03-28T12:00:00Z')).toBe(24)
    expect(lengthOf('2026-03-29T12:00:00Z')).toBe(23)
    expect(lengthOf('2026-10-25T12:00:00Z')).toBe(25)
  })

  test('begin at local midnight, and are named by their date', () => {
    const day = berlin.dayOf(at('2026-10-25T21:59:59Z'))
    expect(new Date(berlin.startOf(day)).toISOString()).toBe('2026-10-24T22:00:00.000Z')
    expect(berlin.dateOf(day)).toBe('2026-10-25')
    expect(berlin.dayOf(at('2026-10-24T21:59:59Z'))).toBe(day - 1)
    expect(berlin.dayOf(at('2026-10-25T23:00:00Z'))).toBe(day + 1)
    expect(berlin.timeOf(at('2026-10-25T06:05:00Z'))).toBe('07:05')
  })

  test('of a zone without a midnight begin with the first hour', () => {
    const santiago = createLocalDays('America/Santiago')
    const day = santiago.dayOf(at('2026-09-06T12:00:00Z'))
    expect(new Date(santiago.startOf(day)).toISOString()).toBe('2026-09-06T04:00:00.000Z')
  })
})

describe('a full hour', () => {
  const struckIn = (minutes: number, end: string, days = berlin) =>
    days.struck(at(end) - minutes * minuteMs, at(end))

  test('strikes in the window that ends with it, or is the first to end behind it', () => {
    expect(struckIn(5, '2026-07-01T06:00:00Z')).toBe(8)
    expect(struckIn(5, '2026-07-01T06:05:00Z')).toBeUndefined()
    expect(struckIn(5, '2026-07-01T05:55:00Z')).toBeUndefined()
    const kolkata = createLocalDays('Asia/Kolkata')
    expect(struckIn(60, '2026-07-01T03:00:00Z', kolkata)).toBe(8)
    expect(struckIn(5, '2026-07-01T02:30:00Z', kolkata)).toBe(8)
    expect(struckIn(5, '2026-07-01T22:00:00Z')).toBe(0)
  })

  test('strikes in summer time and out of it at the local hour, also in the hour that comes twice', () => {
    const struckOn = (date: string) =>
      Array.from(
        { length: 24 * 12 },
        (_, index) => at(`${date}T00:00:00Z`) + (index + 1) * 5 * minuteMs
      ).filter(end => berlin.struck(end - 5 * minuteMs, end) === 8)
    expect(struckOn('2026-10-24').map(end => new Date(end).toISOString())).toEqual([
      '2026-10-24T06:00:00.000Z'
    ])
    expect(struckOn('2026-10-25').map(end => new Date(end).toISOString())).toEqual([
      '2026-10-25T07:00:00.000Z'
    ])
    expect(struckIn(5, '2026-10-25T00:00:00Z')).toBe(2)
    expect(struckIn(5, '2026-10-25T01:00:00Z')).toBe(2)
    expect(struckIn(5, '2026-03-29T01:00:00Z')).toBe(3)
  })
})
