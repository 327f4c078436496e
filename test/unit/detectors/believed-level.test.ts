import { describe, expect, test } from 'vitest'
import { createDetection } from '../../../detectors/detection.ts'
import type { Verdict } from '../../../detectors/types.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { type Minute, minuteMs, usualMinute, windowOf } from './shop-windows.ts'

const options = { detectors: detectorDefaults, windowMs: minuteMs, timezone: 'UTC', currency: 'USD' }
const hour = 60
const warm = 120

/** A shop that changes after two hours. */
function run(minutes: number, change: (usual: Minute, since: number) => Partial<Minute>): Verdict[] {
  const detection = createDetection(options)
  const windows = Array.from({ length: warm + minutes }, (_, minute) => {
    const usual = usualMinute(minute)
    return windowOf(minute, { ...usual, ...(minute >= warm && change(usual, minute - warm)) })
  })
  return windows.map(window => detection.judge(window)).slice(warm)
}

/** Minutes after the change in which a kind was found. */
const foundOf = (verdicts: readonly Verdict[], kind: string) =>
  verdicts.flatMap(({ findings }, minute) => (findings.some(one => one.kind === kind) ? [minute] : []))

const times =
  (factor: number, until = Number.POSITIVE_INFINITY) =>
  (usual: Minute, since: number): Partial<Minute> => {
    const { orderValue, ...counts } = usual
    if (since >= until) return usual
    return Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, Math.round(count * factor)])
    )
  }

const aboveLow = (verdicts: readonly Verdict[]) =>
  verdicts.flatMap(({ findings }) => findings).filter(({ severity }) => severity !== 'low')

describe('a level that lasts', () => {
  test.each([3, 20])('of %s times as much of everything is low, and believed within minutes', factor => {
    const verdicts = run(4 * hour, times(factor))
    const found = foundOf(verdicts, 'traffic_spike')
    expect(found[0]).toBeLessThanOrEqual(3)
    expect(found.at(-1)).toBeLessThanOrEqual(20)
    expect(aboveLow(verdicts)).toEqual([])
  })

  test('is said once, with the finding that it was believed by; an end is not', () => {
    const believed = (verdicts: readonly Verdict[]) =>
      verdicts.flatMap(({ believed: kinds = [] }, minute) =>
        kinds.includes('traffic_spike') ? [minute] : []
      )
    expect(believed(run(4 * hour, times(3)))).toHaveLength(1)
    expect(believed(run(4 * hour, times(3)))[0]).toBeGreaterThan(8)
    expect(believed(run(2 * hour, times(3, 6)))).toEqual([])
  })

  test('may go back to what it was, hours later', () => {
    expect(aboveLow(run(7 * hour, times(3, 3 * hour)))).toEqual([])
    expect(aboveLow(run(20 * hour, times(4, 14 * hour)))).toEqual([])
  })

  test('that went back to what it was hides no flood soon after', () => {
    const verdicts = run(2 * hour, (usual, since) => {
      if (since < 30) return times(2)(usual, since)
      return since >= 50 ? { events: Math.round(2 * usual.events) } : {}
    })
    expect(foundOf(verdicts, 'traffic_spike').find(minute => minute >= 50)).toBeLessThanOrEqual(53)
  })

  test('is judged by what it is: an outage in it is found at once', () => {
    const verdicts = run(3 * hour, (usual, since) => ({
      ...times(3)(usual, since),
      ...(since >= 2 * hour && { orders: 0 })
    }))
    expect(foundOf(verdicts, 'revenue_drop')[0]).toBeLessThanOrEqual(2 * hour + 2)
    expect(foundOf(verdicts, 'checkout_failure')[0]).toBeLessThanOrEqual(2 * hour + 2)
  })

  test('of a flood without orders is believed within an hour, and its end is no drop', () => {
    const verdicts = run(5 * hour, ({ events }, since) => (since < 3 * hour ? { events: 4 * events } : {}))
    const found = foundOf(verdicts, 'traffic_spike')
    expect(found.length).toBeGreaterThan(50)
    expect(found.at(-1)).toBeLessThanOrEqual(70)
    expect(verdicts.slice(70).flatMap(({ findings }) => findings)).toEqual([])
  })

  test('is no end of what lasts: that comes with what was before', () => {
    const verdicts = run(3 * hour, ({ events }, since) => (since < 2 * hour ? { events: 4 * events } : {}))
    const minutesOf = (key: 'lasting' | 'back') =>
      verdicts.flatMap((verdict, minute) => (verdict[key]?.includes('traffic_spike') ? [minute] : []))
    const found = foundOf(verdicts, 'traffic_spike')
    expect(found.at(-1)).toBeLessThanOrEqual(70)
    expect(
      [...found, ...minutesOf('lasting')].filter(minute => minute >= 10 && minute < 2 * hour)
    ).toHaveLength(2 * hour - 10)
    expect(minutesOf('back')[0]).toBeGreaterThanOrEqual(2 * hour)
    expect(minutesOf('back')[0]).toBeLessThanOrEqual(2 * hour + 10)
  })

  test('is not believed sooner for one mild finding of a grave condition', () => {
    const verdicts = run(2 * hour, ({ events, orders }, since) => ({
      events: 4 * events,
      // A few minutes of it look like a good day.
      ...(since >= 20 && since < 25 && { orders: 4 * orders, cartAdds: 4 * usualMinute(0).cartAdds })
    }))
    expect(foundOf(verdicts, 'traffic_spike').at(-1)).toBeGreaterThan(50)
  })

  test('of less traffic is believed within an hour', () => {
    const verdicts = run(4 * hour, times(0.55))
    const found = foundOf(verdicts, 'traffic_drop')
    expect(found.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    expect(found.at(-1)).toBeLessThanOrEqual(75)
    expect(verdicts.slice(75).flatMap(({ findings }) => findings)).toEqual([])
  })

  test('is an outage where it is critical, for six hours', () => {
    const found = foundOf(
      run(8 * hour, () => ({ orders: 0 })),
      'revenue_drop'
    )
    expect(found.filter(minute => minute >= hour && minute < 6 * hour)).toHaveLength(5 * hour)
  })
})

describe('a finding', () => {
  test('keeps no other kind from learning', () => {
    const detection = createDetection(options)
    for (let minute = 0; minute < 100; minute += 1) {
      const usual = usualMinute(minute)
      const { values: all, ...window } = windowOf(minute, {
        ...usual,
        ...(minute >= 50 && { events: 6_000 })
      })
      const values = new Map(all)
      // Checkouts are there only from the flood on.
      if (minute < 50) values.delete('checkout_success_rate')
      const { findings } = detection.judge({ ...window, values })
      if (minute >= 55) expect(findings.map(({ kind }) => kind)).toEqual(['traffic_spike'])
    }
    expect(detection.warmup()).toContainEqual({
      kind: 'checkout_failure',
      windowsSeen: 50,
      windowsNeeded: 45
    })
  })
})
