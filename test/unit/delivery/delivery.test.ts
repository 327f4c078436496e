import { describe, expect, test } from 'vitest'
import { createDelivery } from '../../../src/delivery/delivery.ts'
import type { Channel, SendResult } from '../../../src/delivery/notifier.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import { recordOf as anyRecordOf, deliveryRules, epoch } from '../../support/alerts.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const never = new Promise<void>(() => {})
const stored = Promise.resolve()
const sent: SendResult = { kind: 'sent', answer: '200 ok' }
const broken: SendResult = { kind: 'retry', answer: '500' }
const gone: SendResult = { kind: 'refused', answer: '404 no_service' }
const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A message of an incident of its own. */
const recordOf = (overrides: Partial<NotificationRecord> = {}): NotificationRecord =>
  anyRecordOf({ incidentId: `incident of ${overrides.id}`, segment: `part=${overrides.id}`, ...overrides })

/** A delivery with scripted receivers: each answers as scripted, then `sent`. */
function setUp(
  answers: Readonly<Record<string, readonly SendResult[]>> = {},
  defaultReceiver: string | null = 'slack',
  fallbacks: Readonly<Record<string, string>> = {}
) {
  const clock = createManualClock(epoch)
  const log: string[] = []
  const outcomes: string[] = []
  const rows: NotificationRecord[] = []
  const faults = { store: 0, maySend: async () => {} }
  const channelOf = (name: string, type: Channel['type']): Channel => {
    const script = [...(answers[name] ?? [])]
    return {
      type,
      address: `address of ${name}`,
      async send({ id, action }) {
        log.push(`${(clock.now() - epoch) / 1_000} ${name} ${action} ${id}`)
        return script.shift() ?? sent
      }
    }
  }
  const names: [string, Channel['type']][] = [
    ['slack', 'slack'],
    ['revenue', 'slack'],
    ['pagerduty', 'pagerduty']
  ]
  const receivers = new Map(Object.entries(fallbacks).map(([name, fallback]) => [name, { fallback }]))
  const channels = new Map(names.map(([name, type]) => [name, channelOf(name, type)]))
  const delivery = createDelivery({
    channels,
    defaultReceiver,
    receivers,
    rules: deliveryRules,
    store: {
      async insertNotifications(records) {
        if (faults.store-- > 0) throw new Error('the store is away')
        rows.push(...records)
      }
    },
    maySend: () => faults.maySend(),
    clock,
    random: () => 0.5,
    log: silent,
    onOutcome: ({ receiver, outcome }) => outcomes.push(`${receiver} ${outcome}`)
  })
  return { clock, log, outcomes, rows, faults, delivery, channels, channelOf }
}

describe('sending', () => {
  test('asks for leave again where that is refused, and sends once it is given', async () => {
    const { clock, log, delivery, faults } = setUp()
    const asked: { give: () => void; refuse: () => void }[] = []
    faults.maySend = () => new Promise((give, refuse) => void asked.push({ give, refuse }))
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(0)
    asked[0]?.refuse()
    await clock.advance(1_000)
    expect(log).toEqual([])
    asked[1]?.give()
    await clock.advance(0)
    expect(log).toEqual(['1 slack trigger a'])
  })

  test('a message waits for its record and then goes', async () => {
    const { clock, log, delivery, outcomes, rows } = setUp()
    let record = () => {}
    delivery.enqueue(
      [recordOf({ id: 'a' })],
      new Promise<void>(resolve => {
        record = resolve
      })
    )
    await clock.advance(1_000)
    expect(log).toEqual([])
    record()
    await clock.advance(0)
    expect(log).toEqual(['1 slack trigger a'])
    expect(outcomes).toEqual(['slack sent'])
    expect(rows).toMatchObject([{ id: 'a', outcome: 'sent', attempts: 1, answer: '200 ok' }])
  })

  test('a record that does not come holds a message for two seconds only', async () => {
    const { clock, log, delivery } = setUp()
    delivery.enqueue([recordOf({ id: 'a' })], never)
    await clock.advance(10_000)
    expect(log).toEqual(['2 slack trigger a'])
  })

  test('a record that fails holds nothing', async () => {
    const { clock, log, delivery } = setUp()
    delivery.enqueue([recordOf({ id: 'a' })], Promise.reject(new Error('no')))
    await clock.advance(0)
    expect(log).toEqual(['0 slack trigger a'])
  })

  test('five go at once to a webhook, then one a second, critical first', async () => {
    const { clock, log, delivery } = setUp()
    const calm = [1, 2, 3, 4, 5, 6].map(n => recordOf({ id: `${n}`, severity: 'low' }))
    delivery.enqueue([...calm, recordOf({ id: 'urgent', severity: 'critical' })], stored)
    await clock.advance(5_000)
    expect(log).toHaveLength(7)
    expect(log.slice(0, 5).every(line => line.startsWith('0 '))).toBe(true)
    expect(log[1]).toBe('0 slack trigger urgent')
    expect(log.slice(5).map(line => line.split(' ')[0])).toEqual(['1', '2'])
  })

  test('the same notification is sent once, however often it is given', async () => {
    const { clock, log, delivery } = setUp()
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(0)
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(60_000)
    expect(log).toEqual(['0 slack trigger a'])
  })

  test('what was decided while alerts are off is counted and not sent', async () => {
    const { clock, log, outcomes, delivery } = setUp()
    delivery.enqueue([recordOf({ outcome: 'off' })], stored)
    await clock.advance(60_000)
    expect({ log, outcomes, waiting: delivery.waiting() }).toEqual({
      log: [],
      outcomes: ['slack off'],
      waiting: 0
    })
  })
})

describe('trying again', () => {
  test('three quick retries with backoff, then once a minute until it is taken', async () => {
    const { clock, log, outcomes, delivery, rows } = setUp({
      slack: [broken, broken, broken, broken, broken]
    })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(200_000)
    expect(log.map(line => Number(line.split(' ')[0]))).toEqual([0, 1, 3, 7, 67, 127])
    expect(outcomes).toEqual(['slack pending', 'slack sent'])
    expect(rows.map(({ outcome, attempts }) => ({ outcome, attempts }))).toEqual([
      { outcome: 'pending', attempts: 4 },
      { outcome: 'sent', attempts: 6 }
    ])
  })

  test('a Retry-After holds all messages to that webhook, and no other', async () => {
    const { clock, log, delivery } = setUp({
      slack: [{ kind: 'retry', answer: '429', retryAfterMs: 30_000 }]
    })
    delivery.enqueue(
      [recordOf({ id: 'a' }), recordOf({ id: 'b' }), recordOf({ id: 'c', receiver: 'revenue' })],
      stored
    )
    await clock.advance(60_000)
    expect(log.map(line => line.replace(/ trigger/, ''))).toEqual([
      '0 slack a',
      '0 revenue c',
      '30 slack b',
      '30 slack a'
    ])
  })

  test('a Retry-After of more than an hour is not believed', async () => {
    const { clock, log, delivery } = setUp({ slack: [{ kind: 'retry', answer: '429', retryAfterMs: 1e12 }] })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(3_600_000)
    expect(log).toEqual(['0 slack trigger a', '3600 slack trigger a'])
  })

  test('after 24 hours it is recorded as expired', async () => {
    const { clock, log, outcomes, delivery, rows } = setUp({ slack: Array<SendResult>(2_000).fill(broken) })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    // The pause of its breaker ends within the minute after.
    await clock.advance(86_460_000)
    expect(outcomes).toEqual(['slack pending', 'slack expired'])
    expect(rows.at(-1)).toMatchObject({ outcome: 'expired', attempts: log.length })
    const tries = log.length
    await clock.advance(86_400_000)
    expect(log).toHaveLength(tries)
  })

  test('one that an earlier run tried is expired by the time it was decided', async () => {
    const { clock, outcomes, delivery } = setUp({ slack: [broken] })
    delivery.enqueue([recordOf({ decidedAt: epoch - 86_400_000, attempts: 4 })], stored)
    await clock.advance(0)
    expect(outcomes).toEqual(['slack expired'])
  })

  test('an edited rate holds at once for what waits', async () => {
    const { clock, outcomes, delivery, channels } = setUp()
    delivery.enqueue(
      ['1', '2', '3', '4', '5', '6', '7'].map(id => recordOf({ id })),
      stored
    )
    await clock.advance(0)
    expect(outcomes).toHaveLength(5)
    const rules = { ...deliveryRules, rate: { perSecond: 10, burst: 5 } }
    delivery.reload({ channels, receivers: new Map(), defaultReceiver: null, rules })
    await clock.advance(200)
    expect(outcomes).toHaveLength(7)
  })

  test('a channel that throws is tried again', async () => {
    const { clock, outcomes, delivery, channels } = setUp()
    const first = channels.get('slack') as Channel
    const failing: Channel = {
      ...first,
      send: async () => {
        throw new Error('broken pipe')
      }
    }
    delivery.reload({ channels: new Map([['slack', failing]]), receivers: new Map(), defaultReceiver: null })
    delivery.enqueue([recordOf()], stored)
    await clock.advance(0)
    expect(delivery.waiting()).toBe(1)
    delivery.reload({ channels: new Map([['slack', first]]), receivers: new Map(), defaultReceiver: null })
    await clock.advance(2_000)
    expect(outcomes).toEqual(['slack sent'])
  })
})

describe('a refusal', () => {
  test('goes to the default receiver, marked as such', async () => {
    const { clock, log, outcomes, delivery, rows } = setUp({ revenue: [gone] })
    delivery.enqueue([recordOf({ id: 'a', receiver: 'revenue' })], stored)
    await clock.advance(0)
    expect(outcomes).toEqual(['revenue refused', 'slack sent'])
    expect(log).toHaveLength(2)
    expect(
      rows.filter(({ receiver }) => receiver === 'slack').map(({ reason, outcome }) => ({ reason, outcome }))
    ).toEqual([
      { reason: { type: 'refused_elsewhere', receiver: 'revenue' }, outcome: 'pending' },
      { reason: { type: 'refused_elsewhere', receiver: 'revenue' }, outcome: 'sent' }
    ])
    expect(rows.find(({ receiver }) => receiver === 'revenue')).toMatchObject({
      outcome: 'refused',
      answer: '404 no_service'
    })
  })

  test('by the default receiver too ends there', async () => {
    const { clock, outcomes, delivery } = setUp({ revenue: [gone], slack: [gone, gone] })
    delivery.enqueue([recordOf({ id: 'a', receiver: 'revenue' }), recordOf({ id: 'b' })], stored)
    await clock.advance(86_400_000)
    expect(outcomes.sort()).toEqual(['revenue refused', 'slack refused', 'slack refused'])
    expect(delivery.waiting()).toBe(0)
  })

  test('of what was passed on already ends there, though the default is another one now', async () => {
    const { clock, outcomes, delivery } = setUp({ revenue: [gone] })
    delivery.enqueue(
      [recordOf({ receiver: 'revenue', reason: { type: 'refused_elsewhere', receiver: 'former' } })],
      stored
    )
    await clock.advance(60_000)
    expect(outcomes).toEqual(['revenue refused'])
  })

  test('stands for a receiver that is no longer configured', async () => {
    const { clock, outcomes, delivery } = setUp()
    delivery.enqueue([recordOf({ receiver: 'former' })], stored)
    await clock.advance(0)
    expect(outcomes).toEqual(['former refused', 'slack sent'])
  })
})

describe('pages', () => {
  const page = (id: string, action: 'trigger' | 'resolve') =>
    recordOf({ id, action, incidentId: 'i', receiver: 'pagerduty', dedupKey: 'key', severity: 'critical' })

  test('a resolve waits until its trigger is through', async () => {
    const { clock, log, delivery } = setUp({ pagerduty: [broken, broken, broken, broken, broken] })
    delivery.enqueue([page('t', 'trigger')], stored)
    await clock.advance(1_000)
    delivery.enqueue([page('r', 'resolve')], stored)
    await clock.advance(300_000)
    expect(log.map(line => line.split(' ').at(-1))).toEqual(['t', 't', 't', 't', 't', 't', 'r'])
  })

  test('what was never opened is not resolved', async () => {
    const { clock, log, delivery, rows } = setUp({ pagerduty: [gone] }, null)
    delivery.enqueue([page('t', 'trigger'), page('r', 'resolve')], stored)
    await clock.advance(60_000)
    expect(log).toEqual(['0 pagerduty trigger t'])
    expect(rows.find(({ id }) => id === 'r')).toMatchObject({
      outcome: 'refused',
      answer: 'not sent: its trigger was not accepted'
    })
  })

  test('a page is resolved through the key that opened it, though the configuration changed', async () => {
    const { clock, log, delivery, channelOf } = setUp()
    delivery.enqueue([page('t', 'trigger')], stored)
    await clock.advance(0)
    const other = { ...channelOf('other', 'pagerduty') }
    delivery.reload({
      channels: new Map([['pagerduty', other]]),
      receivers: new Map(),
      defaultReceiver: null
    })
    delivery.enqueue([page('r', 'resolve'), page('u', 'trigger')], stored)
    await clock.advance(0)
    expect(log).toEqual(['0 pagerduty trigger t', '0 pagerduty resolve r', '0 other trigger u'])
  })
})

describe('outcomes', () => {
  test('are stored once the store takes them, the latest of each', async () => {
    const { clock, delivery, faults, rows } = setUp({ slack: [broken, broken, broken, broken] })
    faults.store = 2
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(120_000)
    expect(rows.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['a pending', 'a sent'])
  })

  test('are always later than the state before them', async () => {
    const { clock, delivery, rows } = setUp()
    delivery.enqueue([recordOf({ updatedAt: epoch + 5_000 })], stored)
    await clock.advance(0)
    expect(rows[0]?.updatedAt).toBe(epoch + 5_001)
  })
})

describe('the end', () => {
  test('sends what was not tried yet, stores the outcomes, and leaves the rest pending', async () => {
    const { clock, log, delivery } = setUp({ slack: [broken] })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(0)
    delivery.enqueue([recordOf({ id: 'b', receiver: 'revenue' })], never)
    let ended = false
    void delivery.stop(5_000).then(() => {
      ended = true
    })
    await clock.advance(1_999)
    expect(ended).toBe(false)
    await clock.advance(1)
    expect({ ended, log, waiting: delivery.waiting() }).toEqual({
      ended: true,
      log: ['0 slack trigger a', '2 revenue trigger b'],
      waiting: 1
    })
  })

  test('comes within its bound, whatever hangs', async () => {
    const { clock, delivery, channels } = setUp()
    const hanging: Channel = { ...(channels.get('slack') as Channel), send: () => new Promise(() => {}) }
    delivery.reload({ channels: new Map([['slack', hanging]]), receivers: new Map(), defaultReceiver: null })
    delivery.enqueue([recordOf()], stored)
    let ended = false
    void delivery.stop(3_000).then(() => {
      ended = true
    })
    await clock.advance(2_999)
    expect(ended).toBe(false)
    await clock.advance(1)
    expect(ended).toBe(true)
  })

  test('of our turn drops what waits, for another to take up', async () => {
    const { clock, log, delivery } = setUp({ slack: [broken] })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(0)
    delivery.forget()
    await clock.advance(60_000)
    expect({ log, waiting: delivery.waiting() }).toEqual({ log: ['0 slack trigger a'], waiting: 0 })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(0)
    expect(log).toHaveLength(2)
  })

  test('of our turn while a message waits for leave to be sent keeps it from going', async () => {
    const { clock, log, delivery, faults } = setUp()
    let give = () => {}
    faults.maySend = () =>
      new Promise(resolve => {
        give = resolve
      })
    delivery.enqueue([recordOf()], stored)
    await clock.advance(0)
    delivery.forget()
    give()
    await clock.advance(60_000)
    expect(log).toEqual([])
  })

  test.each<[string, SendResult, string[]]>([
    ['success', sent, ['slack sent']],
    ['failure', broken, []]
  ])(
    'of our turn while a message is on its way records its %s only where it was sent',
    async (_, result, expected) => {
      const { clock, outcomes, delivery, channels } = setUp()
      let answer = (_: SendResult) => {}
      const send = () =>
        new Promise<SendResult>(resolve => {
          answer = resolve
        })
      delivery.reload({
        channels: new Map([['slack', { ...(channels.get('slack') as Channel), send }]]),
        receivers: new Map(),
        defaultReceiver: null
      })
      delivery.enqueue([recordOf()], stored)
      await clock.advance(0)
      delivery.forget()
      answer(result)
      await clock.advance(60_000)
      expect({ outcomes, waiting: delivery.waiting() }).toEqual({ outcomes: expected, waiting: 0 })
    }
  )
})
