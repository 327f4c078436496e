import { describe, expect, test } from 'vitest'
import { deliveryTo, gone, pageOf, retry, stored, times } from '../../support/delivery.ts'

describe('a page', () => {
  test('is resolved after its trigger was accepted', async () => {
    const { clock, log, delivery } = deliveryTo({ pagerduty: times(5, retry) })
    delivery.enqueue([pageOf('t', 'trigger')], stored)
    await clock.advance(1_000)
    delivery.enqueue([pageOf('r', 'resolve')], stored)
    await clock.advance(300_000)
    expect(log.map(line => line.split(' ').at(-1))).toEqual(['t', 't', 't', 't', 't', 't', 'r'])
  })

  test('is acknowledged after its trigger and before its resolve', async () => {
    const { clock, log, delivery } = deliveryTo({ pagerduty: [retry] })
    delivery.enqueue([pageOf('t', 'trigger'), pageOf('a', 'acknowledge'), pageOf('r', 'resolve')], stored)
    await clock.advance(60_000)
    expect(log).toEqual([
      '0 pagerduty trigger t',
      '1 pagerduty trigger t',
      '1 pagerduty acknowledge a',
      '1 pagerduty resolve r'
    ])
  })

  test.each(['resolve', 'acknowledge'] as const)('whose trigger was refused gets no %s', async action => {
    const { clock, log, rows, delivery } = deliveryTo({ pagerduty: [gone] }, { defaultReceiver: null })
    delivery.enqueue([pageOf('t', 'trigger'), pageOf('next', action)], stored)
    await clock.advance(60_000)
    expect(log).toEqual(['0 pagerduty trigger t'])
    expect(rows.find(({ id }) => id === 'next')).toMatchObject({
      outcome: 'refused',
      answer: 'not sent: its trigger was not accepted'
    })
  })

  test('stays with the integration key that opened it after a reload; new pages get the new key', async () => {
    const { clock, log, delivery, channelOf, reload } = deliveryTo()
    delivery.enqueue([pageOf('t', 'trigger')], stored)
    await clock.advance(0)
    reload(new Map([['pagerduty', channelOf('other', 'pagerduty')]]))
    delivery.enqueue([pageOf('a', 'acknowledge'), pageOf('r', 'resolve'), pageOf('u', 'trigger')], stored)
    await clock.advance(0)
    expect(log).toEqual([
      '0 pagerduty trigger t',
      '0 pagerduty acknowledge a',
      '0 pagerduty resolve r',
      '0 other trigger u'
    ])
  })
})
