import { expect, test } from 'vitest'
import { createBins } from '../../../../detectors/stats/bins.ts'

test('a bin has what was added to it and in how many windows, until its slot is taken by a newer one', () => {
  const bins = createBins(3)
  for (const [bin, count] of [
    [-1, 5],
    [0, 7],
    [0, 8]
  ] as const)
    bins.add(bin, count)
  const seen = (bin: number) => (bins.has(bin) ? [bins.count(bin), bins.windows(bin)] : undefined)
  expect([-2, -1, 0, 1].map(seen)).toEqual([undefined, [5, 1], [15, 2], undefined])
  bins.add(2, 9)
  expect([-1, 0, 2].map(seen)).toEqual([undefined, [15, 2], [9, 1]])
})
