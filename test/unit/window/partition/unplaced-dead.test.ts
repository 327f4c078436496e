import { expect, test } from 'vitest'
import { createUnplacedDead } from '../../../../src/window/partition/unplaced-dead.ts'

test('dead letters are handed over once, with their number and the offset of the first', () => {
  const unplaced = createUnplacedDead()
  unplaced.add(7)
  unplaced.add(9)
  expect(unplaced.first()).toBe(7)
  expect(unplaced.takeAll()).toEqual({ first: 7, count: 2 })
  expect([unplaced.first(), unplaced.takeAll()]).toEqual([undefined, undefined])
})
