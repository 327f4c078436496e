import { expect, test } from 'vitest'
import { formatReason, parseReason, type Reason } from '../../../src/incident/reason.ts'

test.each<[string, Reason]>([
  ['opened', { type: 'opened' }],
  ['still_open', { type: 'still_open' }],
  ['severity_rose', { type: 'severity_rose' }],
  ['came_back', { type: 'came_back' }],
  ['flapping', { type: 'flapping' }],
  ['reminder', { type: 'reminder' }],
  ['acknowledged', { type: 'acknowledged' }],
  ['recovered', { type: 'recovered' }],
  ['catch_up', { type: 'catch_up' }],
  ['route_changed', { type: 'route_changed' }],
  ['silence_ended', { type: 'silence_ended' }],
  ['no_longer_explained', { type: 'inhibition_ended' }],
  ['silenced', { type: 'page_silenced' }],
  ['test', { type: 'test' }],
  ['silenced:7:b', { type: 'silenced', silenceId: '7:b' }],
  ['explained_by:data_loss', { type: 'inhibited_by', kind: 'data_loss' }],
  ['refused_elsewhere:team: a', { type: 'refused_elsewhere', receiver: 'team: a' }],
  ['fallback:constructor', { type: 'fallback', receiver: 'constructor' }],
  ['', { type: 'unknown', text: '' }],
  ['inhibition_ended', { type: 'unknown', text: 'inhibition_ended' }],
  ['fallback', { type: 'unknown', text: 'fallback' }],
  [':silenced:x', { type: 'unknown', text: ':silenced:x' }]
])('the reason "%s" is read, and written as it was', (text, reason) => {
  expect(parseReason(text)).toEqual(reason)
  expect(formatReason(reason)).toBe(text)
})
