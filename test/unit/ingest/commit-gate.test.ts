import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createCommitGate } from '../../../src/ingest/commit-gate.ts'
import type { WindowMetrics } from '../../../src/metrics/types.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const window = (start: number): WindowMetrics => ({
  start,
  end: start + 1,
  complete: true,
  records: 0,
  values: new Map(),
  segments: []
})

function gated() {
  const clock = createManualClock(0)
  const answers: ((isCommitted: boolean) => void)[] = []
  const pushed: number[] = []
  const gate = createCommitGate({
    commit: () => new Promise(resolve => answers.push(resolve)),
    push: windows => pushed.push(...windows.map(({ start }) => start)),
    clock
  })
  const answer = async (isCommitted: boolean) => {
    answers.shift()?.(isCommitted)
    await turn()
  }
  return { clock, gate, pushed, answer }
}

test('windows that the log closes are handed on at once', () => {
  const { gate, pushed } = gated()
  gate.push([window(1), window(2)], false)
  expect(pushed).toEqual([1, 2])
})

test('a window that the clock closed waits for the commit of its closed marker, and those behind it wait with it', async () => {
  const { gate, pushed, answer } = gated()
  gate.push([window(1)], true)
  gate.push([window(2)], false)
  expect(pushed).toEqual([])
  expect(gate.waiting()).toBe(2)
  await answer(true)
  expect(pushed).toEqual([1])
  await answer(true)
  expect(pushed).toEqual([1, 2])
})

test('a commit that fails is made again a second later', async () => {
  const { clock, gate, pushed, answer } = gated()
  gate.push([window(1)], true)
  await answer(false)
  expect(pushed).toEqual([])
  await clock.advance(1_000)
  await answer(true)
  expect(pushed).toEqual([1])
})

test('what was held before a hand-over is not handed on', async () => {
  const { gate, pushed, answer } = gated()
  gate.push([window(1)], true)
  gate.forget()
  gate.push([window(7)], true)
  await answer(true)
  expect(pushed).toEqual([])
  await answer(true)
  expect(pushed).toEqual([7])
})
