import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  memberFor,
  picks,
  type ReceiverGroup,
  type ReceiverLoad,
  withMembers
} from '../../../src/routing/group.ts'

const groupOf = (pick: ReceiverGroup['pick'], ...weights: readonly number[]): ReceiverGroup => ({
  pick,
  members: [
    { receiver: 'm0', weight: weights[0] ?? 1 },
    ...weights.slice(1).map((weight, index) => ({ receiver: `m${index + 1}`, weight }))
  ]
})
const idle = (): ReceiverLoad => ({ isBlocked: false, waiting: 0 })
const fresh = (key: string) => ({ key, isAssigned: () => false })
const chosen = (group: ReceiverGroup, key: string, loadOf: (receiver: string) => ReceiverLoad = idle) =>
  memberFor(group, fresh(key), loadOf)
const keys = Array.from({ length: 2_000 }, (_, index) => `incident-${index}`)

/** How many of two thousand incidents each member of a group gets. */
function sharesOf(group: ReceiverGroup): number[] {
  const counts = new Map(group.members.map(({ receiver }) => [receiver, 0]))
  for (const key of keys) counts.set(chosen(group, key), (counts.get(chosen(group, key)) ?? 0) + 1)
  return [...counts.values()].map(count => count / keys.length)
}

describe('a group of receivers', () => {
  test('that goes round gives each member an equal share, whatever the weights are', () => {
    for (const share of sharesOf(groupOf('round_robin', 1, 1, 5))) expect(share).toBeCloseTo(1 / 3, 1)
  })

  test('with weights gives each member its share of them', () => {
    const [one, other] = sharesOf(groupOf('weighted', 1, 3))
    expect([one, other]).toEqual([expect.closeTo(0.25, 1), expect.closeTo(0.75, 1)])
  })

  test('sends an incident to the one that least waits for', () => {
    const waiting = new Map([
      ['m0', 3],
      ['m1', 1],
      ['m2', 2]
    ])
    const loadOf = (receiver: string) => ({ isBlocked: false, waiting: waiting.get(receiver) ?? 0 })
    for (const key of keys.slice(0, 50))
      expect(chosen(groupOf('least_waiting', 1, 1, 1), key, loadOf)).toBe('m1')
  })

  test('of which nothing waits for any spreads what comes', () => {
    expect(new Set(keys.map(key => chosen(groupOf('least_waiting', 1, 1, 1), key))).size).toBe(3)
  })

  test('passes over a member whose circuit breaker is open, also the one that least waits for', () => {
    const loadOf = (receiver: string) => ({
      isBlocked: receiver === 'm0',
      waiting: receiver === 'm0' ? 0 : 9
    })
    for (const pick of picks)
      for (const key of keys.slice(0, 50)) expect(chosen(groupOf(pick, 1, 1), key, loadOf)).toBe('m1')
  })

  test('of blocked members only still has one for each incident', () => {
    const loadOf = () => ({ isBlocked: true, waiting: 1 })
    expect(chosen(groupOf('round_robin', 1, 1), 'i', loadOf)).toBe(chosen(groupOf('round_robin', 1, 1), 'i'))
  })

  test('leaves an incident with the member that has it, even if it is blocked or busy', () => {
    const loadOf = (receiver: string) => ({
      isBlocked: receiver === 'm1',
      waiting: receiver === 'm1' ? 9 : 0
    })
    for (const pick of picks)
      expect(memberFor(groupOf(pick, 1, 1, 1), { key: 'i', isAssigned: one => one === 'm1' }, loadOf)).toBe(
        'm1'
      )
  })

  test('chooses the same member each time it is asked, and moves only the incidents of a member that leaves', () => {
    const weights = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(fc.constantFrom(...picks), weights, fc.string(), (pick, own, key) => {
        const whole = groupOf(pick, ...own)
        const member = chosen(whole, key)
        expect(chosen(whole, key)).toBe(member)
        const last = `m${own.length - 1}`
        if (member !== last) expect(chosen(groupOf(pick, ...own.slice(0, -1)), key)).toBe(member)
      })
    )
  })
})

test('a group is named with its members, a receiver by itself', () => {
  const groups = new Map([['on-call', groupOf('round_robin', 1, 1)]])
  expect(withMembers('on-call', groups)).toBe('on-call (one of m0, m1)')
  expect(withMembers('slack', groups)).toBe('slack')
})
