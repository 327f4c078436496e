import { expect, test } from 'vitest'
import { epoch } from '../../support/alerts.ts'
import { deliveryTo, gone, pageOf, recordOf, sentAs, stored } from '../../support/delivery.ts'

test('a message gets the latest reference of its incident, and stores it', async () => {
  const { clock, earlier, rows, delivery } = deliveryTo({
    slack: [sentAs('C1:1'), sentAs(undefined), sentAs('C1:9'), sentAs(undefined)]
  })
  const ids = ['a', 'b', 'c', 'd']
  delivery.enqueue(
    ids.map(id => recordOf({ id, incidentId: 'i' })),
    stored
  )
  delivery.enqueue([recordOf({ id: 'e' })], stored)
  await clock.advance(60_000)
  expect(earlier).toEqual({ a: null, b: 'C1:1', c: 'C1:1', d: 'C1:9', e: null })
  expect(Object.fromEntries(rows.map(({ id, messageRef }) => [id, messageRef]))).toEqual({
    a: 'C1:1',
    b: 'C1:1',
    c: 'C1:9',
    d: 'C1:9',
    e: null
  })
})

test('after a restart a message gets the reference that was stored last', async () => {
  const { clock, earlier, delivery } = deliveryTo()
  delivery.restore([
    recordOf({ id: 'new', incidentId: 'i', messageRef: 'C1:2', outcome: 'sent', updatedAt: epoch - 1 }),
    recordOf({ id: 'old', incidentId: 'i', messageRef: 'C1:1', outcome: 'sent', updatedAt: epoch - 2 })
  ])
  delivery.enqueue(
    [recordOf({ id: 'a', incidentId: 'i' }), recordOf({ id: 'b', incidentId: 'i', receiver: 'revenue' })],
    stored
  )
  await clock.advance(0)
  expect(earlier).toEqual({ a: 'C1:2', b: null })
})

test('each page of an incident has a reference of its own', async () => {
  const { clock, earlier, delivery } = deliveryTo({ pagerduty: [sentAs('one'), sentAs('two')] })
  delivery.enqueue(
    [
      pageOf('t1', 'trigger', 'high'),
      pageOf('t2', 'trigger', 'critical'),
      pageOf('r1', 'resolve', 'high'),
      pageOf('r2', 'resolve', 'critical')
    ],
    stored
  )
  await clock.advance(60_000)
  expect(earlier).toEqual({ t1: null, t2: null, r1: 'one', r2: 'two' })
})

test('the reference of one receiver is not given to its fallback', async () => {
  const { clock, earlier, sent, delivery } = deliveryTo(
    { slack: [sentAs('C1:1'), gone] },
    { receivers: { slack: { fallback: 'revenue' } } }
  )
  delivery.enqueue(
    ['a', 'b'].map(id => recordOf({ id, incidentId: 'i', decidedAt: epoch })),
    stored
  )
  await clock.advance(0)
  expect(sent.map(({ receiver, id }) => [receiver, earlier[id]])).toEqual([
    ['slack', null],
    ['slack', 'C1:1'],
    ['revenue', null]
  ])
})
