import { expect, test } from 'vitest'
import { createSeen } from '../../../../src/web/inbound/replay-guard.ts'

test('a name is new once until it is forgotten by its time', () => {
  const seen = createSeen({ forMs: 100, most: 10 })
  expect([seen.add('a', 0), seen.add('a', 99), seen.add('a', 100)]).toEqual([true, false, true])
})

test('a name that is taken back is new', () => {
  const seen = createSeen({ forMs: 100, most: 10 })
  seen.add('a', 0)
  seen.forget('a')
  expect(seen.add('a', 1)).toBe(true)
})

test('past its bound the oldest is forgotten, and no other', () => {
  const seen = createSeen({ forMs: 100, most: 2 })
  for (const name of ['a', 'b', 'c']) seen.add(name, 0)
  expect([seen.add('c', 1), seen.add('a', 1)]).toEqual([false, true])
})
