import { expect, test } from 'vitest'
import { createOpenPlaces } from '../../../../src/window/partition/checkpoint.ts'

const minute = 60_000

function places(doneUntil?: number) {
  const newest = { eventTime: Number.NEGATIVE_INFINITY, recordTime: undefined as number | undefined }
  const own = createOpenPlaces(
    minute,
    { maxEventTime: () => newest.eventTime, maxRecordTime: () => newest.recordTime },
    doneUntil
  )
  return { ...own, newest }
}

test('reading goes on at the first record of the oldest window that is not done, with what was known before it', () => {
  const own = places()
  own.open(0, 3)
  Object.assign(own.newest, { eventTime: 59_000, recordTime: 60_000 })
  own.open(minute, 5)
  Object.assign(own.newest, { eventTime: 130_000, recordTime: 131_000 })
  expect(own.oldest(9)).toEqual({ offset: 3, maxEventTime: undefined, maxRecordTime: undefined })
  own.done(minute)
  expect(own.oldest(9)).toEqual({ offset: 5, maxEventTime: 59_000, maxRecordTime: 60_000 })
  own.done(2 * minute)
  expect(own.oldest(9)).toEqual({ offset: 9, maxEventTime: 130_000, maxRecordTime: 131_000 })
})

test('windows are done up to the greatest end that was stored', () => {
  const own = places()
  expect([own.doneUntil(), own.isDone(0)]).toEqual([undefined, false])
  own.done(2 * minute)
  own.done(minute)
  expect([own.doneUntil(), own.isDone(minute), own.isDone(2 * minute)]).toEqual([2 * minute, true, false])
})

test('where windows had another size before, the one that the done ones end in is done too', () => {
  const own = places(90_000)
  expect([own.doneUntil(), own.isDone(minute), own.isDone(2 * minute)]).toEqual([2 * minute, true, false])
})
