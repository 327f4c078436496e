import { describe, expect, test } from 'vitest'
import { createKeyRateLimit } from '../../../src/delivery/rate-limit.ts'
import { deliveryRules, epoch } from '../../support/alerts.ts'
import { deliveryTo, recordOf, retry, stored, times } from '../../support/delivery.ts'

const secondsOf = (log: readonly string[]) => log.map(line => Number(line.split(' ')[0]))
const many = (count: number, receiver: string) =>
  Array.from({ length: count }, (_, n) => recordOf({ id: `${receiver} ${n}`, receiver }))

describe('the pace of a receiver', () => {
  test('of PagerDuty stays within 120 events a minute', async () => {
    const { clock, log, delivery } = deliveryTo()
    delivery.enqueue(many(130, 'pagerduty'), stored)
    await clock.advance(59_999)
    expect(log).toHaveLength(119)
    await clock.advance(60_000)
    expect(log).toHaveLength(130)
  })

  test('is its own where one is configured', async () => {
    const { clock, log, delivery } = deliveryTo(
      {},
      { receivers: { revenue: { fallback: null, rate: { perSecond: 0.5, burst: 1 } } } }
    )
    delivery.enqueue([...many(3, 'revenue'), ...many(3, 'slack')], stored)
    await clock.advance(60_000)
    expect(secondsOf(log.filter(line => line.includes('revenue')))).toEqual([0, 2, 4])
    expect(secondsOf(log.filter(line => line.includes('slack')))).toEqual([0, 0, 0])
  })

  test('outlasts an edit of the configuration, as does a Retry-After', async () => {
    const { clock, log, delivery, channels } = deliveryTo({
      revenue: [{ kind: 'retry', answer: '429', retryAfterMs: 30_000 }]
    })
    delivery.enqueue([...many(7, 'slack'), ...many(1, 'revenue')], stored)
    await clock.advance(0)
    delivery.reload({ channels, receivers: new Map(), defaultReceiver: null })
    await clock.advance(60_000)
    expect(secondsOf(log.filter(line => line.includes('slack')))).toEqual([0, 0, 0, 0, 0, 1, 2])
    expect(secondsOf(log.filter(line => line.includes('revenue')))).toEqual([0, 30])
  })
})

describe('the pace of a key', () => {
  test('is so many messages in any minute, each key for itself', () => {
    const limit = createKeyRateLimit(2)
    limit.take('a', 0)
    limit.take('a', 10_000)
    expect([limit.waitMs('a', 10_000), limit.waitMs('b', 10_000)]).toEqual([50_000, 0])
    expect(limit.waitMs('a', 60_000)).toBe(0)
    limit.take('a', 60_000)
    expect(limit.waitMs('a', 60_000)).toBe(10_000)
  })

  const flood = (severity: 'high' | 'critical') =>
    ['1', '2', '3', '4'].map(id => recordOf({ id, segment: 'all', severity }))

  test('holds what is not critical, and nothing of another kind or segment', async () => {
    const { clock, log, delivery } = deliveryTo({}, { rules: { ratePerKey: 2 } })
    delivery.enqueue([...flood('high'), recordOf({ id: 'other' })], stored)
    await clock.advance(0)
    expect(log.map(line => line.split(' ').at(-1))).toEqual(['1', '2', 'other'])
    expect(delivery.receiver('slack')).toMatchObject({ waiting: 2, nextAt: epoch + 60_000 })
    await clock.advance(60_000)
    expect(secondsOf(log)).toEqual([0, 0, 0, 60, 60])
  })

  test('is passed by critical ones', async () => {
    const { clock, log, delivery } = deliveryTo({}, { rules: { ratePerKey: 2 } })
    delivery.enqueue(flood('critical'), stored)
    await clock.advance(0)
    expect(secondsOf(log)).toEqual([0, 0, 0, 0])
  })

  test('counts a message once, however often it is tried', async () => {
    const { clock, log, delivery } = deliveryTo({ slack: times(3, retry) }, { rules: { ratePerKey: 2 } })
    delivery.enqueue(flood('high').slice(0, 2), stored)
    await clock.advance(30_000)
    expect(
      log.filter(line => line.endsWith(' 1')).length + log.filter(line => line.endsWith(' 2')).length
    ).toBe(5)
    expect(delivery.waiting()).toBe(0)
  })
})

describe('a receiver that fails', () => {
  test('is left alone for a minute after five tries in a row, and then gets one', async () => {
    const { clock, log, delivery } = deliveryTo({ slack: times(6, retry) })
    delivery.enqueue(many(5, 'slack'), stored)
    await clock.advance(0)
    expect(delivery.receiver('slack')).toMatchObject({ waiting: 5, breaker: 'open', nextAt: epoch + 60_000 })
    await clock.advance(59_999)
    expect(log).toHaveLength(5)
    await clock.advance(1)
    expect(log).toHaveLength(6)
    expect(delivery.receiver('slack')).toMatchObject({ waiting: 5, breaker: 'open', nextAt: epoch + 120_000 })
    await clock.advance(60_000)
    expect(delivery.receiver('slack')).toMatchObject({ waiting: 0, breaker: 'closed', nextAt: null })
    expect(secondsOf(log)).toEqual([0, 0, 0, 0, 0, 60, 120, 120, 120, 120, 120])
  })

  test('is spared by the breaker settings of a reload', async () => {
    const { clock, delivery, channels } = deliveryTo({ slack: times(10, retry) })
    const destinations = { channels, receivers: new Map(), defaultReceiver: null }
    const reload = (failures: number, pauseMs: number) =>
      delivery.reload({ ...destinations, rules: { ...deliveryRules, breaker: { failures, pauseMs } } })
    delivery.enqueue(many(2, 'slack'), stored)
    await clock.advance(0)
    expect(delivery.receiver('slack').breaker).toBe('closed')
    reload(1, 60_000)
    await clock.advance(1_000)
    expect(delivery.receiver('slack')).toMatchObject({ breaker: 'open', nextAt: epoch + 61_000 })
    reload(1, 30_000)
    await clock.advance(1_000)
    expect(delivery.receiver('slack')).toMatchObject({ breaker: 'open', nextAt: epoch + 31_000 })
  })

  test('is still left alone after a reload that keeps the breaker settings', async () => {
    const { clock, delivery, channels } = deliveryTo({ slack: times(5, retry) })
    delivery.enqueue(many(5, 'slack'), stored)
    await clock.advance(0)
    const rules = { ...deliveryRules, breaker: { ...deliveryRules.breaker }, ratePerKey: 1 }
    delivery.reload({ channels, receivers: new Map(), defaultReceiver: null, rules })
    expect(delivery.receiver('slack')).toMatchObject({ breaker: 'open', nextAt: epoch + 60_000 })
  })

  test('holds no other receiver', async () => {
    const { clock, log, delivery } = deliveryTo({ slack: times(5, retry) })
    delivery.enqueue([...many(5, 'slack'), ...many(1, 'revenue')], stored)
    await clock.advance(0)
    expect(log.filter(line => line.includes('revenue'))).toEqual(['0 revenue trigger revenue 0'])
  })

  test('lets expire what it was never tried with', async () => {
    const { clock, rows, outcomes, delivery } = deliveryTo(
      { slack: times(10_000, retry) },
      { rules: { breaker: { failures: 1, pauseMs: 60_000 }, expireAfterMs: 600_000 } }
    )
    delivery.enqueue(
      [recordOf({ id: 'tried', severity: 'critical' }), recordOf({ id: 'never', severity: 'low' })],
      stored
    )
    await clock.advance(660_000)
    expect(outcomes.filter(line => line === 'slack expired')).toHaveLength(2)
    expect(rows.find(({ id }) => id === 'never')).toMatchObject({
      outcome: 'expired',
      attempts: 0,
      answer: 'not tried: its receiver took nothing'
    })
  })
})
