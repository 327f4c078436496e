import { describe, expect, test } from 'vitest'
import type { BaselineOptions } from '../../../../detectors/baseline/options.ts'
import { createSlowShares, type SlowShares } from '../../../../detectors/baseline/slow-shares.ts'
import { minuteMs } from '../../../../src/time/units.ts'

/** Spans of up to three windows: five are remembered. The memory is so long that nothing fades. */
const sharesOf = () =>
  createSlowShares({
    spans: [1, 3],
    windowMs: minuteMs,
    baseline: { memoryMs: Number.POSITIVE_INFINITY } as BaselineOptions
  })

/** Windows of each share's count and exposure, of which all train. */
function feed(shares: SlowShares, from: number, windows: readonly (readonly [number, number][])[]): void {
  for (const [at, values] of windows.entries()) {
    for (const [index, [count, exposure]] of values.entries()) shares.put(index, count, exposure)
    shares.enter(from + at, true)
    shares.train()
  }
}

const repeated = (values: readonly [number, number][], times: number) =>
  Array.from({ length: times }, () => values)

describe('slow shares', () => {
  test('learn what is usual of windows that have left the longest span', () => {
    const shares = sharesOf()
    const share = shares.share(shares.add())
    feed(shares, 100, repeated([[2, 10]], 5))
    expect([share.trainedWindows(), share.compare(3)]).toEqual([0, undefined])
    feed(shares, 105, [[[9, 10]]])
    expect(share.trainedWindows()).toBe(1)
    expect(share.compare(3)).toMatchObject({ observed: 13, exposure: 30, windows: 3, rate: 0.2 })
    expect(share.compare(3)?.expectation).toEqual({ mean: 6, dispersion: 5, levelSd: 0.3 })
    expect(share.single(3, 0)).toMatchObject({ observed: 9, exposure: 10 })
    expect(share.sharesOver(3)).toEqual({ observed: 13, exposure: 30, expected: 6 })
    expect(share.compare(5)).toBeUndefined()
  })

  test('are each by themselves, also one that comes later', () => {
    const shares = sharesOf()
    const first = shares.share(shares.add())
    feed(shares, 100, repeated([[1, 10]], 6))
    const later = shares.share(shares.add())
    feed(
      shares,
      106,
      repeated(
        [
          [1, 10],
          [4, 8]
        ],
        5
      )
    )
    expect([first.trainedWindows(), later.trainedWindows()]).toEqual([6, 0])
    feed(
      shares,
      111,
      repeated(
        [
          [1, 10],
          [4, 8]
        ],
        1
      )
    )
    expect(later.sharesOver(1)).toEqual({ observed: 4, exposure: 8, expected: 4 })
    expect(first.sharesOver(1)).toEqual({ observed: 1, exposure: 10, expected: 1 })
  })

  test('keep their numbers when there are more of them than there was room for', () => {
    const shares = sharesOf()
    const indexes = Array.from({ length: 130 }, () => shares.add())
    const values = indexes.map((index): [number, number] => [index, 200])
    feed(shares, 100, repeated(values, 7))
    expect(indexes.map(index => shares.share(index).sharesOver(3)?.observed)).toEqual(
      indexes.map(index => 3 * index)
    )
  })

  test('learn nothing of windows that are forgotten', () => {
    const shares = sharesOf()
    const share = shares.share(shares.add())
    feed(shares, 100, repeated([[1, 10]], 7))
    shares.put(0, 10, 10)
    shares.enter(107, true)
    shares.forget(1)
    feed(shares, 108, repeated([[1, 10]], 8))
    expect([share.trainedWindows(), share.compare(1)?.rate]).toEqual([10, 0.1])
  })

  test('believe another share, and the former one once it is seen again', () => {
    const shares = sharesOf()
    const share = shares.share(shares.add())
    feed(shares, 100, repeated([[1, 10]], 8))
    for (const window of [108, 109]) {
      shares.put(0, 8, 10)
      shares.enter(window, true)
      shares.forget(1)
    }
    shares.settle(0, 2)
    expect(share.compare(1)).toMatchObject({ rate: 0.8, former: { mean: 1 } })
    feed(shares, 110, repeated([[8, 10]], 4))
    expect(share.compare(1)).toMatchObject({ rate: 0.8, former: { mean: 1 } })
    feed(shares, 114, repeated([[1, 10]], 5))
    expect(share.compare(1)).toMatchObject({ rate: 0.1, former: undefined })
  })

  test('count windows that are missing as not seen, and begin anew behind a long gap', () => {
    const shares = sharesOf()
    const share = shares.share(shares.add())
    feed(shares, 100, repeated([[1, 10]], 8))
    feed(shares, 109, [[[2, 10]]])
    expect(share.compare(3)).toMatchObject({ observed: 3, exposure: 20, windows: 2 })
    feed(shares, 200, [[[3, 10]]])
    expect(share.compare(1)).toBeUndefined()
    feed(shares, 201, [[[4, 10]]])
    expect(share.compare(1)).toMatchObject({ observed: 4, rate: 0.1 })
  })
})
