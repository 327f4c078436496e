import { expect, test } from 'vitest'
import { createPartial } from '../../../../src/window/accumulate.ts'
import { createOpenWindows } from '../../../../src/window/partition/open-windows.ts'
import { ingestOptions } from '../../../support/ingest-options.ts'

const minute = 60_000

function opened() {
  const places: [start: number, offset: number][] = []
  const windows = createOpenWindows(
    start => createPartial(start, ingestOptions()),
    (start, offset) => places.push([start, offset])
  )
  return { ...windows, places }
}

test('the first record of a window opens it, further ones find it open', () => {
  const { at, places } = opened()
  const first = at(minute, 7)
  expect(first.start).toBe(minute)
  at(0, 8)
  expect(at(minute, 9)).toBe(first)
  expect(places).toEqual([
    [minute, 7],
    [0, 8]
  ])
})

test('a share that was taken is open no longer, and a record behind it opens the window anew', () => {
  const { at, take, size, starts, oldest } = opened()
  const first = at(minute, 7)
  at(2 * minute, 8)
  at(minute, 9)
  expect([size(), oldest(), [...starts()]]).toEqual([2, minute, [minute, 2 * minute]])
  expect(take(minute)).toBe(first)
  expect([take(minute), size(), oldest()]).toEqual([undefined, 1, 2 * minute])
  expect(at(minute, 10)).not.toBe(first)
})

test('without a window there is no oldest', () => {
  expect(opened().oldest()).toBeUndefined()
})
