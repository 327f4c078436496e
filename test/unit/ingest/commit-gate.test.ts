import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createSealing } from '../../../src/ingest/commit-gate.ts'
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

function sealed() {
  const clock = createManualClock(0)
  const answers: ((isCommitted: boolean) => void)[] = []
  const pushed: number[] = []
  const sealing = createSealing({
    commit: () => new Promise(resolve => answers.push(resolve)),
    push: windows => pushed.push(...windows.map(({ start }) => start)),
    clock
  })
  const answer = async (isCommitted: boolean) => {
    answers.shift()?.(isCommitted)
    await turn()
  }
  return { clock, sealing, pushed, answer }
}

test('windows that the log closes are handed on at once', () => {
  const { sealing, pushed } = sealed()
  sealing.push([window(1), window(2)], false)
  expect(pushed).toEqual([1, 2])
})

test('a window that the clock closed waits for the commit of its seal, and those behind it wait with it', async () => {
  const { sealing, pushed, answer } = sealed()
  sealing.push([window(1)], true)
  sealing.push([window(2)], false)
  expect(pushed).toEqual([])
  expect(sealing.waiting()).toBe(2)
  await answer(true)
  expect(pushed).toEqual([1])
  await answer(true)
  expect(pushed).toEqual([1, 2])
})

test('a commit that fails is made again a second later', async () => {
  const { clock, sealing, pushed, answer } = sealed()
  sealing.push([window(1)], true)
  await answer(false)
  expect(pushed).toEqual([])
  await clock.advance(1_000)
  await answer(true)
  expect(pushed).toEqual([1])
})

test('what was held before a hand-over is not handed on', async () => {
  const { sealing, pushed, answer } = sealed()
  sealing.push([window(1)], true)
  sealing.forget()
  sealing.push([window(7)], true)
  await answer(true)
  expect(pushed).toEqual([])
  await answer(true)
  expect(pushed).toEqual([7])
})
