import { describe, expect, test } from 'vitest'
import { createEntryPoint } from '../../../../src/window/partition/entry-point.ts'

const second = 1_000
const minute = 60 * second

const entered = (from?: number, hasEvents = true) =>
  createEntryPoint({ sizeMs: minute, graceMs: 10 * second }, () => hasEvents, from)
const incomplete = (entry: ReturnType<typeof entered>, ...minutes: number[]) =>
  minutes.map(one => entry.isIncomplete(one * minute))

describe('a log entered in its middle', () => {
  test('is incomplete in windows that start before the grace after its first event is over', () => {
    const entry = entered()
    entry.see(55 * second, 55 * second)
    expect(entry.incompleteUntil()).toBe(65 * second)
    expect(incomplete(entry, 0, 1, 2)).toEqual([true, true, false])
  })

  test('is incomplete throughout while nothing tells where it was, once it has events', () => {
    expect(incomplete(entered(undefined, true), 50)).toEqual([true])
    expect(incomplete(entered(undefined, false), 50)).toEqual([false])
  })

  test('whose first event is a straggler is entered at one that came a window sooner after its time', () => {
    const entry = entered()
    entry.see(5 * second, 60 * minute)
    expect(entry.incompleteUntil()).toBe(15 * second)
    entry.see(30 * minute, 89 * minute + 5 * second)
    expect(entry.incompleteUntil()).toBe(15 * second)
    entry.see(60 * minute, 60 * minute)
    expect(entry.incompleteUntil()).toBe(60 * minute + 10 * second)
  })

  test('is settled a hundred events after the first', () => {
    const entry = entered()
    entry.see(0, 60 * minute)
    for (let event = 0; event < 99; event++) entry.see(0, 60 * minute)
    expect(entry.isSettled()).toBe(false)
    entry.see(0, 60 * minute)
    expect(entry.isSettled()).toBe(true)
    entry.see(60 * minute, 60 * minute)
    expect(entry.incompleteUntil()).toBe(10 * second)
  })
})

test('a log read from its beginning is whole and settled', () => {
  const entry = entered(0)
  entry.see(55 * second, 55 * second)
  expect([entry.isSettled(), entry.incompleteUntil()]).toEqual([true, 0])
  expect(incomplete(entry, 0)).toEqual([false])
})

test('a log that lost records is incomplete until the next event tells how far', () => {
  const entry = entered(0)
  entry.loseRecords()
  expect(incomplete(entry, 50)).toEqual([true])
  entry.see(9 * minute, 9 * minute)
  expect(incomplete(entry, 0, 9, 10)).toEqual([true, true, false])
})

test('what may still come extends it, and never sets it back', () => {
  const entry = entered(0)
  entry.extendTo(7 * minute)
  entry.extendTo(3 * minute)
  expect(entry.incompleteUntil()).toBe(7 * minute)
  const unknown = entered()
  unknown.extendTo(7 * minute)
  expect(unknown.incompleteUntil()).toBeUndefined()
})
