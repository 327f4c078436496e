import { expect, test } from 'vitest'
import { epoch } from '../../support/alerts.ts'
import { deliveryTo, recordOf, retry, stored, times } from '../../support/delivery.ts'

test('outcomes are stored once the store takes them, the latest of each notification', async () => {
  const { clock, delivery, rows, store } = deliveryTo({ slack: times(4, retry) })
  const { insert } = store
  let failures = 2
  store.insert = async records => {
    if (failures-- > 0) throw new Error('the store is away')
    await insert(records)
  }
  delivery.enqueue([recordOf({ id: 'a' })], stored)
  await clock.advance(120_000)
  expect(rows.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['a pending', 'a sent'])
})

test('an outcome has a later time than the state before it', async () => {
  const { clock, delivery, rows } = deliveryTo()
  delivery.enqueue([recordOf({ updatedAt: epoch + 5_000 })], stored)
  await clock.advance(0)
  expect(rows[0]?.updatedAt).toBe(epoch + 5_001)
})
