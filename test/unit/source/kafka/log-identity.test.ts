import { expect, test } from 'vitest'
import { createLogIdentity, type EndObservation } from '../../../../src/source/kafka/log-identity.ts'

const observed = (fields: Partial<EndObservation>): EndObservation => ({
  key: 't/0',
  end: 100,
  askedAt: 1_000,
  positionThen: 100,
  position: 100,
  isPaused: false,
  ...fields
})

test('a log that ends before what was read of it is another one, once the broker said so twice', () => {
  const logs = createLogIdentity()
  expect([100, 99, 100, 99, 99].map(end => logs.isSame(observed({ end })))).toEqual([
    true,
    true,
    true,
    true,
    false
  ])
})

test('a log that ends before its earlier end is another one, even if reading is not that far', () => {
  const logs = createLogIdentity()
  const answers = [500, 300, 300].map(end => logs.isSame(observed({ end })))
  expect([answers, logs.unread('t/0', 100)]).toEqual([[true, true, false], 400])
})

test('records that are read after the request do not make the log shorter', () => {
  const logs = createLogIdentity()
  const answers = [1, 2].map(() => logs.isSame(observed({ end: 100, positionThen: 90, position: 130 })))
  expect(answers).toEqual([true, true])
})

test('a recreated log is measured by its own end', () => {
  const logs = createLogIdentity()
  logs.isSame(observed({ end: 500 }))
  logs.keep(['t/1'])
  expect([1, 2].map(() => logs.isSame(observed({ end: 3, positionThen: 0, position: 0 })))).toEqual([
    true,
    true
  ])
})

test('a partition counts as recreated until an offset of every log is committed', () => {
  const logs = createLogIdentity()
  logs.setRecreated('t/0')
  expect((['t/0', 't/1'] as const).map(logs.isRecreated)).toEqual([true, false])
  logs.confirm()
  expect(logs.isRecreated('t/0')).toBe(false)
})

test('a fetch that begins on a node whose last one never ended makes the log doubtful, until it is trusted', () => {
  const logs = createLogIdentity()
  logs.fetchBegan(1)
  logs.fetchEnded(1)
  logs.fetchBegan(1)
  logs.fetchBegan(2)
  expect(logs.isDoubtful()).toBe(false)
  logs.fetchBegan(2)
  expect(logs.isDoubtful()).toBe(true)
  logs.trust()
  expect(logs.isDoubtful()).toBe(false)
})
