import { describe, expect, test } from 'vitest'
import { createPartitionClock } from '../../../../src/window/partition/clock.ts'

const second = 1_000

function clockFrom(maxEventTime?: number, maxRecordTime?: number) {
  const own = createPartitionClock(
    { graceMs: 10 * second, idleMs: 30 * second },
    { maxEventTime, maxRecordTime }
  )
  return {
    ...own,
    /** Counts an event; its record is as old as itself unless said. */
    read(eventTime: number, recordTime = eventTime) {
      own.count(eventTime, recordTime)
      own.move()
    },
    end: (askedAt: number, answeringSince = Number.NEGATIVE_INFINITY) =>
      own.endSeen(true, askedAt, answeringSince)
  }
}

describe('the newest event', () => {
  test('is that of the greatest time, with the time of its own record', () => {
    const clock = clockFrom()
    expect([clock.maxEventTime(), clock.maxRecordTime()]).toEqual([Number.NEGATIVE_INFINITY, undefined])
    clock.read(100 * second, 101 * second)
    clock.read(90 * second, 102 * second)
    clock.read(100 * second, 103 * second)
    expect([clock.maxEventTime(), clock.maxRecordTime()]).toEqual([100 * second, 101 * second])
  })
})

describe('the watermark', () => {
  test('is the newest event time less the grace', () => {
    const clock = clockFrom()
    clock.read(100 * second)
    clock.end(110 * second)
    expect(clock.watermark()).toBe(90 * second)
  })

  test('of a partition without events is unknown until reading is at its end, then there is nothing to wait for', () => {
    const clock = clockFrom()
    expect(clock.watermark()).toBe(Number.NEGATIVE_INFINITY)
    clock.end(500 * second)
    expect(clock.watermark()).toBeUndefined()
  })
})

describe('a partition that is quiet', () => {
  test('moves on by the clock since its newest record, less the idle time', () => {
    const clock = clockFrom()
    clock.read(100 * second, 101 * second)
    clock.end(171 * second)
    clock.end(201 * second)
    expect(clock.watermark()).toBe(100 * second + 100 * second - 30 * second)
  })

  test('knows after a restart when its newest record came', () => {
    const clock = clockFrom(100 * second, 101 * second)
    clock.end(171 * second)
    clock.end(201 * second)
    expect(clock.watermark()).toBe(170 * second)
  })

  test('of old events does not jump to today', () => {
    const clock = clockFrom()
    const today = 1_000 * 86_400 * second
    clock.read(100 * second, today)
    clock.end(today + 30 * second)
    clock.end(today + 60 * second)
    expect(clock.watermark()).toBe(130 * second)
  })

  test('where the broker was away, silence begins anew once it answers, and what came before may be missing', () => {
    const clock = clockFrom()
    clock.read(100 * second)
    const back = 400 * second
    expect(clock.end(back, back)).toBeUndefined()
    expect(clock.end(back + 29 * second, back)).toBeUndefined()
    expect(clock.watermark()).toBe(90 * second)
    expect(clock.end(back + 30 * second, back)).toBe(400 * second)
    expect(clock.watermark()).toBe(400 * second)
  })

  test('where records came after the broker was away, silence is that since the last of them', () => {
    const clock = clockFrom()
    clock.read(500 * second)
    clock.end(670 * second, 400 * second)
    expect(clock.end(700 * second, 400 * second)).toBeUndefined()
    expect(clock.watermark()).toBe(670 * second)
  })

  test('is heard again with its next event', () => {
    const clock = clockFrom()
    clock.read(100 * second)
    clock.end(500 * second)
    clock.read(110 * second)
    expect([clock.watermark(), clock.isAtEnd()]).toEqual([100 * second, false])
  })

  test('is heard again where records were lost', () => {
    const clock = clockFrom()
    clock.read(100 * second)
    clock.end(140 * second)
    clock.end(201 * second)
    expect(clock.watermark()).toBe(171 * second)
    clock.loseRecords()
    clock.move()
    expect(clock.watermark()).toBe(90 * second)
  })

  test('is not woken by late events alone', () => {
    const clock = clockFrom()
    clock.read(600 * second)
    clock.end(601 * second)
    clock.end(701 * second)
    expect(clock.watermark()).toBe(671 * second)
    clock.move()
    expect(clock.watermark()).toBe(671 * second)
    clock.end(711 * second)
    expect(clock.watermark()).toBe(681 * second)
  })

  test('is not moved by a wall clock that is hours ahead while records come within the idle time', () => {
    const clock = clockFrom()
    const hoursAhead = 5 * 3_600 * second
    clock.read(100 * second)
    clock.end(hoursAhead + 101 * second)
    expect(clock.watermark()).toBe(90 * second)
    clock.read(120 * second)
    clock.end(hoursAhead + 121 * second)
    clock.end(hoursAhead + 181 * second)
    expect(clock.watermark()).toBe(150 * second)
  })

  test('counts an event as seen coming for 30 s after the last answer, and no longer', () => {
    const watermarkAfter = (ms: number) => {
      const clock = clockFrom()
      clock.read(100 * second)
      clock.end(1_000 * second)
      clock.read(110 * second, 900 * second)
      clock.end(1_000 * second + ms)
      clock.end(1_000 * second + ms + 40 * second)
      return clock.watermark()
    }
    // By our own clock 40 s, less the idle time; else by the record's timestamp.
    expect([watermarkAfter(30_000), watermarkAfter(30_001)]).toEqual([120 * second, 250_001])
  })

  test('moves on as fast as time passes where the wall clock is hours behind', () => {
    const clock = clockFrom()
    const hoursBehind = -5 * 3_600 * second
    clock.read(100 * second)
    clock.end(hoursBehind + 101 * second)
    clock.end(hoursBehind + 201 * second)
    expect(clock.watermark()).toBe(170 * second)
  })
})

test('an answer tells when reading was at the end last, and nothing where it was not', () => {
  const clock = clockFrom()
  clock.end(500 * second)
  clock.endSeen(false, 600 * second, Number.NEGATIVE_INFINITY)
  expect([clock.isAtEnd(), clock.endSeenAt()]).toEqual([false, 500 * second])
})
