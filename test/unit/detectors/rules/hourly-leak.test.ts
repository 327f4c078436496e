import { describe, expect, test } from 'vitest'
import type { HoursSeen, RecentHours } from '../../../../detectors/baseline/recent-hours.ts'
import { createHourlyLeak } from '../../../../detectors/rules/hourly-leak.ts'

const usual: HoursSeen = { count: 1_000, exposure: 20_000, expected: 1_000, spread: 0.02, days: 10 }

/** Hours as they are told, of which the newest has ended. */
function hoursOf(told: { hour: number; seen: HoursSeen | undefined }): RecentHours {
  const nothing = () => {}
  return {
    ...{ enter: nothing, train: nothing, forget: nothing, settle: nothing, remember: nothing },
    endedHour: () => told.hour,
    last: () => told.seen
  }
}

function leakWith(seen: HoursSeen | undefined, bought: HoursSeen | undefined = seen) {
  const told = { hour: 7, seen }
  const ask = createHourlyLeak({
    conversion: hoursOf(told),
    buyers: hoursOf({ hour: 7, seen: bought }),
    dispersion: () => 1,
    leastDrop: 0.2,
    maxPValue: 1e-4
  })
  return { told, ask }
}

describe('a leak of hours', () => {
  test('is a fall far beyond what days stray by', () => {
    expect(leakWith({ ...usual, count: 700 }).ask()).toMatchObject({ hours: 2, count: 700, expected: 1_000 })
    expect(leakWith({ ...usual, count: 700 }).ask()?.probability).toBeLessThan(1e-5)
  })

  test('is none of a smaller fall, however sure', () => {
    const many = { ...usual, count: 81_000, expected: 100_000, exposure: 2_000_000, spread: 0 }
    expect(leakWith(many).ask()).toBeUndefined()
    expect(leakWith({ ...many, count: 70_000 }).ask()).toBeDefined()
  })

  test('is none where days stray as far, nor of few buyers, nor of few days', () => {
    expect(leakWith({ ...usual, count: 700, spread: 0.2 }).ask()).toBeUndefined()
    expect(leakWith({ ...usual, count: 7, expected: 10, exposure: 200 }).ask()).toBeUndefined()
    expect(leakWith({ ...usual, count: 700, days: 4 }).ask()).toBeUndefined()
    expect(leakWith(undefined).ask()).toBeUndefined()
  })

  test('is none where as many buy as usual: then there are more visits', () => {
    expect(leakWith({ ...usual, count: 700 }, { ...usual, count: 990 }).ask()).toBeUndefined()
    expect(leakWith({ ...usual, count: 700 }, { ...usual, count: 800 }).ask()).toBeDefined()
  })

  test('lasts until an hour that has ended shows that it is over', () => {
    const { told, ask } = leakWith({ ...usual, count: 700 })
    expect(ask()).toBeDefined()
    told.seen = usual
    expect(ask()).toBeDefined()
    told.hour = 8
    expect(ask()).toBeUndefined()
  })
})
