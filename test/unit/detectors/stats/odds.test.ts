import { expect, test } from 'vitest'
import { oddsRatio } from '../../../../detectors/stats/odds.ts'

test('odds are compared, and stay finite where all show it', () => {
  // 1 : 3 where 1 : 9 was expected
  expect(oddsRatio({ observed: 25, expected: 10, exposure: 100 })).toBeCloseTo(3, 12)
  expect(oddsRatio({ observed: 100, expected: 50, exposure: 100 })).toBe(200)
})
