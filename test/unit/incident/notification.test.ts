import { expect, test } from 'vitest'
import { byDecision } from '../../../src/incident/notification.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import { recordOf } from '../../support/alerts.ts'

test('messages that are read back are in the order of their decisions, a trigger before its resolve', () => {
  const at = (decidedAt: number, action: NotificationRecord['action']) => recordOf({ action, decidedAt })
  const readBack = [at(2, 'trigger'), at(1, 'resolve'), at(1, 'trigger'), at(1, 'acknowledge')]
  expect(readBack.sort(byDecision).map(({ decidedAt, action }) => `${decidedAt} ${action}`)).toEqual([
    '1 trigger',
    '1 acknowledge',
    '1 resolve',
    '2 trigger'
  ])
})
