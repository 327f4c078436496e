import { describe, expect, test } from 'vitest'
import { createTokenBucket } from '../../../src/delivery/token-bucket.ts'

/** Two at once, then one every half second. */
const rate = { perSecond: 2, burst: 2 }

describe('a token bucket', () => {
  test('lets a burst through at once, then one message per interval', () => {
    const bucket = createTokenBucket(rate)
    bucket.take(0)
    expect(bucket.waitMs(0)).toBe(0)
    bucket.take(0)
    expect(bucket.waitMs(0)).toBe(500)
    expect(bucket.waitMs(200)).toBe(300)
    expect(bucket.waitMs(500)).toBe(0)
  })

  test('holds no more than its burst, however long nothing was sent', () => {
    const bucket = createTokenBucket(rate)
    bucket.take(0)
    bucket.take(3_600_000)
    bucket.take(3_600_000)
    expect(bucket.waitMs(3_600_000)).toBe(500)
  })

  test('stays closed until the later of two Retry-After times, whichever came first', () => {
    const longFirst = createTokenBucket(rate)
    longFirst.closeUntil(30_000)
    longFirst.closeUntil(10_000)
    expect([longFirst.waitMs(0), longFirst.closedMs(0), longFirst.waitMs(30_000)]).toEqual([
      30_000, 30_000, 0
    ])
    const shortFirst = createTokenBucket(rate)
    shortFirst.closeUntil(10_000)
    shortFirst.closeUntil(30_000)
    expect(shortFirst.waitMs(0)).toBe(30_000)
  })

  test('keeps its tokens when the rate changes, but no more than the new burst', () => {
    const bucket = createTokenBucket(rate)
    bucket.change({ perSecond: 10, burst: 1 })
    bucket.take(0)
    expect(bucket.waitMs(0)).toBe(100)
    bucket.change({ perSecond: 1, burst: 5 })
    expect(bucket.waitMs(0)).toBe(1_000)
  })
})
