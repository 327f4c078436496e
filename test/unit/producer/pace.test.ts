import { expect, test } from 'vitest'
import { type Pace, type PaceClock, paced } from '../../../producer/pace.ts'
import type { ShopRecord } from '../../../producer/record.ts'

const record = (arrivalMs: number): ShopRecord => ({
  eventTime: arrivalMs,
  arrivalMs,
  sessionId: 's',
  line: '{}'
})
const records = (...arrivals: number[]) => arrivals.map(record)

function testClock(): PaceClock {
  let nowMs = 1_000
  return {
    now: () => nowMs,
    sleep: async ms => {
      nowMs += ms
    }
  }
}

async function sent(given: readonly ShopRecord[], pace: Pace, signal?: AbortSignal) {
  const clock = testClock()
  const out: [number, number][] = []
  for await (const batch of paced(given, pace, 0, clock, signal))
    out.push([clock.now() - 1_000, batch.length])
  return out
}

test('without a limit everything goes out at once, in batches of 2,000', async () => {
  const many = Array.from({ length: 4_500 }, (_, index) => record(index * 1_000))
  expect(await sent(many, { kind: 'unlimited' })).toEqual([
    [0, 2_000],
    [0, 2_000],
    [0, 500]
  ])
})

test('at 60x a record that arrives a minute after the start goes out after a second', async () => {
  expect(await sent(records(0, 60, 60_000, 120_000), { kind: 'speed', factor: 60 })).toEqual([
    [0, 2],
    [1_000, 1],
    [2_000, 1]
  ])
})

test('a live record goes out when its time comes by the clock, or at once where it is past', async () => {
  expect(await sent(records(0, 900, 1_030, 1_500, 61_000), { kind: 'live' })).toEqual([
    [0, 3],
    [500, 1],
    [60_000, 1]
  ])
})

test('a rate spreads records evenly, whatever their event times', async () => {
  const out = await sent(records(...Array.from({ length: 100 }, () => 0)), {
    kind: 'rate',
    recordsPerSecond: 50
  })
  expect(out.reduce((sum, [, count]) => sum + count, 0)).toBe(100)
  expect(out.at(-1)?.[0]).toBeGreaterThan(1_900)
  expect(out.at(-1)?.[0]).toBeLessThan(2_000)
})

test('an abort ends the records before the next batch', async () => {
  const stop = new AbortController()
  const batches = paced(
    records(0, 60_000, 120_000),
    { kind: 'speed', factor: 1 },
    0,
    testClock(),
    stop.signal
  )
  expect((await batches.next()).value).toHaveLength(1)
  stop.abort()
  expect(await batches.next()).toEqual({ done: true, value: undefined })
})
