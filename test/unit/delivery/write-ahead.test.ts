import { describe, expect, test } from 'vitest'
import { deliveryTo, never, pageOf, recordOf, stored } from '../../support/delivery.ts'

describe('a message', () => {
  test('waits until its row is stored', async () => {
    const { clock, log, outcomes, rows, delivery } = deliveryTo()
    const row = Promise.withResolvers<void>()
    delivery.enqueue([recordOf({ id: 'a' })], row.promise)
    await clock.advance(1_000)
    expect(log).toEqual([])
    row.resolve()
    await clock.advance(0)
    expect(log).toEqual(['1 slack trigger a'])
    expect(outcomes).toEqual(['slack sent'])
    expect(rows).toMatchObject([{ id: 'a', outcome: 'sent', attempts: 1, answer: '200 ok' }])
  })

  test('waits two seconds at most for a row that is not stored', async () => {
    const { clock, log, delivery } = deliveryTo()
    delivery.enqueue([recordOf({ id: 'a' })], never)
    await clock.advance(1_999)
    expect(log).toEqual([])
    await clock.advance(1)
    expect(log).toEqual(['2 slack trigger a'])
  })

  test('goes at once if its row cannot be stored', async () => {
    const { clock, log, delivery } = deliveryTo()
    delivery.enqueue([recordOf({ id: 'a' })], Promise.reject(new Error('no')))
    await clock.advance(0)
    expect(log).toEqual(['0 slack trigger a'])
  })
})

describe('the end of a page', () => {
  test('waits until its trigger is stored as sent', async () => {
    const { clock, log, delivery, store } = deliveryTo()
    const row = Promise.withResolvers<void>()
    store.insert = () => row.promise
    delivery.enqueue([pageOf('t', 'trigger'), pageOf('r', 'resolve')], stored)
    await clock.advance(60_000)
    expect(log).toEqual(['0 pagerduty trigger t'])
    row.resolve()
    await clock.advance(0)
    expect(log).toEqual(['0 pagerduty trigger t', '60 pagerduty resolve r'])
  })

  test('waits ten minutes at most, also where it comes later', async () => {
    const { clock, log, delivery, store } = deliveryTo()
    store.insert = () => never
    delivery.enqueue([pageOf('t', 'trigger')], stored)
    await clock.advance(1_000)
    delivery.enqueue([pageOf('r', 'resolve')], stored)
    await clock.advance(599_999)
    expect(log).toEqual(['0 pagerduty trigger t'])
    await clock.advance(1)
    expect(log.slice(1)).toEqual(['601 pagerduty resolve r'])
  })

  test('keeps what comes behind it for two seconds, and for two more by the row of its own', async () => {
    const { clock, log, delivery, store } = deliveryTo()
    store.insert = () => never
    delivery.enqueue([pageOf('t', 'trigger'), pageOf('r', 'resolve')], stored)
    await clock.advance(60_000)
    delivery.enqueue([{ ...pageOf('t2', 'trigger'), dedupKey: 'worse' }], stored)
    await clock.advance(4_000)
    expect(log).toEqual(['0 pagerduty trigger t', '62 pagerduty resolve r', '64 pagerduty trigger t2'])
  })
})

test('a page is acknowledged after its trigger is stored as sent, or after two seconds', async () => {
  const { clock, log, delivery, store } = deliveryTo()
  store.insert = () => never
  delivery.enqueue([pageOf('t', 'trigger'), pageOf('a', 'acknowledge')], stored)
  await clock.advance(1_999)
  expect(log).toEqual(['0 pagerduty trigger t'])
  await clock.advance(1)
  expect(log.slice(1)).toEqual(['2 pagerduty acknowledge a'])
})
