import { expect, test } from 'vitest'
import { steadyClock } from '../../../src/telemetry/steady-clock.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A steady clock over a wall clock that is set, and the steps that it saw. */
function setClock() {
  const wall = createManualClock(1_000 * hourMs)
  let setMs = 0
  const steps: number[] = []
  const clock = steadyClock({
    wall: { ...wall, now: () => wall.now() + setMs },
    onStep: ms => steps.push(ms)
  })
  return {
    clock,
    steps,
    set(ms: number) {
      setMs += ms
    },
    /** How far it is from the true time after so much more of it, looked at every minute. */
    async errorAfter(ms: number) {
      for (let passed = 0; passed < ms; passed += minuteMs) {
        wall.stand(minuteMs)
        clock.now()
      }
      return clock.now() - wall.now()
    }
  }
}

test('a clock that nobody sets shows the wall time', async () => {
  const { errorAfter, steps } = setClock()
  expect(await errorAfter(5 * hourMs)).toBe(0)
  expect(steps).toEqual([])
})

test('a clock set back continues, and comes to the new time in ten times as long', async () => {
  const { set, clock, errorAfter, steps } = setClock()
  const before = clock.now()
  set(-hourMs)
  expect(clock.now()).toBe(before)
  expect(await errorAfter(10 * minuteMs)).toBe(-minuteMs)
  expect(await errorAfter(9 * hourMs + 50 * minuteMs)).toBe(-hourMs)
  expect(await errorAfter(hourMs)).toBe(-hourMs)
  expect(steps).toEqual([-hourMs])
})

test('a clock set ahead, and set right again, is reported both times and hardly moved', async () => {
  const { set, errorAfter, steps } = setClock()
  set(3 * hourMs)
  expect(await errorAfter(10 * minuteMs)).toBe(minuteMs)
  set(-3 * hourMs)
  expect(await errorAfter(10 * minuteMs)).toBe(0)
  expect(steps).toEqual([3 * hourMs, -3 * hourMs])
})

test('a clock that is kept in step by less than it may move follows', async () => {
  const { set, errorAfter, steps } = setClock()
  for (let minute = 0; minute < 5; minute++) {
    set(-500)
    await errorAfter(minuteMs)
  }
  expect(await errorAfter(minuteMs)).toBe(-2_500)
  expect(steps).toEqual([])
})
