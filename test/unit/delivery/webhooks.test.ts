import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDelivery } from '../../../src/delivery/delivery.ts'
import type { Behaviour } from '../../../src/demo/inbox/inbox.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import { alertingOn, createMemory, deliveryRules, epoch, minuteOf, routeTo } from '../../support/alerts.ts'
import { openTestChannels, type TestChannels } from '../../support/channels.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { until } from '../../support/until.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
let channels: TestChannels
beforeEach(async () => {
  channels = await openTestChannels(1_000)
})
afterEach(async () => {
  await channels.close()
  await channels.inbox.close()
})

/** Decides on one anomaly and hands it to a delivery over HTTP whose clock goes on by hand. */
async function raise(behaviour: Behaviour) {
  const clock = createManualClock(epoch)
  const memory = createMemory()
  const outcomes: NotificationRecord[] = []
  const delivery = createDelivery({
    channels: channels.byName,
    defaultReceiver: 'slack',
    receivers: new Map(),
    rules: deliveryRules,
    store: { insertNotifications: async records => memory.putNotifications(records) },
    clock,
    random: () => 0.5,
    log: silent,
    onOutcome: record => outcomes.push(record)
  })
  channels.inbox.behave('alerts', behaviour)
  const { verdict, anomalies } = minuteOf(1, 'h')
  const { notifications } = alertingOn(memory, [routeTo('slack')]).onWindow(verdict, anomalies, clock.now())
  delivery.enqueue(notifications, Promise.resolve())
  return { clock, outcomes, memory, delivery }
}

describe('a webhook that answers', () => {
  test('404 is given up, recorded and told of', async () => {
    const { clock, outcomes, memory } = await raise({ status: 404, body: 'no_service' })
    await clock.advance(0)
    await until('a refusal', () => outcomes.length === 1)
    await clock.advance(86_400_000)
    expect(channels.inbox.messages).toHaveLength(1)
    expect(await memory.notifications()).toMatchObject([
      { outcome: 'refused', answer: '404 no_service', attempts: 1 }
    ])
  })

  test.each<[string, Behaviour, number]>([
    ['429 with Retry-After is tried again then', { status: 429, retryAfterS: 30 }, 30_000],
    ['408 is tried again soon', { status: 408 }, 1_000],
    ['500 is tried again soon', { status: 500 }, 1_000],
    ['nothing is tried again soon', 'hang', 1_000],
    ['with a reset is tried again soon', 'reset', 1_000]
  ])('%s', async (_, behaviour, waitMs) => {
    const { clock, outcomes, memory, delivery } = await raise(behaviour)
    await clock.advance(0)
    await until('the first try', () => channels.inbox.messages.length === 1)
    channels.inbox.behave('alerts', 'real')
    await until('the second try', async () => {
      await clock.advance(waitMs)
      return outcomes.length === 1
    })
    expect(channels.inbox.messages.map(({ accepted }) => accepted)).toEqual([false, true])
    expect(await memory.notifications()).toMatchObject([{ outcome: 'sent', answer: '200 ok', attempts: 2 }])
    expect(delivery.waiting()).toBe(0)
  })

  test('again after a restart gets what was pending', async () => {
    const first = await raise({ status: 500 })
    await until('the quick tries', async () => {
      await first.clock.advance(4_000)
      return first.outcomes.length === 1
    })
    expect(first.outcomes).toMatchObject([{ outcome: 'pending', attempts: 4 }])
    first.delivery.forget()

    channels.inbox.behave('alerts', 'real')
    const alerting = alertingOn(first.memory)
    const { pending } = await alerting.restore(epoch, first.clock.now())
    expect(pending.map(({ id }) => id)).toEqual(first.outcomes.map(({ id }) => id))
    first.delivery.enqueue(pending, Promise.resolve())
    await until('its being sent', async () => {
      await first.clock.advance(1_000)
      return first.outcomes.length === 2
    })
    expect(await first.memory.notifications()).toMatchObject([{ outcome: 'sent', attempts: 5 }])
  })
})
