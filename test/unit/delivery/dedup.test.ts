import { expect, test } from 'vitest'
import { deliveryTo, recordOf, stored } from '../../support/delivery.ts'

test('a notification is sent once, however often it is enqueued', async () => {
  const { clock, log, delivery } = deliveryTo()
  delivery.enqueue([recordOf({ id: 'a' })], stored)
  delivery.enqueue([recordOf({ id: 'a' })], stored)
  await clock.advance(0)
  delivery.enqueue([recordOf({ id: 'a' })], stored)
  await clock.advance(60_000)
  expect(log).toEqual(['0 slack trigger a'])
})

test('a notification decided while alerts are off is counted and not sent', async () => {
  const { clock, log, outcomes, delivery } = deliveryTo()
  delivery.enqueue([recordOf({ outcome: 'off' })], stored)
  await clock.advance(60_000)
  expect({ log, outcomes, waiting: delivery.waiting() }).toEqual({
    log: [],
    outcomes: ['slack off'],
    waiting: 0
  })
})
