import { describe, expect, test } from 'vitest'
import { formatReason } from '../../../src/incident/reason.ts'
import { deliveryTo, gone, recordOf, retry, stored, times } from '../../support/delivery.ts'

const receivers = { slack: { fallback: 'revenue' }, revenue: { fallback: 'slack' } }
const toPager = { slack: { fallback: 'pagerduty' } }
const broken = { failures: 1, pauseMs: 60_000 }
const neverTaken = times(10_000, retry)

/** `receiver action reason outcome`, of each state recorded. */
const statesOf = (rows: ReturnType<typeof deliveryTo>['rows']) =>
  rows.map(
    ({ receiver, action, reason, outcome }) => `${receiver} ${action} ${formatReason(reason)} ${outcome}`
  )

describe('a fallback', () => {
  test('gets what is refused, in place of the default receiver', async () => {
    const { clock, rows, delivery } = deliveryTo(
      { slack: [gone] },
      { receivers, defaultReceiver: 'pagerduty' }
    )
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(0)
    expect(statesOf(rows)).toEqual([
      'slack trigger opened refused',
      'revenue trigger fallback:slack pending',
      'revenue trigger fallback:slack sent'
    ])
  })

  test('gets what some recipients of a receiver refuse for good, and the others have it', async () => {
    const { clock, rows, delivery } = deliveryTo(
      { slack: [{ kind: 'sent', answer: 'refused for cy@shop.example: 550', isPartlyRefused: true }] },
      { receivers }
    )
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(0)
    expect(statesOf(rows)).toEqual([
      'slack trigger opened sent',
      'revenue trigger fallback:slack pending',
      'revenue trigger fallback:slack sent'
    ])
    expect(rows[0]?.answer).toBe('refused for cy@shop.example: 550')
  })

  test('that refuses too is the last, whatever its own fallback', async () => {
    const { clock, log, outcomes, delivery } = deliveryTo({ slack: [gone], revenue: [gone] }, { receivers })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(60_000)
    expect(outcomes).toEqual(['slack refused', 'revenue refused'])
    expect(log).toHaveLength(2)
  })

  test('gets what expires', async () => {
    const { clock, outcomes, delivery } = deliveryTo(
      { slack: neverTaken },
      { receivers, rules: { expireAfterMs: 600_000 } }
    )
    delivery.enqueue([recordOf({ id: 'a', severity: 'low' })], stored)
    await clock.advance(660_000)
    expect(outcomes).toEqual(['slack pending', 'slack expired', 'revenue sent'])
  })

  test('that is not configured is not replaced by the default receiver for what expires', async () => {
    const { clock, outcomes, delivery } = deliveryTo(
      { revenue: neverTaken },
      { rules: { expireAfterMs: 600_000 } }
    )
    delivery.enqueue([recordOf({ id: 'a', receiver: 'revenue', severity: 'low' })], stored)
    await clock.advance(660_000)
    expect(outcomes).toEqual(['revenue pending', 'revenue expired'])
  })

  test('gets critical and high messages once, as soon as the circuit breaker opens, and the original stays pending', async () => {
    const { clock, log, delivery } = deliveryTo(
      { slack: [retry, retry] },
      { receivers, rules: { breaker: broken } }
    )
    const severities = ['low', 'medium', 'high', 'critical'] as const
    delivery.enqueue(
      severities.map(severity => recordOf({ id: severity, severity })),
      stored
    )
    await clock.advance(0)
    expect(log.map(line => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '0 slack',
      '0 revenue',
      '0 revenue'
    ])
    expect(delivery.receiver('slack').waiting).toBe(4)
    await clock.advance(180_000)
    const inTheEnd = log.filter(line => line.includes('slack')).map(line => line.split(' ').at(-1))
    expect(new Set(inTheEnd)).toEqual(new Set(severities))
    expect(log.filter(line => line.includes('revenue'))).toHaveLength(2)
  })

  test('gets what is decided while the circuit breaker is open', async () => {
    const { clock, log, delivery } = deliveryTo({ slack: [retry] }, { receivers, rules: { breaker: broken } })
    delivery.enqueue([recordOf({ id: 'low', severity: 'low' })], stored)
    await clock.advance(1_000)
    delivery.enqueue([recordOf({ id: 'late', severity: 'critical' })], stored)
    await clock.advance(0)
    expect(log.map(line => line.split(' ').slice(0, 2).join(' '))).toEqual(['0 slack', '1 revenue'])
  })

  test('gets critical messages if a Retry-After is as long as the pause of the circuit breaker', async () => {
    const asked = (retryAfterMs: number) => ({ kind: 'retry', answer: '429', retryAfterMs }) as const
    const long = deliveryTo({ slack: [asked(60_000)] }, { receivers })
    const short = deliveryTo({ slack: [asked(59_999)] }, { receivers })
    for (const { clock, delivery } of [long, short]) {
      delivery.enqueue([recordOf({ id: 'a', severity: 'critical' })], stored)
      await clock.advance(0)
    }
    expect([long.outcomes, short.outcomes]).toEqual([['revenue sent'], []])
  })

  test('gets a message once across restarts', async () => {
    const before = deliveryTo({ slack: neverTaken }, { receivers, rules: { breaker: broken } })
    before.delivery.enqueue([recordOf({ id: 'a' })], stored)
    await before.clock.advance(1_000)
    expect(before.outcomes).toEqual(['revenue sent'])
    const after = deliveryTo({ slack: neverTaken }, { receivers, rules: { breaker: broken } })
    after.delivery.restore(before.rows)
    after.delivery.enqueue([recordOf({ id: 'a' })], stored)
    await after.clock.advance(1_000)
    expect(after.log.map(line => line.split(' ')[1])).toEqual(['slack'])
  })
})

describe('a refused message', () => {
  const refusedBy = (receiver: string) => ({ type: 'refused_elsewhere', receiver }) as const

  test('goes to the default receiver, which its reason says', async () => {
    const { clock, log, outcomes, delivery, rows } = deliveryTo({ revenue: [gone] })
    delivery.enqueue([recordOf({ id: 'a', receiver: 'revenue' })], stored)
    await clock.advance(0)
    expect(outcomes).toEqual(['revenue refused', 'slack sent'])
    expect(log).toHaveLength(2)
    expect(
      rows.filter(({ receiver }) => receiver === 'slack').map(({ reason, outcome }) => ({ reason, outcome }))
    ).toEqual([
      { reason: refusedBy('revenue'), outcome: 'pending' },
      { reason: refusedBy('revenue'), outcome: 'sent' }
    ])
    expect(rows.find(({ receiver }) => receiver === 'revenue')).toMatchObject({
      outcome: 'refused',
      answer: '404 no_service'
    })
  })

  test('goes no further if the default receiver refuses it too', async () => {
    const { clock, outcomes, delivery } = deliveryTo({ revenue: [gone], slack: [gone, gone] })
    delivery.enqueue([recordOf({ id: 'a', receiver: 'revenue' }), recordOf({ id: 'b' })], stored)
    await clock.advance(86_400_000)
    expect(outcomes.sort()).toEqual(['revenue refused', 'slack refused', 'slack refused'])
    expect(delivery.waiting()).toBe(0)
  })

  test('goes no further if it was rerouted before, though the default receiver has changed since', async () => {
    const { clock, outcomes, delivery } = deliveryTo({ revenue: [gone] })
    delivery.enqueue([recordOf({ receiver: 'revenue', reason: refusedBy('former') })], stored)
    await clock.advance(60_000)
    expect(outcomes).toEqual(['revenue refused'])
  })

  test('may be of a receiver that is no longer configured', async () => {
    const { clock, outcomes, delivery } = deliveryTo()
    delivery.enqueue([recordOf({ receiver: 'former' })], stored)
    await clock.advance(0)
    expect(outcomes).toEqual(['former refused', 'slack sent'])
  })
})

describe('a page opened for another receiver', () => {
  const opened = async () => {
    const setting = deliveryTo({ slack: [gone] }, { receivers: toPager })
    setting.delivery.enqueue([recordOf({ id: 'a', incidentId: 'i', severity: 'critical' })], stored)
    await setting.clock.advance(0)
    return setting
  }

  test('has the dedup key of the incident, and is resolved once when the incident ends', async () => {
    const { clock, sent, delivery } = await opened()
    delivery.resolveRerouted('another')
    delivery.resolveRerouted('i')
    delivery.resolveRerouted('i')
    await clock.advance(60_000)
    expect(sent.slice(1).map(({ action, dedupKey }) => `${action} ${dedupKey}`)).toEqual([
      'trigger cartwatch-i-critical',
      'resolve cartwatch-i-critical'
    ])
  })

  test('is resolved by an instance that only read it from the store, unless another has resolved it', async () => {
    const { rows, delivery, clock } = await opened()
    const next = deliveryTo()
    next.delivery.restore(rows)
    next.delivery.resolveRerouted('i')
    await next.clock.advance(0)
    expect(next.sent.map(({ action, receiver }) => `${receiver} ${action}`)).toEqual(['pagerduty resolve'])
    delivery.resolveRerouted('i')
    await clock.advance(0)
    const last = deliveryTo()
    last.delivery.restore(rows)
    last.delivery.resolveRerouted('i')
    await last.clock.advance(0)
    expect(last.sent).toEqual([])
  })

  test('is resolved together with the page that a pager did not take', async () => {
    const { clock, log, delivery, channelOf } = deliveryTo({ pagerduty: [gone] })
    const channels = new Map([
      ['pagerduty', channelOf('pagerduty', 'pagerduty')],
      ['backup', channelOf('backup', 'pagerduty')]
    ])
    delivery.reload({
      channels,
      receivers: new Map([['pagerduty', { fallback: 'backup' }]]),
      defaultReceiver: null
    })
    const page = { incidentId: 'i', receiver: 'pagerduty', dedupKey: 'key' }
    delivery.enqueue([recordOf({ id: 't', ...page })], stored)
    await clock.advance(0)
    delivery.enqueue([recordOf({ id: 'r', action: 'resolve', ...page })], stored)
    await clock.advance(0)
    expect(log.map(line => line.split(' ').slice(1, 3).join(' '))).toEqual([
      'pagerduty trigger',
      'backup trigger',
      'backup resolve'
    ])
  })
})
