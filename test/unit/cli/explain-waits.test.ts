import { expect, test } from 'vitest'
import { waitsOf } from '../../../src/cli/explain/waits.ts'
import type { LiveReceiver } from '../../../src/web/types.ts'
import { recordOf } from '../../support/alerts.ts'

const stateOf = (state: Partial<LiveReceiver>): LiveReceiver => ({
  name: 'slack',
  waiting: 1,
  next_at: '2026-11-21T10:05:00.000Z',
  breaker: 'closed',
  last: null,
  ...state
})

test.each([
  [{}, 'one message waits, the next goes at 2026-11-21 10:05:00'],
  [{ waiting: 12, next_at: null }, '12 messages wait, the next goes now'],
  [{ waiting: 0, next_at: null }, 'the message is being sent'],
  [{ breaker: 'open' }, 'it failed too often and is tried again at 2026-11-21 10:05:00'],
  [{ breaker: 'half_open' }, 'it failed too often: one message is tried before the others'],
  [{ name: 'other' }, 'the active instance has no such receiver']
])('a message that waits at a receiver in the state %j is explained by that', (state, why) => {
  const live = { kind: 'known', receivers: [stateOf(state)] } as const
  expect(
    waitsOf([recordOf(), recordOf({ id: 'n2' }), recordOf({ receiver: 'x', outcome: 'sent' })], live)
  ).toEqual([`slack has not taken its messages yet: ${why}`])
})

test('where no instance says what it waits for, that is said', () => {
  expect(waitsOf([recordOf()], { kind: 'unknown', why: 'no instance answers' })).toEqual([
    'slack has not taken its messages yet: no instance answers'
  ])
})
