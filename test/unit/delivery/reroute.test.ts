import { expect, test } from 'vitest'
import { rerouted, resolveOf } from '../../../src/delivery/reroute.ts'
import { epoch } from '../../support/alerts.ts'
import { recordOf } from '../../support/delivery.ts'

const to = (isPager: boolean) => ({
  receiver: 'second',
  isPager,
  reason: 'fallback' as const,
  nowMs: epoch
})

test('only an alert that is rerouted to a pager opens a page, under the key that it had', () => {
  const trigger = recordOf({ action: 'trigger', incidentId: 'i', severity: 'high', dedupKey: null })
  const acknowledgement = recordOf({ action: 'acknowledge', dedupKey: 'own' })
  expect(rerouted(trigger, to(true)).dedupKey).toBe('cartwatch-i-high')
  expect(rerouted({ ...trigger, dedupKey: 'own' }, to(true)).dedupKey).toBe('own')
  expect(rerouted({ ...trigger, dedupKey: 'own' }, to(false)).dedupKey).toBe(null)
  expect(rerouted(acknowledgement, to(true)).dedupKey).toBe(null)
})

test('each page that a rerouted message opened is resolved by a message of its own', () => {
  const pages = ['a', 'b'].map(id => rerouted(recordOf({ id, action: 'trigger' }), to(true)))
  const ends = pages.map(page => resolveOf(page, epoch + 1))
  expect(new Set([...pages, ...ends].map(({ id }) => id)).size).toBe(4)
  expect(ends.map(({ action, dedupKey }) => [action, dedupKey])).toEqual(
    pages.map(({ dedupKey }) => ['resolve', dedupKey])
  )
})
