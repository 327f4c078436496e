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

test('a page is resolved only after its trigger is stored as sent, or after two seconds', async () => {
  const { clock, log, delivery, store } = deliveryTo()
  const row = Promise.withResolvers<void>()
  store.insert = () => row.promise
  delivery.enqueue([pageOf('t', 'trigger'), pageOf('r', 'resolve')], stored)
  await clock.advance(1_000)
  delivery.enqueue([pageOf('a', 'acknowledge')], stored)
  expect(log).toEqual(['0 pagerduty trigger t'])
  store.insert = () => never
  row.resolve()
  await clock.advance(0)
  expect(log).toEqual(['0 pagerduty trigger t', '1 pagerduty resolve r'])
  await clock.advance(1_999)
  expect(log).toHaveLength(2)
  await clock.advance(1)
  expect(log.slice(2)).toEqual(['3 pagerduty acknowledge a'])
})
