import { expect, test } from 'vitest'
import { curveAt } from '../../../producer/curve.ts'

const hourMs = 3_600_000
const monday = Date.UTC(2026, 9, 5)

test('the curve has the mean 1 over a week', () => {
  const minutes = Array.from({ length: 7 * 1_440 }, (_, minute) => curveAt(monday + minute * 60_000, 0))
  expect(minutes.reduce((sum, value) => sum + value, 0) / minutes.length).toBeCloseTo(1, 2)
})

test('nights are quiet, evenings are not, and the curve has no steps', () => {
  expect(curveAt(monday + 4 * hourMs, 0)).toBeLessThan(0.4)
  expect(curveAt(monday + 20 * hourMs, 0)).toBeGreaterThan(1.4)
  const steps = Array.from({ length: 7 * 1_440 }, (_, minute) => {
    const at = monday + minute * 60_000
    return Math.abs(curveAt(at + 60_000, 0) / curveAt(at, 0) - 1)
  })
  expect(Math.max(...steps)).toBeLessThan(0.01)
})

test('an offset moves the curve to the local clock', () => {
  expect(curveAt(monday + 3 * hourMs, 120)).toBe(curveAt(monday + 5 * hourMs, 0))
})
