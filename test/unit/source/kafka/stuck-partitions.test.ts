import { expect, test } from 'vitest'
import type { EndObservation } from '../../../../src/source/kafka/log-identity.ts'
import { createStuckPartitions } from '../../../../src/source/kafka/stuck-partitions.ts'

const observed = (fields: Partial<EndObservation>): EndObservation => ({
  key: 't/0',
  end: 100,
  askedAt: 1_000,
  positionThen: 100,
  position: 100,
  isPaused: false,
  ...fields
})

test('the partition that is stuck for longest with something to read is named with its offset', () => {
  const stuck = createStuckPartitions()
  stuck.observe(observed({ end: 100, askedAt: 1_000 }))
  expect(stuck.fault()).toBeUndefined()
  stuck.observe(observed({ end: 101, askedAt: 2_000 }))
  stuck.observe(observed({ key: 't/1', end: 900, position: 7, askedAt: 2_500 }))
  stuck.observe(observed({ end: 102, askedAt: 3_000 }))
  expect(stuck.fault()).toEqual({
    cause: 'partition_stuck',
    since: 2_000,
    subject: 't/0',
    error: 'at offset 100'
  })
  expect(stuck.fault('the broker answers too slowly: 4 KB/s')).toEqual({
    cause: 'broker_slow',
    since: 2_000,
    subject: 't/0',
    error: 'the broker answers too slowly: 4 KB/s'
  })
  stuck.observe(observed({ end: 102, position: 101, askedAt: 4_000 }))
  expect(stuck.fault()).toMatchObject({ since: 2_500, subject: 't/1' })
  stuck.observe(observed({ key: 't/1', end: 900, position: 7, askedAt: 4_500, isPaused: true }))
  expect(stuck.fault()).toMatchObject({ since: 4_000, subject: 't/0' })
  stuck.keep(['t/1'])
  expect(stuck.fault()).toBeUndefined()
})
