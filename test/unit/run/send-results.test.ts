import { expect, test } from 'vitest'
import { createSendResults } from '../../../src/run/send-results.ts'
import { recordOf } from '../../support/alerts.ts'

test('what reached nobody is counted by receiver and why', () => {
  const results = createSendResults()
  const put = (id: string, receiver: string, rest: Parameters<typeof recordOf>[0] = {}) =>
    results.note(recordOf({ id, receiver, incidentId: id, ...rest }))
  put('1', 'team', { outcome: 'pending' })
  put('1', 'team', { outcome: 'sent', answer: 'ok' })
  put('2', 'team', { outcome: 'refused', answer: '404 no_service' })
  put('3', 'team', { outcome: 'refused', answer: '404 no_service' })
  put('4', 'pager', { outcome: 'pending' })
  put('5', 'none', { outcome: 'off' })
  put('6', 'team', { outcome: 'muted' })
  expect(results.unsent()).toEqual([
    { receiver: 'team', why: 'refused: 404 no_service', count: 2 },
    { receiver: 'pager', why: 'not accepted in time', count: 1 }
  ])
})

test('what another receiver got instead has reached somebody', () => {
  const results = createSendResults()
  const other = { reason: { type: 'fallback', receiver: 'team' }, incidentId: 'i' } as const
  results.note(recordOf({ id: '1', receiver: 'team', incidentId: 'i', outcome: 'refused', answer: '410' }))
  results.note(recordOf({ id: '2', receiver: 'spare', outcome: 'pending', ...other }))
  expect(results.unsent()).toHaveLength(2)
  results.note(recordOf({ id: '2', receiver: 'spare', outcome: 'sent', ...other }))
  expect(results.unsent()).toEqual([])
})
