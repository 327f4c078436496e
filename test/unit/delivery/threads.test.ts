import { describe, expect, test } from 'vitest'
import { byDecision } from '../../../src/incident/notification.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import { epoch } from '../../support/alerts.ts'
import { deliveryTo, gone, recordOf, retry, sentAs, stored } from '../../support/delivery.ts'

const page = (id: string, action: NotificationRecord['action'], dedupKey = 'key') =>
  recordOf({ id, action, incidentId: 'i', receiver: 'pagerduty', dedupKey, severity: 'critical' })

describe('messages of one incident', () => {
  test('go to a receiver in the order of their decisions, whatever fails, and hold no other incident', async () => {
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

  test('make the ones that wait before a critical one as urgent', async () => {
    const { clock, log, delivery } = deliveryTo()
    const others = ['1', '2', '3', '4', '5'].map(id => recordOf({ id, severity: 'high' }))
    const held = recordOf({ id: 'held', incidentId: 'i', severity: 'low' })
    const critical = recordOf({ id: 'critical', incidentId: 'i', severity: 'critical' })
    delivery.enqueue([...others, held, critical], stored)
    await clock.advance(0)
    expect(log.slice(1, 3)).toEqual(['0 slack trigger held', '0 slack trigger critical'])
  })

  test('are sent with the message reference of the one before, which a newer one replaces, and store it', async () => {
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

  test('go on after a restart from what was recorded last', async () => {
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

  test('record how long they took from the decision on, and what the receiver calls them', async () => {
    const { clock, rows, delivery } = deliveryTo({
      slack: [retry, { kind: 'sent', answer: '200', requestId: 'r-17' }]
    })
    const pending = recordOf({ id: 'a', decidedAt: epoch - 500 })
    delivery.restore([pending])
    delivery.enqueue([pending], stored)
    await clock.advance(60_000)
    expect(rows).toMatchObject([{ id: 'a', outcome: 'sent', latencyMs: 1_500, requestId: 'r-17' }])
  })
})

describe('a page', () => {
  test('is acknowledged behind its trigger and before its resolve', async () => {
    const { clock, log, delivery } = deliveryTo({ pagerduty: [retry] })
    delivery.enqueue([page('t', 'trigger'), page('a', 'acknowledge'), page('r', 'resolve')], stored)
    await clock.advance(60_000)
    expect(log).toEqual([
      '0 pagerduty trigger t',
      '1 pagerduty trigger t',
      '1 pagerduty acknowledge a',
      '1 pagerduty resolve r'
    ])
  })

  test('that was never opened is not acknowledged', async () => {
    const { clock, log, rows, delivery } = deliveryTo({ pagerduty: [gone] }, { defaultReceiver: null })
    delivery.enqueue([page('t', 'trigger'), page('a', 'acknowledge')], stored)
    await clock.advance(60_000)
    expect(log).toEqual(['0 pagerduty trigger t'])
    expect(rows.find(({ id }) => id === 'a')).toMatchObject({
      outcome: 'refused',
      answer: 'not sent: its trigger was not accepted'
    })
  })

  test('is acknowledged through the key that opened it, though the configuration changed', async () => {
    const { clock, log, delivery, channelOf } = deliveryTo()
    delivery.enqueue([page('t', 'trigger')], stored)
    await clock.advance(0)
    const other = channelOf('other', 'pagerduty')
    delivery.reload({
      channels: new Map([['pagerduty', other]]),
      receivers: new Map(),
      defaultReceiver: null
    })
    delivery.enqueue([page('a', 'acknowledge'), page('r', 'resolve')], stored)
    await clock.advance(0)
    expect(log).toEqual(['0 pagerduty trigger t', '0 pagerduty acknowledge a', '0 pagerduty resolve r'])
  })

  test('does not end before its beginning is on record, nor waits for that for more than two seconds', async () => {
    const { clock, log, delivery, store } = deliveryTo()
    const row = Promise.withResolvers<undefined>()
    store.insert = () => row.promise
    delivery.enqueue([page('t', 'trigger'), page('r', 'resolve')], stored)
    await clock.advance(1_000)
    delivery.enqueue([page('a', 'acknowledge')], stored)
    expect(log).toEqual(['0 pagerduty trigger t'])
    store.insert = () => new Promise(() => {})
    row.resolve(undefined)
    await clock.advance(0)
    expect(log).toEqual(['0 pagerduty trigger t', '1 pagerduty resolve r'])
    await clock.advance(1_999)
    expect(log).toHaveLength(2)
    await clock.advance(1)
    expect(log.slice(2)).toEqual(['3 pagerduty acknowledge a'])
  })

  test('decided and ended at once begins first when it is read back', () => {
    const at = (decidedAt: number, action: NotificationRecord['action']) => recordOf({ action, decidedAt })
    const readBack = [at(2, 'trigger'), at(1, 'resolve'), at(1, 'trigger'), at(1, 'acknowledge')]
    expect(readBack.sort(byDecision).map(({ decidedAt, action }) => `${decidedAt} ${action}`)).toEqual([
      '1 trigger',
      '1 acknowledge',
      '1 resolve',
      '2 trigger'
    ])
  })

  test('has the message reference of its own key alone', async () => {
    const { clock, earlier, delivery } = deliveryTo({ pagerduty: [sentAs('one'), sentAs('two')] })
    delivery.enqueue(
      [
        page('t1', 'trigger', 'high'),
        page('t2', 'trigger', 'critical'),
        page('r1', 'resolve', 'high'),
        page('r2', 'resolve', 'critical')
      ],
      stored
    )
    await clock.advance(60_000)
    expect(earlier).toEqual({ t1: null, t2: null, r1: 'one', r2: 'two' })
  })
})
