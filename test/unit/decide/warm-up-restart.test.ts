import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findingsAfterRestart, findingsOf, newDetection, shopWindows } from '../../support/cut-stream.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { tries } from '../../support/tries.ts'

test('wherever a stream is cut in two, a new process finds what one that kept running would have found', async () => {
  const windows = shopWindows(3, 2_200)
  const store = createMemoryStore()
  store.put(windows)
  const detection = newDetection()
  const uncut = windows.map(window => findingsOf(detection, [window]))
  expect(uncut.flat().length).toBeGreaterThan(20)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: windows.length - 300 }), async cut => {
      expect(await findingsAfterRestart(store, windows, cut)).toEqual(uncut.slice(cut).flat())
    }),
    { numRuns: tries(3) }
  )
})
