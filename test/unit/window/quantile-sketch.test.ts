import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createQuantileSketch } from '../../../src/window/quantile-sketch.ts'

function filled(values: readonly number[]) {
  const sketch = createQuantileSketch()
  for (const value of values) sketch.add(value)
  return sketch
}

/** The value of that rank, from all of them. */
const exactly = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1] as number

const value = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.constantFrom(0, 1, -1, 199_900),
  fc.maxSafeInteger()
)
const share = fc.constantFrom(0.01, 0.5, 0.95, 0.99)

describe('a quantile', () => {
  test('is within 1 % of the value of its rank, negative values and noughts too', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), share, (values, of) => {
        const exact = exactly(values, of)
        const found = filled(values).quantileWith([], of) as number
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.010_001)
      })
    )
  })

  test('of parts is that of the whole, however it is split', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), fc.nat(200), share, (values, at, of) => {
        const parts = [filled(values.slice(0, at)), filled(values.slice(at))] as const
        const whole = filled(values)
        expect(parts[0].quantileWith([parts[1]], of)).toBe(whole.quantileWith([], of))
        expect(parts[1].quantileWith([parts[0]], of)).toBe(whole.quantileWith([], of))
      })
    )
  })

  test('of nothing is undefined', () => {
    expect(createQuantileSketch().quantileWith([createQuantileSketch()], 0.5)).toBeUndefined()
    expect(createQuantileSketch().count()).toBe(0)
  })
})
