import { expect, test } from 'vitest'
import { createOrderMemory } from '../../../../src/window/orders/memory.ts'

const minute = 60_000
const counted = (at: number, ...keys: number[]) => ({ start: at * minute, keys: Float64Array.from(keys) })

test('a purchase is known for the span, and not beyond it', () => {
  const memory = createOrderMemory({ spanMs: 10 * minute, limit: 100 })
  memory.add(counted(0, 7))
  memory.enter(10 * minute)
  expect(memory.has(7)).toBe(true)
  memory.enter(11 * minute)
  expect(memory.has(7)).toBe(false)
})

test('beyond the limit whole windows are forgotten, the oldest first', () => {
  const memory = createOrderMemory({ spanMs: 60 * minute, limit: 4 })
  expect(memory.add(counted(0, 1, 2))).toBe(0)
  expect(memory.add(counted(1, 3))).toBe(0)
  expect(memory.add(counted(2, 4, 5))).toBe(2)
  expect([1, 2, 3, 4, 5].filter(memory.has)).toEqual([3, 4, 5])
})

test('read back, it is what it was, even at the limit', () => {
  const windows = [counted(0, 1), counted(1, 2, 3), counted(2, 4), counted(3, 5, 6)]
  const memory = createOrderMemory({ spanMs: 60 * minute, limit: 4 })
  for (const window of windows) memory.add(window)
  const again = createOrderMemory({ spanMs: 60 * minute, limit: 4 })
  for (const window of windows.slice(1)) again.add(window)
  const keys = [1, 2, 3, 4, 5, 6]
  expect(keys.filter(memory.has)).toEqual([4, 5, 6])
  expect(keys.filter(again.has)).toEqual([4, 5, 6])
})
