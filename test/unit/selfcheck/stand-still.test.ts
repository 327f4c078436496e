import { describe, expect, test } from 'vitest'
import { createStandStillWatch, type Throughput } from '../../../src/selfcheck/stand-still.ts'

const still: Throughput = {
  now: 0,
  isReading: true,
  openWindows: 1,
  closedUntil: undefined,
  closed: 0,
  waiting: { toCommit: 0, toDecide: 0, toStore: 0 }
}

/** Looks once a second; gives the first second at which something stood still, and what. */
function firstOf(stateAt: (second: number) => Partial<Throughput>, seconds: number) {
  const watch = createStandStillWatch({ closeWithinMs: 100_000 })
  const looks = Array.from({ length: seconds + 1 }, (_, second) =>
    watch({ ...still, now: second * 1_000, ...stateAt(second) })
  )
  const at = looks.findIndex(look => look !== undefined)
  return at < 0 ? undefined : { at, ...looks[at] }
}

describe('windows that are open', () => {
  test('stand still where none closes within the time that a window may take', () => {
    expect(firstOf(() => ({}), 200)).toEqual({
      at: 101,
      cause: 'nothing_closes',
      since: 100_000,
      subject: undefined
    })
  })

  test.each<[string, (second: number) => Partial<Throughput>]>([
    ['windows close', second => ({ closedUntil: Math.floor(second / 90), closed: Math.floor(second / 90) })],
    ['none is open for a moment', second => ({ openWindows: second % 90 === 0 ? 0 : 1 })],
    ['nothing can be read', second => ({ isReading: second % 90 !== 0 })]
  ])('do not where %s', (_, stateAt) => {
    expect(firstOf(stateAt, 1_000)).toBeUndefined()
  })
})

describe('windows that have closed', () => {
  const waitFor = (stage: keyof Throughput['waiting'], count: number) => ({
    openWindows: 0,
    waiting: { ...still.waiting, [stage]: count }
  })

  test.each([
    ['toCommit', 'a commit', 12],
    ['toStore', 'the store', 12],
    ['toDecide', 'the history, which is being read', 251]
  ] as const)('stand still in %s where none comes out, though more come in', (stage, subject, at) => {
    const stateAt = (second: number) =>
      second < 11 ? { openWindows: 0 } : { ...waitFor(stage, 1 + second), closed: second + 100 }
    expect(firstOf(stateAt, 400)).toEqual({ at, cause: 'windows_wait', since: 11_000, subject })
  })

  test('do not while they come out, however many wait', () => {
    const stateAt = (second: number) => ({ ...waitFor('toStore', 900), closed: 900 + second })
    expect(firstOf(stateAt, 400)).toBeUndefined()
  })
})
