import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/types.ts'
import { findingsAfterRestart, findingsOf, newDetection, shopWindows } from '../support/cut-stream.ts'

const folder = mkdtempSync(join(tmpdir(), 'cartwatch-history-'))
let store: Store
beforeAll(async () => {
  store = await openStore({ folder, timeoutMs: 60_000 })
  await store.migrate()
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

test('a process that reads its past back from the engine finds what one that went on would have found', async () => {
  const windows = shopWindows(4, 1_900)
  await store.insertWindows('shop', windows)
  const detection = newDetection()
  const uncut = windows.map(window => findingsOf(detection, [window]))
  expect(uncut.flat().length).toBeGreaterThan(10)
  for (const cut of [700, 1_657]) {
    expect(await findingsAfterRestart(store, windows, cut)).toEqual(uncut.slice(cut).flat())
  }
})

test('segments are read of the metrics that are asked for, and whole windows without them', async () => {
  const one = { value: 1, numerator: 1, denominator: 1, sampleSize: 1, squares: 0 }
  const segment = (metric: string): SegmentValue => ({
    metric,
    dimension: 'country',
    segment: 'country=DE',
    ...one
  })
  const window: WindowMetrics = {
    start: 0,
    end: 60_000,
    complete: true,
    records: 1,
    values: new Map([['events', one]]),
    segments: [segment('events'), segment('orders')]
  }
  await store.insertWindows('some', [window])
  expect(await store.windows('some', 0, 60_000)).toEqual([window])
  expect(await store.windows('some', 0, 60_000, [])).toEqual([{ ...window, segments: [] }])
  expect(await store.windows('some', 0, 60_000, ['events', 'revenue'])).toEqual([
    { ...window, segments: [segment('events')] }
  ])
})
