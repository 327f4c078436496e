import { expect, test } from 'vitest'
import { curveAt } from '../../../producer/curve.ts'
import type { Incident } from '../../../producer/incident.ts'
import { levelsOf } from '../../../producer/level.ts'
import { defaultShop, sessionsPerMinute } from '../../../producer/shop.ts'

const startMs = Date.UTC(2026, 9, 5)
const weekMinutes = 7 * 1_440
/** The share of sessions with a cart, minute by minute. */
function cartShares(minutes: number, incidents: readonly Incident[] = []): number[] {
  const shares: number[] = []
  for (const { cartShare } of levelsOf(defaultShop, 3, startMs, incidents)) {
    if (shares.push(cartShare) === minutes) break
  }
  return shares
}

function levels(seed: number, incidents: readonly Incident[] = []) {
  const drawn: { expectedSessions: number; wander: number }[] = []
  for (const { startMs: at, expectedSessions } of levelsOf(defaultShop, seed, startMs, incidents)) {
    if (drawn.length === weekMinutes) break
    const usual = sessionsPerMinute(defaultShop) * curveAt(at + 30_000, 0)
    drawn.push({ expectedSessions, wander: expectedSessions / usual - 1 })
  }
  return drawn
}

test('the level wanders slowly within a tenth of the curve', () => {
  const wander = levels(3).map(level => level.wander)
  expect(Math.max(...wander.map(Math.abs))).toBeLessThanOrEqual(0.1)
  expect(Math.max(...wander)).toBeGreaterThan(0.05)
  expect(Math.min(...wander)).toBeLessThan(-0.05)
  const steps = wander.slice(1).map((value, index) => Math.abs(value - (wander[index] as number)))
  expect(Math.max(...steps)).toBeLessThan(0.02)
})

test('a flash sale of depth 1 doubles the visitors that are expected', () => {
  const sale: Incident = { kind: 'flash_sale', startMs, endMs: startMs + 60_000, depth: 1 }
  expect(levels(3, [sale])[0]?.expectedSessions).toBeCloseTo(2 * (levels(3)[0]?.expectedSessions as number))
})

test('a slow leak takes more and more of the carts, up to its depth, and nothing at its end', () => {
  const leak: Incident = {
    kind: 'slow_leak',
    startMs: startMs + 10 * 60_000,
    endMs: startMs + 190 * 60_000,
    depth: 0.4
  }
  const usual = cartShares(200)
  for (const [minute, share] of cartShares(200, [leak]).entries()) {
    const leaking = minute >= 10 && minute < 190
    expect(share / (usual[minute] as number)).toBeCloseTo(leaking ? 1 - (0.4 * (minute - 9.5)) / 180 : 1)
  }
})
