import { expect, test } from 'vitest'
import { deliveryTo, recordOf, retry, sentAs, stored, times } from '../../support/delivery.ts'

test('critical messages go first', async () => {
  const { clock, log, delivery } = deliveryTo()
  const low = [1, 2, 3, 4, 5, 6].map(n => recordOf({ id: `${n}`, severity: 'low' }))
  delivery.enqueue([...low, recordOf({ id: 'urgent', severity: 'critical' })], stored)
  await clock.advance(5_000)
  expect(log).toHaveLength(7)
  expect(log.slice(0, 5).every(line => line.startsWith('0 '))).toBe(true)
  expect(log[0]).toBe('0 slack trigger urgent')
  expect(log.slice(5).map(line => line.split(' ')[0])).toEqual(['1', '2'])
})

test('messages of one incident go in the order of their decisions, and delay no other incident', async () => {
  const { clock, log, delivery } = deliveryTo({ slack: [retry] })
  delivery.enqueue(
    [
      recordOf({ id: 'first', incidentId: 'i' }),
      recordOf({ id: 'second', incidentId: 'i', severity: 'critical' }),
      recordOf({ id: 'other' })
    ],
    stored
  )
  await clock.advance(60_000)
  expect(log).toEqual([
    '0 slack trigger first',
    '0 slack trigger other',
    '1 slack trigger first',
    '1 slack trigger second'
  ])
})

test('a message in front of a critical one of its incident is as urgent', async () => {
  const { clock, log, delivery } = deliveryTo()
  const others = ['1', '2', '3', '4', '5'].map(id => recordOf({ id, severity: 'high' }))
  const first = recordOf({ id: 'first', incidentId: 'i', severity: 'low' })
  const critical = recordOf({ id: 'critical', incidentId: 'i', severity: 'critical' })
  delivery.enqueue([...others, first, critical], stored)
  await clock.advance(0)
  expect(log.slice(0, 2)).toEqual(['0 slack trigger first', '0 slack trigger critical'])
})

test('a receiver that fails delays no other receiver', async () => {
  const { clock, log, delivery } = deliveryTo({ slack: times(5, retry) })
  const toSlack = [1, 2, 3, 4, 5].map(n => recordOf({ id: `${n}` }))
  delivery.enqueue([...toSlack, recordOf({ id: 'a', receiver: 'revenue' })], stored)
  await clock.advance(0)
  expect(log.filter(line => line.includes('revenue'))).toEqual(['0 revenue trigger a'])
})

test('a message does not wait for one in front of it that may go later', async () => {
  const { clock, log, delivery } = deliveryTo(
    { slack: [sentAs(undefined), retry] },
    { rules: { ratePerKey: 1 } }
  )
  const ofOneKey = ['sent', 'limited'].map(id => recordOf({ id, segment: 'all' }))
  delivery.enqueue([...ofOneKey, recordOf({ id: 'failed' })], stored)
  await clock.advance(60_000)
  expect(log).toEqual([
    '0 slack trigger sent',
    '0 slack trigger failed',
    '1 slack trigger failed',
    '60 slack trigger limited'
  ])
})
