import { expect, test } from 'vitest'
import { createProgress, type Look } from '../../../../src/source/kafka/progress.ts'

const look = (fields: Partial<Look>): Look => ({
  key: 't/0',
  end: 100,
  askedAt: 1_000,
  positionThen: 100,
  position: 100,
  isHeld: false,
  ...fields
})

test('a log that ends before what was read of it is another one, once the broker has said so twice', () => {
  const progress = createProgress()
  expect([100, 99, 100, 99, 99].map(end => progress.isSameLog(look({ end })))).toEqual([
    true,
    true,
    true,
    true,
    false
  ])
})

test('a log that ends before where it once ended is another one, though reading stands within it', () => {
  const progress = createProgress()
  const looks = [500, 300, 300].map(end => progress.isSameLog(look({ end })))
  expect([looks, progress.unread('t/0', 100)]).toEqual([[true, true, false], 400])
})

test('records that are read after the question do not make the log a shorter one', () => {
  const progress = createProgress()
  const looks = [1, 2].map(() => progress.isSameLog(look({ end: 100, positionThen: 90, position: 130 })))
  expect(looks).toEqual([true, true])
})

test('a log made anew is measured by its own end', () => {
  const progress = createProgress()
  progress.isSameLog(look({ end: 500 }))
  progress.keep(['t/0'], new Set(['t/0']))
  expect([1, 2].map(() => progress.isSameLog(look({ end: 3, positionThen: 0, position: 0 })))).toEqual([
    true,
    true
  ])
})

test('the partition that stands still for longest, with something to read, is named with its offset', () => {
  const progress = createProgress()
  progress.note(look({ end: 100, askedAt: 1_000 }))
  expect(progress.stuck()).toBeUndefined()
  progress.note(look({ end: 101, askedAt: 2_000 }))
  progress.note(look({ key: 't/1', end: 900, position: 7, askedAt: 2_500 }))
  progress.note(look({ end: 102, askedAt: 3_000 }))
  expect(progress.stuck()).toEqual({
    cause: 'partition_stuck',
    since: 2_000,
    subject: 't/0',
    error: 'at offset 100'
  })
  progress.note(look({ end: 102, position: 101, askedAt: 4_000 }))
  expect(progress.stuck()).toMatchObject({ since: 2_500, subject: 't/1' })
  progress.note(look({ key: 't/1', end: 900, position: 7, askedAt: 4_500, isHeld: true }))
  expect(progress.stuck()).toMatchObject({ since: 4_000, subject: 't/0' })
  progress.keep(['t/1'], new Set())
  expect(progress.stuck()).toBeUndefined()
})
