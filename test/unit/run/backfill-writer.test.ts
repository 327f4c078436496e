import { describe, expect, test } from 'vitest'
import type { MetricValue, WindowMetrics } from '../../../src/metrics/types.ts'
import { createBackfillWriter } from '../../../src/run/backfill-writer.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const minute = 60_000
const one: MetricValue = { value: 1, numerator: 1, denominator: 1, sampleSize: 1, squares: 0 }

const windowAt = (at: number, fields: Partial<WindowMetrics> = {}): WindowMetrics => ({
  start: at * minute,
  end: (at + 1) * minute,
  complete: true,
  records: 10,
  values: new Map([['orders', one]]),
  segments: [],
  ...fields
})

const byCountry = { metric: 'orders', dimension: 'country', segment: 'country=DE' as const, ...one }

/** What is stored once these windows were filled in over those. */
async function filled(stored: readonly WindowMetrics[], ...windows: readonly WindowMetrics[]) {
  const store = createMemoryStore()
  store.put(stored)
  const writer = createBackfillWriter({ store, pipeline: 'shop', fromMs: 0, toMs: 5 * minute })
  for (const window of windows) writer.push(window)
  await writer.flush()
  return { counts: writer.counts(), rows: [...store.windowRows.values()] }
}

const written = { written: 1, alreadyThere: 0, incomplete: 0 }
const kept = { written: 0, alreadyThere: 1, incomplete: 0 }

describe('a window of the past', () => {
  test('is written where there is none', async () => {
    expect(await filled([], windowAt(0))).toEqual({ counts: written, rows: [windowAt(0)] })
    expect(await filled([], windowAt(0, { records: 0 }))).toMatchObject({ counts: written })
  })

  test('gives way to one that counted more records, complete or not', async () => {
    const fuller = windowAt(0, { records: 11, complete: false })
    expect(await filled([fuller], windowAt(0))).toEqual({ counts: kept, rows: [fuller] })
  })

  test('takes the place of one that counted fewer', async () => {
    const thinner = windowAt(0, { records: 9 })
    expect(await filled([thinner], windowAt(0))).toEqual({ counts: written, rows: [windowAt(0)] })
  })

  test('of as many records is written again only where it has more', async () => {
    const more = windowAt(0, { segments: [byCountry] })
    expect(await filled([windowAt(0)], windowAt(0))).toMatchObject({ counts: kept })
    expect(await filled([windowAt(0, { complete: false })], windowAt(0))).toMatchObject({ counts: written })
    expect(await filled([windowAt(0)], more)).toEqual({ counts: written, rows: [more] })
    expect(await filled([more], windowAt(0))).toEqual({ counts: kept, rows: [more] })
  })

  test('that was not seen whole is not written', async () => {
    expect(await filled([], windowAt(0, { complete: false }))).toEqual({
      counts: { written: 0, alreadyThere: 0, incomplete: 1 },
      rows: []
    })
  })

  test('counts only within the range', async () => {
    const { rows } = await filled([], windowAt(-1), windowAt(0), windowAt(4), windowAt(5))
    expect(rows.map(({ start }) => start / minute)).toEqual([0, 4])
  })
})

test('half a day of windows is as much as should wait', async () => {
  const store = createMemoryStore()
  const writer = createBackfillWriter({ store, pipeline: 'shop', fromMs: 0, toMs: Number.POSITIVE_INFINITY })
  for (let at = 0; at < 719; at++) writer.push(windowAt(at))
  expect(writer.isFull()).toBe(false)
  writer.push(windowAt(719))
  expect(writer.isFull()).toBe(true)
  await writer.flush()
  expect(writer.isFull()).toBe(false)
  expect(store.windowRows.size).toBe(720)
})
