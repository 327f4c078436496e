import { describe, expect, test } from 'vitest'
import { createFetchPace } from '../../../../src/source/kafka/fetch-pace.ts'

const kib = 1_024

/** Fetches from a link of this rate that always has more to send; gives what was asked for, and how long each took. */
function fetching(pace: ReturnType<typeof createFetchPace>, bytesPerSecond: number, fetches: number) {
  return Array.from({ length: fetches }, () => {
    const bytes = pace.bytes('a:1')
    const durationMs = (bytes * 1_000) / bytesPerSecond
    pace.answered('a:1', bytes, durationMs)
    return { bytes, durationMs }
  })
}

describe('the size of a fetch', () => {
  test('begins small and doubles while the link brings it in time', () => {
    const asked = fetching(createFetchPace(), 100_000_000, 6).map(({ bytes }) => bytes / kib)
    expect(asked).toEqual([256, 512, 1_024, 2_048, 4_096, 8_192])
  })

  test('settles at what a slow link brings in two seconds, and grows again when the link is fast', () => {
    const pace = createFetchPace()
    const slow = fetching(pace, 180_000, 4)
    expect(slow.slice(1).map(({ bytes }) => bytes)).toEqual([360_000, 360_000, 360_000])
    expect(fetching(pace, 20_000_000, 3).map(({ bytes }) => bytes)).toEqual([360_000, 720_000, 1_440_000])
  })

  test('shrinks at once where a link becomes slow, down to 16 KiB', () => {
    const pace = createFetchPace()
    fetching(pace, 100_000_000, 6)
    expect(fetching(pace, 500_000, 2).map(({ bytes }) => bytes)).toEqual([16_384 * kib, 1_000_000])
    expect(fetching(pace, 1_000, 2).map(({ bytes }) => bytes)).toEqual([1_000_000, 16_384])
  })

  test('is a quarter after a fetch that was not answered in time', () => {
    const pace = createFetchPace()
    pace.timedOut('a:1')
    expect(pace.bytes('a:1')).toBe(64 * kib)
    for (let times = 0; times < 9; times++) pace.timedOut('a:1')
    expect(pace.bytes('a:1')).toBe(16 * kib)
  })

  test('stays where a small answer came soon: there was no more to read', () => {
    const pace = createFetchPace()
    pace.answered('a:1', 900, 400)
    expect(pace.bytes('a:1')).toBe(256 * kib)
    expect(pace.slowness()).toBeUndefined()
  })

  test('shrinks for a small answer that came late', () => {
    const pace = createFetchPace()
    pace.answered('a:1', 50_000, 5_000)
    expect(pace.bytes('a:1')).toBe(20_000)
  })

  test('is its own for each broker', () => {
    const pace = createFetchPace()
    pace.answered('a:1', 256 * kib, 26_214)
    expect([pace.bytes('a:1'), pace.bytes('b:2')]).toEqual([20_000, 256 * kib])
  })
})

describe('a link that is too slow', () => {
  test('is told with the rate of the slowest broker, from below a megabyte a second', () => {
    const pace = createFetchPace()
    fetching(pace, 1_000_000, 3)
    expect(pace.slowness()).toBeUndefined()
    fetching(pace, 180_000, 1)
    pace.answered('b:2', 9_000_000, 100)
    expect(pace.slowness()).toBe('the broker answers too slowly: 180 KB/s')
    fetching(pace, 50_000_000, 1)
    expect(pace.slowness()).toBeUndefined()
  })

  test('is told where nothing came in time', () => {
    const pace = createFetchPace()
    pace.timedOut('a:1')
    expect(pace.slowness()).toBe('the broker answers too slowly: less than 1 KB/s')
  })
})
