import { describe, expect, test } from 'vitest'
import { createLateRule } from '../../../../src/window/partition/late-rule.ts'
import type { ClosedMarker } from '../../../../src/window/types.ts'

const minute = 60_000

function ruleAt(maxEventTime: number, markers: readonly ClosedMarker[] = []) {
  const clock = { maxEventTime: () => maxEventTime }
  return createLateRule({ sizeMs: minute, graceMs: 10_000 }, clock, markers)
}
const marker = (fromOffset: number, minutes: number): ClosedMarker => ({
  fromOffset,
  until: minutes * minute
})

describe('an event is late', () => {
  test('where its window ends at or before the newest event less the grace', () => {
    expect([ruleAt(69_999).isLate(minute), ruleAt(70_000).isLate(minute)]).toEqual([false, true])
  })

  test('where its window ends at or before a closed marker that reading has met', () => {
    const late = ruleAt(0, [marker(5, 3)])
    expect(late.isLate(3 * minute)).toBe(false)
    late.meet(4)
    expect(late.isLate(3 * minute)).toBe(false)
    late.meet(5)
    expect([late.isLate(3 * minute), late.isLate(4 * minute)]).toEqual([true, false])
  })
})

test('late and dead records count in the window of the newest event, or behind the last closed marker', () => {
  expect(ruleAt(Number.NEGATIVE_INFINITY).openStart()).toBe(Number.NEGATIVE_INFINITY)
  expect(ruleAt(150_000).openStart()).toBe(2 * minute)
  const late = ruleAt(150_000, [marker(0, 4)])
  late.meet(0)
  expect(late.openStart()).toBe(4 * minute)
})

describe('closed markers', () => {
  test('are met in order, and the first of those met is given', () => {
    const late = ruleAt(0, [marker(5, 3), marker(6, 4), marker(9, 5)])
    expect([late.meet(4), late.meet(7), late.meet(8)]).toEqual([undefined, marker(5, 3), undefined])
    expect(late.hasMarkersAhead()).toBe(true)
    expect(late.meet(9)).toEqual(marker(9, 5))
    expect(late.hasMarkersAhead()).toBe(false)
  })

  test('are kept only where the events do not say the same', () => {
    const late = ruleAt(70_000)
    expect([late.mark(1, minute), late.mark(1, 2 * minute)]).toEqual([false, true])
    expect(late.markers()).toEqual([marker(1, 2)])
  })

  test('are kept one a place: the later takes the place of the earlier', () => {
    const late = ruleAt(0)
    for (const [offset, minutes] of [
      [1, 1],
      [1, 2],
      [2, 5]
    ] as const) {
      late.mark(offset, minutes * minute)
      late.meet(offset)
    }
    expect(late.markers()).toEqual([marker(1, 2), marker(2, 5)])
  })

  test('that tell where dead letters went are not replaced', () => {
    const late = ruleAt(Number.NEGATIVE_INFINITY)
    late.mark(1, minute)
    late.pin(late.meet(1) as ClosedMarker)
    late.mark(1, 2 * minute)
    expect(late.markers()).toEqual([marker(1, 1), marker(1, 2)])
  })

  test('that lie ahead are dropped where a new one says more', () => {
    const late = ruleAt(0, [marker(5, 3), marker(6, 7)])
    late.mark(2, 4 * minute)
    expect(late.markers()).toEqual([marker(2, 4), marker(6, 7)])
  })

  test('below the place where reading may begin again are forgotten but for the last', () => {
    const late = ruleAt(0, [marker(1, 1), marker(4, 2), marker(6, 3)])
    late.meet(6)
    late.forgetBelow(0)
    expect(late.markers()).toHaveLength(3)
    late.forgetBelow(5)
    expect(late.markers()).toEqual([marker(4, 2), marker(6, 3)])
    expect(late.hasMarkersAhead()).toBe(false)
  })

  test('that reading has not met are never forgotten', () => {
    const late = ruleAt(0, [marker(1, 1), marker(4, 2), marker(6, 3)])
    late.meet(1)
    late.forgetBelow(6)
    expect(late.markers()).toEqual([marker(4, 2), marker(6, 3)])
  })
})
