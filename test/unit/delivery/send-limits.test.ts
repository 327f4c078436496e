import { describe, expect, test } from 'vitest'
import { createKeyRateLimit } from '../../../src/delivery/per-key-limit.ts'
import { deliveryRules, epoch } from '../../support/alerts.ts'
import { deliveryTo, recordOf, retry, stored, times } from '../../support/delivery.ts'

const secondsOf = (log: readonly string[]) => log.map(line => Number(line.split(' ')[0]))
const many = (count: number, receiver: string) =>
  Array.from({ length: count }, (_, n) => recordOf({ id: `${receiver} ${n}`, receiver }))

describe('the rate of a receiver', () => {
  test('stays within 120 events a minute for PagerDuty', async () => {
    const { clock, log, delivery } = deliveryTo()
    delivery.enqueue(many(130, 'pagerduty'), stored)
    await clock.advance(59_999)
    expect(log).toHaveLength(119)
    await clock.advance(60_000)
    expect(log).toHaveLength(130)
  })

  test('can be configured for one receiver', async () => {
    const { clock, log, delivery } = deliveryTo(
      {},
      { receivers: { revenue: { fallback: null, rate: { perSecond: 0.5, burst: 1 } } } }
    )
    delivery.enqueue([...many(3, 'revenue'), ...many(3, 'slack')], stored)
    await clock.advance(60_000)
    expect(secondsOf(log.filter(line => line.includes('revenue')))).toEqual([0, 2, 4])
    expect(secondsOf(log.filter(line => line.includes('slack')))).toEqual([0, 0, 0])
  })

  test('is kept over a reload, and so is a Retry-After', async () => {
    const { clock, log, delivery, channels, reload } = deliveryTo({
      revenue: [{ kind: 'retry', answer: '429', retryAfterMs: 30_000 }]
    })
    delivery.enqueue([...many(7, 'slack'), ...many(1, 'revenue')], stored)
    await clock.advance(0)
    reload(channels)
    await clock.advance(60_000)
    expect(secondsOf(log.filter(line => line.includes('slack')))).toEqual([0, 0, 0, 0, 0, 1, 2])
    expect(secondsOf(log.filter(line => line.includes('revenue')))).toEqual([0, 30])
  })

  test('changes at once for what waits, on a reload', async () => {
    const { clock, outcomes, delivery, channels, reload } = deliveryTo()
    delivery.enqueue(many(7, 'slack'), stored)
    await clock.advance(0)
    expect(outcomes).toHaveLength(5)
    reload(channels, { rate: { perSecond: 10, burst: 5 } })
    await clock.advance(200)
    expect(outcomes).toHaveLength(7)
  })
})

describe('the per-key rate limit', () => {
  test('lets so many messages of each key through in any minute', () => {
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

  test('delays messages that are not critical, and none of another kind or segment', async () => {
    const { clock, log, delivery } = deliveryTo({}, { rules: { ratePerKey: 2 } })
    delivery.enqueue([...flood('high'), recordOf({ id: 'other' })], stored)
    await clock.advance(0)
    expect(log.map(line => line.split(' ').at(-1))).toEqual(['1', '2', 'other'])
    expect(delivery.receiver('slack')).toMatchObject({ waiting: 2, nextAt: epoch + 60_000 })
    await clock.advance(60_000)
    expect(secondsOf(log)).toEqual([0, 0, 0, 60, 60])
  })

  test('does not apply to critical messages', async () => {
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

describe('the circuit breaker of a receiver', () => {
  test('opens for a minute after five failures in a row, and then lets one message through', async () => {
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

  test('gets new settings on a reload', async () => {
    const { clock, delivery, channels, reload } = deliveryTo({ slack: times(10, retry) })
    delivery.enqueue(many(2, 'slack'), stored)
    await clock.advance(0)
    expect(delivery.receiver('slack').breaker).toBe('closed')
    reload(channels, { breaker: { failures: 1, pauseMs: 60_000 } })
    await clock.advance(1_000)
    expect(delivery.receiver('slack')).toMatchObject({ breaker: 'open', nextAt: epoch + 61_000 })
    reload(channels, { breaker: { failures: 1, pauseMs: 30_000 } })
    await clock.advance(1_000)
    expect(delivery.receiver('slack')).toMatchObject({ breaker: 'open', nextAt: epoch + 31_000 })
  })

  test('stays open over a reload that keeps its settings', async () => {
    const { clock, delivery, channels, reload } = deliveryTo({ slack: times(5, retry) })
    delivery.enqueue(many(5, 'slack'), stored)
    await clock.advance(0)
    reload(channels, { breaker: { ...deliveryRules.breaker }, ratePerKey: 1 })
    expect(delivery.receiver('slack')).toMatchObject({ breaker: 'open', nextAt: epoch + 60_000 })
  })
})
