import { describe, expect, test } from 'vitest'
import { createStalledPartitions } from '../../../src/ingest/stalled-partitions.ts'
import type { PartitionWindows } from '../../../src/window/types.ts'
import { ingestOptions } from '../../support/ingest-options.ts'

const seconds = (count: number) => count * 1_000

/** Two partitions, of which `t/1` is the slowest. Healthy ones hold back others for at most 200 s while at their end. */
function watching(watermark = 0) {
  const slow = { isAtEnd: false, endSeenAt: undefined as number | undefined, watermark }
  const partition: Partial<PartitionWindows> = {
    readToEnd: () => slow.isAtEnd,
    endSeenAt: () => slow.endSeenAt,
    watermark: () => slow.watermark
  }
  const one = partition as PartitionWindows
  const stalled = createStalledPartitions(
    ingestOptions({ skipAfterMs: seconds(1_800) }),
    new Map([
      ['t/0', one],
      ['t/1', one]
    ]),
    0
  )
  return {
    slow,
    stalled,
    skip: (second: number, { isReading = true, waiting = 10 } = {}) =>
      stalled.skip(seconds(second), isReading, { slowestPartition: 't/1', waiting })
  }
}

describe('the slowest partition is skipped', () => {
  test('after the others waited for it for more than the bound', () => {
    const { skip, stalled } = watching()
    expect([skip(1_800), stalled.skipped()]).toEqual([false, new Set()])
    expect([skip(1_801), stalled.skipped()]).toEqual([true, new Set(['t/1'])])
  })

  test('not for time in which nothing waits, nothing is read, or windows close', () => {
    const { skip, stalled } = watching()
    skip(1_000, { waiting: 0 })
    expect(skip(2_800)).toBe(false)
    skip(2_800, { isReading: false })
    expect(skip(4_600)).toBe(false)
    stalled.released(seconds(4_600))
    expect(skip(6_400)).toBe(false)
    expect(skip(6_401)).toBe(true)
  })

  test('not where it is the last one that is waited for', () => {
    const { skip, stalled } = watching()
    skip(1_801)
    expect(stalled.skip(seconds(9_999), true, { slowestPartition: 't/0', waiting: 10 })).toBe(false)
  })

  test('sooner where it is read to its end and brings only old events, for its clock is behind', () => {
    const { slow, skip } = watching()
    Object.assign(slow, { isAtEnd: true, endSeenAt: seconds(300) })
    expect(skip(300)).toBe(false)
    slow.endSeenAt = seconds(500)
    expect(skip(500)).toBe(false)
    slow.endSeenAt = seconds(501)
    expect(skip(501)).toBe(true)
  })

  test('no sooner where few windows wait, its events are new, or its end was not seen for long', () => {
    const few = watching()
    Object.assign(few.slow, { isAtEnd: true, endSeenAt: seconds(400) })
    few.skip(400, { waiting: 3 })
    const fresh = watching(seconds(250))
    Object.assign(fresh.slow, { isAtEnd: true, endSeenAt: seconds(400) })
    fresh.skip(400)
    const unseen = watching()
    Object.assign(unseen.slow, { isAtEnd: true, endSeenAt: seconds(369) })
    unseen.skip(400)
    for (const { slow } of [few, fresh, unseen]) slow.endSeenAt = seconds(601)
    expect([few.skip(601, { waiting: 3 }), fresh.skip(601), unseen.skip(601)]).toEqual([false, false, false])
  })
})

describe('a skipped partition', () => {
  function skipped() {
    const own = watching()
    own.skip(1_801)
    return own
  }

  test('lags unless it was read to its end within the last half minute', () => {
    const { slow, stalled } = skipped()
    const laggingAt = (second: number) => {
      stalled.refresh(seconds(second), seconds(1_800))
      return [...stalled.lagging()]
    }
    expect(laggingAt(1_802)).toEqual(['t/1'])
    slow.endSeenAt = seconds(1_802)
    expect([laggingAt(1_832), laggingAt(1_833)]).toEqual([[], ['t/1']])
  })

  test('is waited for again once it is read to its end and as far as the closed windows', () => {
    const { slow, stalled } = skipped()
    slow.watermark = seconds(1_799)
    slow.isAtEnd = true
    stalled.refresh(seconds(1_802), seconds(1_800))
    expect([...stalled.skipped()]).toEqual(['t/1'])
    slow.watermark = seconds(1_800)
    slow.isAtEnd = false
    stalled.refresh(seconds(1_802), seconds(1_800))
    expect([...stalled.skipped()]).toEqual(['t/1'])
    slow.isAtEnd = true
    stalled.refresh(seconds(1_802), seconds(1_800))
    expect([...stalled.skipped()]).toEqual([])
  })
})
