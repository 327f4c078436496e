import { describe, expect, it } from 'vitest'
import { depthAt, drawFaults, drops, faults } from '../../../../../bench/detect/shops/faults.ts'
import { uniformOf } from '../../../../../producer/random.ts'
import { dayMs, hourMs } from '../../../../../src/time/units.ts'

const drawn = drawFaults(uniformOf(7, 'faults'), 0, { ...faults, ...drops })

describe('the faults of a generated shop', () => {
  it('has each once, from the eighth day to the last of three weeks', () => {
    expect(drawn.map(({ name }) => name).sort()).toEqual(
      [...Object.keys(faults), ...Object.keys(drops)].sort()
    )
    expect(drawn[0]?.startMs).toBeGreaterThanOrEqual(7 * dayMs)
    expect(drawn.at(-1)?.endMs).toBeLessThan(21 * dayMs)
  })

  it('has the outage of the night begin between two and four, for two to three hours', () => {
    const { startMs = 0, endMs = 0 } = drawn.find(({ name }) => name === 'night outage') ?? {}
    expect([2, 3]).toContain(Math.floor((startMs % dayMs) / hourMs))
    expect(Math.abs((endMs - startMs) / hourMs - 2.5)).toBeLessThanOrEqual(0.5)
  })

  it('lets a leak grow from nothing to its depth, and any other fault be as deep from its start to its end', () => {
    const leak = drawn.find(({ name }) => name === 'slow leak')
    const drop = drawn.find(({ name }) => name === 'traffic −40 %')
    if (leak === undefined || drop === undefined) throw new Error('no such fault')
    expect(depthAt(leak, leak.startMs)).toBe(0)
    expect(depthAt(leak, leak.startMs + 3 * hourMs)).toBeCloseTo(0.2, 10)
    expect(depthAt(leak, leak.endMs)).toBe(0)
    expect(depthAt(drop, drop.startMs - 1)).toBe(0)
    expect(depthAt(drop, drop.startMs)).toBe(0.4)
    expect(depthAt(drop, drop.endMs - 1)).toBe(0.4)
  })
})
