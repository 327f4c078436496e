import { expect, test } from 'vitest'
import { createTopValues } from '../../../../detectors/segments/top-values.ts'

const dayWindows = 1_440

test('a value keeps its place, and a new one takes that of the value least often seen', () => {
  const cleared: number[] = []
  const slots = createTopValues(3, slot => cleared.push(slot))
  for (let window = 0; window < 10; window += 1) {
    slots.take('card', window)
    slots.take('paypal', window)
  }
  slots.take('typo', 10)
  expect([slots.size(), slots.nameOf(2), cleared]).toEqual([3, 'typo', []])
  expect(slots.take('klarna', 11)).toBe(2)
  expect(cleared).toEqual([2])
  expect([slots.find('typo'), slots.find('klarna'), slots.find('card')]).toEqual([undefined, 2, 0])
})

test('values of one window never push each other out', () => {
  const slots = createTopValues(4, () => undefined)
  for (const value of ['a', 'b', 'c', 'd']) slots.take(value, 0)
  for (const value of ['e', 'f', 'g']) slots.take(value, 1)
  expect(['e', 'f', 'g'].map(slots.find)).not.toContain(undefined)
})

test('what was seen often long ago gives way to what is seen now', () => {
  const slots = createTopValues(2, () => undefined)
  for (let window = 0; window < 100; window += 1) slots.take('season', window)
  for (let window = 10 * dayWindows; window < 10 * dayWindows + 5; window += 1) slots.take('daily', window)
  slots.take('new', 10 * dayWindows + 5)
  expect(slots.find('season')).toBeUndefined()
  expect(slots.find('daily')).toBe(1)
})

test('a value that is seen twice in a window counts once', () => {
  const slots = createTopValues(2, () => undefined)
  slots.take('twice', 0)
  slots.take('twice', 0)
  slots.take('often', 0)
  slots.take('often', 1)
  expect(slots.take('new', 2)).toBe(0)
})
