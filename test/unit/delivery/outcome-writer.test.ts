import { expect, test } from 'vitest'
import { createOutcomeWriter } from '../../../src/delivery/outcome-writer.ts'
import { epoch } from '../../support/alerts.ts'
import { deliveryTo, recordOf, retry, stored, times } from '../../support/delivery.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

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

test('a state that comes while an earlier one is written is written too, and only then is either taken for stored', async () => {
  const writes: string[] = []
  const answers: (() => void)[] = []
  const insertNotifications = (records: readonly { readonly outcome: string }[]) => {
    writes.push(records.map(({ outcome }) => outcome).join())
    return new Promise<void>(resolve => void answers.push(resolve))
  }
  const clock = createManualClock(epoch)
  const writer = createOutcomeWriter({ store: { insertNotifications }, clock, log: createRecordedLog() })
  const done: string[] = []
  void writer.put(recordOf({ outcome: 'pending' })).then(() => done.push('pending'))
  void writer.put(recordOf({ outcome: 'sent' })).then(() => done.push('sent'))
  answers[0]?.()
  await clock.advance(0)
  expect([writes, done, writer.waiting()]).toEqual([['pending', 'sent'], [], 1])
  answers[1]?.()
  await clock.advance(0)
  expect([writes, done, writer.waiting()]).toEqual([['pending', 'sent'], ['pending', 'sent'], 0])
})
