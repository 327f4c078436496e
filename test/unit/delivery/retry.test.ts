import { describe, expect, test } from 'vitest'
import { epoch } from '../../support/alerts.ts'
import { deliveryTo, recordOf, retry, stored, times } from '../../support/delivery.ts'

const asked = (retryAfterMs: number) => ({ kind: 'retry', answer: '429', retryAfterMs }) as const

describe('a message that cannot be sent', () => {
  test('is retried three times with backoff, then once a minute', async () => {
    const { clock, log, outcomes, delivery, rows } = deliveryTo({ slack: times(5, retry) })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(200_000)
    expect(log.map(line => Number(line.split(' ')[0]))).toEqual([0, 1, 3, 7, 67, 127])
    expect(outcomes).toEqual(['slack pending', 'slack sent'])
    expect(rows.map(({ outcome, attempts }) => ({ outcome, attempts }))).toEqual([
      { outcome: 'pending', attempts: 4 },
      { outcome: 'sent', attempts: 6 }
    ])
  })

  test('expires after 24 hours', async () => {
    const { clock, log, outcomes, delivery, rows } = deliveryTo({ slack: times(2_000, retry) })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    // The pause of its circuit breaker ends within the minute after.
    await clock.advance(86_460_000)
    expect(outcomes).toEqual(['slack pending', 'slack expired'])
    expect(rows.at(-1)).toMatchObject({ outcome: 'expired', attempts: log.length })
    const tries = log.length
    await clock.advance(86_400_000)
    expect(log).toHaveLength(tries)
  })

  test('expires 24 hours after its decision if an earlier run has tried it', async () => {
    const { clock, outcomes, delivery } = deliveryTo({ slack: [retry] })
    delivery.enqueue([recordOf({ decidedAt: epoch - 86_400_000, attempts: 4 })], stored)
    await clock.advance(0)
    expect(outcomes).toEqual(['slack expired'])
  })

  test('lets the others at its receiver expire, though they were never tried', async () => {
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

describe('a Retry-After', () => {
  test('delays all messages to that webhook, and no others', async () => {
    const { clock, log, delivery } = deliveryTo({ slack: [asked(30_000)] })
    delivery.enqueue(
      [recordOf({ id: 'a' }), recordOf({ id: 'b' }), recordOf({ id: 'c', receiver: 'revenue' })],
      stored
    )
    await clock.advance(60_000)
    expect(log).toEqual([
      '0 slack trigger a',
      '0 revenue trigger c',
      '30 slack trigger b',
      '30 slack trigger a'
    ])
  })

  test('of more than an hour counts as one hour', async () => {
    const { clock, log, delivery } = deliveryTo({ slack: [asked(1e12)] })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(3_600_000)
    expect(log).toEqual(['0 slack trigger a', '3600 slack trigger a'])
  })
})
