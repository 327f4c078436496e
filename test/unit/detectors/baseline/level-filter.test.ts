import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  forecast,
  type LevelDynamics,
  startLevel,
  update
} from '../../../../detectors/baseline/level-filter.ts'

const wandering: LevelDynamics = {
  wanderPerWindow: 1e-4,
  slopeSd: 0,
  slopeKept: 0,
  levelKept: 1,
  greatestVariance: 1
}
const sloping: LevelDynamics = { ...wandering, slopeSd: 0.01, slopeKept: 0.99 }

describe('the level of a rate', () => {
  test('a steady count is learned to its logarithm', () => {
    let state = startLevel(Math.log(50), 1, wandering)
    for (let i = 0; i < 200; i += 1) state = update(forecast(state, 1, wandering), 20, 1, 1)
    expect(state.level).toBeCloseTo(Math.log(20), 2)
    expect(Math.sqrt(state.levelVariance)).toBeLessThan(0.06)
  })

  test('a steady growth is learned as a slope and carried on', () => {
    let state = startLevel(Math.log(100), 1, sloping)
    for (let i = 1; i <= 240; i += 1)
      state = update(forecast(state, 1, sloping), 100 * Math.exp(0.005 * i), 1, 1)
    expect(state.slope).toBeCloseTo(0.0045, 3)
    expect(forecast(state, 10, sloping).level).toBeGreaterThan(state.level + 0.03)
  })

  test('a count without exposure changes nothing', () => {
    const state = startLevel(1, 0.5, wandering)
    expect(update(state, 7, 0, 1)).toBe(state)
  })

  test('one odd window moves a settled level by little', () => {
    let state = startLevel(Math.log(100), 1, wandering)
    for (let i = 0; i < 100; i += 1) state = update(forecast(state, 1, wandering), 100, 1, 1)
    const before = state.level
    expect(update(forecast(state, 1, wandering), 100_000, 1, 1).level - before).toBeLessThan(0.05)
  })

  test('a forecast knows less the further it goes, up to its bound, however it is split', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (near, further) => {
        const state = startLevel(0, 0.01, wandering)
        const direct = forecast(state, near + further, wandering)
        const split = forecast(forecast(state, near, wandering), further, wandering)
        expect(split.levelVariance).toBeCloseTo(direct.levelVariance, 10)
        expect(direct.levelVariance).toBeGreaterThan(forecast(state, near, wandering).levelVariance)
        expect(forecast(state, 1e9, wandering).levelVariance).toBe(1)
      })
    )
  })

  test('a level with a home comes back to it', () => {
    const home = { ...wandering, levelKept: 0.9 }
    const state = forecast(startLevel(1, 0.01, home), 100, home)
    expect(state.level).toBeCloseTo(0, 4)
    expect(state.levelVariance).toBeCloseTo(1e-4 / (1 - 0.81), 8)
  })
})
