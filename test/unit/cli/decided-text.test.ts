import { expect, test } from 'vitest'
import { createDecidedCount } from '../../../src/cli/decided-text.ts'
import { incidentOf, recordOf } from '../../support/alerts.ts'

test('a replay counts its incidents, and the messages that each receiver would get', () => {
  const count = createDecidedCount()
  expect(count.text()).toBe('')
  count.add({ incidents: [incidentOf()], notifications: [] })
  expect(count.text()).toBe('1 incident; messages: none\n')
  count.add({
    incidents: [incidentOf(), incidentOf({ id: 'j' })],
    notifications: [
      recordOf({ receiver: 'none', outcome: 'off' }),
      recordOf({ receiver: 'team' }),
      recordOf({ receiver: 'team' }),
      recordOf({ receiver: 'team', outcome: 'muted' })
    ]
  })
  expect(count.text()).toBe('2 incidents; messages: 2 to team, 1 to nobody, 1 muted\n')
})
