import { expect, test } from 'vitest'
import { createMembership } from '../../../../src/source/kafka/membership.ts'
import { createManualClock } from '../../../support/manual-clock.ts'

const keys = ['t/0', 't/1'] as const

test('a member restores its partitions and then works on them, under one lease', () => {
  const member = createMembership(createManualClock(0))
  expect(member.state()).toEqual({ role: 'joining', partitions: [], idleSince: 0 })
  const lease = member.restore(keys)
  expect(member.state()).toEqual({ role: 'restoring', partitions: keys, lease, idleSince: 0 })
  member.work()
  expect(member.state()).toEqual({ role: 'working', partitions: keys, lease })
  expect(lease.isValid()).toBe(true)
})

test('leaving the group, standing by and restoring again each end the lease', () => {
  const member = createMembership(createManualClock(0))
  for (const end of [member.leave, member.standBy, () => member.restore(keys)]) {
    const lease = member.restore(keys)
    member.work()
    end()
    expect(lease.isValid()).toBe(false)
  }
})

test('only a member that restores can begin to work', () => {
  const member = createMembership(createManualClock(0))
  expect(member.work).toThrow('a member cannot go from joining to working')
  member.restore(keys)
  member.work()
  expect(member.work).toThrow('a member cannot go from working to working')
})

test('a member is idle from where it stopped working, through every try to restore, until it works or is a standby', async () => {
  const clock = createManualClock(1_000)
  const member = createMembership(clock)
  const idleSince = () => {
    const state = member.state()
    return 'idleSince' in state ? state.idleSince : undefined
  }
  member.restore(keys)
  member.work()
  await clock.advance(500)
  member.leave()
  await clock.advance(500)
  member.restore(keys)
  expect(idleSince()).toBe(1_500)
  member.work()
  expect(idleSince()).toBeUndefined()
  member.standBy()
  expect(idleSince()).toBeUndefined()
})

test('outside the group the last partitions are remembered; a standby has none', () => {
  const member = createMembership(createManualClock(0))
  member.restore(keys)
  member.leave()
  expect(member.state().partitions).toEqual(keys)
  member.standBy()
  member.leave()
  expect(member.state().partitions).toEqual([])
})
