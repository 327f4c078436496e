import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createChannels } from '../../../src/channel/create.ts'
import type { Channel } from '../../../src/delivery/channel.ts'
import { createDelivery } from '../../../src/delivery/delivery.ts'
import { type Behaviour, type Inbox, openInbox } from '../../../src/demo/inbox/inbox.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import {
  alertingOn,
  createMemory,
  deliveryRules,
  epoch,
  minuteOf,
  renderOptionsOf,
  routeTo
} from '../../support/alerts.ts'
import { slackTo } from '../../support/channels.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { until } from '../../support/until.ts'

let inbox: Inbox
const opened: { close(): Promise<void> }[] = []
beforeEach(async () => {
  inbox = await openInbox({ clock: { now: () => 0 }, rate: null })
})
afterEach(async () => {
  for (const channels of opened.splice(0)) await channels.close()
  await inbox.close()
})

function slackWithin(timeoutMs: number): Channel {
  const receivers = new Map([['slack', slackTo(inbox.slackUrl('alerts'))]])
  const channels = createChannels({
    receivers,
    renderOptions: renderOptionsOf(),
    timeoutMs,
    clock: { now: () => epoch }
  })
  opened.push(channels)
  return channels.byName.get('slack') as Channel
}

/** Decides on one anomaly and sends it over HTTP, by a clock that is set by hand. */
async function raise(behaviour: Behaviour) {
  const clock = createManualClock(epoch)
  const memory = createMemory()
  const outcomes: NotificationRecord[] = []
  const sentAt: number[] = []
  const results: string[] = []
  // Only an answer that never comes is not waited for: any other may take its time on a busy machine.
  const patient = slackWithin(30_000)
  const impatient = slackWithin(200)
  const slack: Channel = {
    ...patient,
    send(notification, earlier) {
      sentAt.push(clock.now() - epoch)
      const channel = behaviour === 'hang' && sentAt.length === 1 ? impatient : patient
      return channel.send(notification, earlier)
    }
  }
  const delivery = createDelivery({
    channels: new Map([['slack', slack]]),
    defaultReceiver: 'slack',
    receivers: new Map(),
    rules: deliveryRules,
    store: { insertNotifications: async records => memory.putNotifications(records) },
    clock,
    random: () => 0.5,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    onOutcome: record => outcomes.push(record),
    onAttempt: (_, result) => results.push(result)
  })
  inbox.behave('alerts', behaviour)
  const { verdict, anomalies } = minuteOf(1, 'h')
  const { notifications } = alertingOn(memory, [routeTo('slack')]).onWindow(verdict, anomalies, clock.now())
  delivery.enqueue(notifications, Promise.resolve())
  await clock.advance(0)
  const answered = (count: number) => until(`answer ${count}`, () => results.length === count)
  await answered(1)
  return { clock, outcomes, memory, delivery, sentAt, results, answered }
}

describe('a webhook that answers', () => {
  test('404 gets the message no more, and the refusal is stored', async () => {
    const { clock, sentAt, memory } = await raise({ status: 404, body: 'no_service' })
    await clock.advance(86_400_000)
    expect(sentAt).toEqual([0])
    expect(inbox.messages).toHaveLength(1)
    expect(await memory.notifications()).toMatchObject([
      { outcome: 'refused', answer: '404 no_service', attempts: 1 }
    ])
  })

  test.each<[string, Behaviour, string, number]>([
    ['429 with Retry-After', { status: 429, retryAfterS: 30 }, '429', 30_000],
    ['408', { status: 408 }, '408', 1_000],
    ['500', { status: 500 }, '500', 1_000],
    ['nothing', 'hang', 'no answer within 200 ms', 1_000],
    ['with a reset', 'reset', expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/), 1_000]
  ])('%s gets the message again in time', async (_, behaviour, answer, waitMs) => {
    const { clock, memory, delivery, sentAt, results, answered } = await raise(behaviour)
    expect(delivery.receiver('slack').last).toEqual({ outcome: 'pending', answer })
    inbox.behave('alerts', 'real')
    await clock.advance(waitMs)
    await answered(2)
    await clock.advance(0)
    expect({ sentAt, results }).toEqual({ sentAt: [0, waitMs], results: ['retry', 'sent'] })
    expect(inbox.messages.filter(({ accepted }) => accepted)).toHaveLength(1)
    expect(await memory.notifications()).toMatchObject([{ outcome: 'sent', answer: '200 ok', attempts: 2 }])
    expect(delivery.waiting()).toBe(0)
  })

  test('again after a restart gets what was pending', async () => {
    const { clock, outcomes, memory, delivery, answered } = await raise({ status: 500 })
    for (const [n, waitMs] of [1_000, 2_000, 4_000].entries()) {
      await clock.advance(waitMs)
      await answered(n + 2)
    }
    await clock.advance(0)
    expect(outcomes).toMatchObject([{ outcome: 'pending', attempts: 4 }])
    delivery.forget()

    inbox.behave('alerts', 'real')
    const alerting = alertingOn(memory)
    const { pending } = await alerting.restore(epoch, clock.now())
    expect(pending.map(({ id }) => id)).toEqual(outcomes.map(({ id }) => id))
    delivery.enqueue(pending, Promise.resolve())
    await clock.advance(0)
    await answered(5)
    await clock.advance(0)
    expect(await memory.notifications()).toMatchObject([{ outcome: 'sent', attempts: 5 }])
  })
})
