import { describe, expect, test } from 'vitest'
import type { Channel, SendResult } from '../../../src/delivery/channel.ts'
import { epoch } from '../../support/alerts.ts'
import { deliveryTo, gone, recordOf, retry, sentAs, stored } from '../../support/delivery.ts'

/** A delivery whose requests for permission to send wait for a test to answer them. */
function withPermissions() {
  const asked: PromiseWithResolvers<void>[] = []
  const setting = deliveryTo(
    {},
    {
      maySend() {
        const permission = Promise.withResolvers<void>()
        asked.push(permission)
        return permission.promise
      }
    }
  )
  return { ...setting, asked }
}

describe('permission to send', () => {
  test('is asked for again after a refusal, and the message goes once it is given', async () => {
    const { clock, log, delivery, asked } = withPermissions()
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(0)
    asked[0]?.reject(new Error('not now'))
    await clock.advance(1_000)
    expect(log).toEqual([])
    asked[1]?.resolve()
    await clock.advance(0)
    expect(log).toEqual(['1 slack trigger a'])
  })

  test('that comes after the message was dropped sends nothing', async () => {
    const { clock, log, delivery, asked } = withPermissions()
    delivery.enqueue([recordOf()], stored)
    await clock.advance(0)
    delivery.forget()
    asked[0]?.resolve()
    await clock.advance(60_000)
    expect(log).toEqual([])
  })
})

test.each<[string, SendResult, string[]]>([
  ['the success', sentAs(undefined), ['slack sent']],
  ['no failure', retry, []],
  ['no refusal', gone, []]
])('of a message that is dropped while it is being sent, %s is recorded', async (_, result, expected) => {
  const { clock, outcomes, delivery, channels, reload } = deliveryTo()
  const answer = Promise.withResolvers<SendResult>()
  const send = () => answer.promise
  reload(new Map([['slack', { ...(channels.get('slack') as Channel), send }]]))
  delivery.enqueue([recordOf()], stored)
  await clock.advance(0)
  delivery.forget()
  answer.resolve(result)
  await clock.advance(60_000)
  expect({ outcomes, waiting: delivery.waiting() }).toEqual({ outcomes: expected, waiting: 0 })
})

test('a channel that throws is tried again', async () => {
  const { clock, outcomes, delivery, channels, reload } = deliveryTo()
  const working = channels.get('slack') as Channel
  const send = async () => {
    throw new Error('broken pipe')
  }
  reload(new Map([['slack', { ...working, send }]]))
  delivery.enqueue([recordOf()], stored)
  await clock.advance(0)
  expect(delivery.waiting()).toBe(1)
  reload(new Map([['slack', working]]))
  await clock.advance(2_000)
  expect(outcomes).toEqual(['slack sent'])
})

test('the record says how long a message took from its decision on, and what the receiver calls the request', async () => {
  const { clock, rows, delivery } = deliveryTo({
    slack: [retry, { kind: 'sent', answer: '200', requestId: 'r-17' }]
  })
  const pending = recordOf({ id: 'a', decidedAt: epoch - 500 })
  delivery.restore([pending])
  delivery.enqueue([pending], stored)
  await clock.advance(60_000)
  expect(rows).toMatchObject([{ id: 'a', outcome: 'sent', latencyMs: 1_500, requestId: 'r-17' }])
})
