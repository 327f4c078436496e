import { describe, expect, test } from 'vitest'
import { createFormerLevel } from '../../../../detectors/baseline/former-level.ts'

const day = 1_440
const at = (level: number) => ({ level, slope: 0, levelVariance: 0.01, covariance: 0, slopeVariance: 0 })

/** A level of 5 that another one was believed after in window 100. */
function left(level = 2) {
  const former = createFormerLevel(day)
  former.remember(at(5), 100)
  former.believe(level, at(5), 100)
  return former
}

describe('the level of before another one was believed', () => {
  test('is known for a day', () => {
    const former = left()
    expect(former.at(100 + day)).toEqual(at(5))
    expect(former.at(100 + day + 1)).toBeUndefined()
  })

  test('stays while the new one goes on or moves further, a day from then on', () => {
    const former = left()
    former.remember(at(2), 900)
    former.believe(1.5, at(2), 900)
    expect(former.at(900 + day)).toEqual(at(5))
  })

  test('is another one once the series has come back', () => {
    const former = left()
    former.remember(at(2.4), 200)
    former.believe(4.9, at(2.4), 200)
    former.remember(at(4.8), 1_500)
    former.believe(2, at(4.8), 1_500)
    expect(former.at(1_500 + day)).toEqual(at(4.8))
  })

  test('stays where the series passes it by: a flood after a gap', () => {
    const former = left(4.7)
    former.believe(5.7, at(4.7), 110)
    former.remember(at(5.7), 130)
    expect(former.at(200)).toEqual(at(5))
  })

  test('is not the one that it has just come back from', () => {
    const former = left()
    former.remember(at(2), 130)
    former.believe(5, at(2), 130)
    // Windows of before the return are still looked at.
    former.remember(at(2.1), 131)
    former.believe(5, at(2.1), 131)
    expect(former.at(200)).toEqual(at(5))
    former.remember(at(5.1), 300)
    former.believe(3, at(5.1), 300)
    expect(former.at(300 + day)).toEqual(at(5.1))
  })

  test('is the newest one where only others have left theirs', () => {
    const former = createFormerLevel(day)
    former.remember(at(5), 100)
    former.remember(at(5.2), 1_500)
    expect(former.at(1_500 + day)).toEqual(at(5.2))
  })
})
