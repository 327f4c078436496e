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

  test('is a warning in the log at each try, with the incident, the answer and the time of the next', async () => {
    const { clock, delivery, lines } = deliveryTo({
      slack: [
        { kind: 'retry', answer: '503 busy', status: 503 },
        retry,
        { kind: 'refused', answer: '404 no_service', status: 404 }
      ]
    })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(60_000)
    const at = (seconds: number) => new Date(epoch + seconds * 1_000).toISOString()
    const about = {
      component: 'delivery',
      pipeline: 'shop',
      correlation_id: 'incident of a',
      id: 'a',
      receiver: 'slack',
      action: 'trigger',
      kind: 'revenue_drop',
      segment: 'part=a',
      severity: 'high',
      reason: 'opened'
    }
    const again = 'notification not accepted: it is tried again'
    const pending = { ...about, outcome: 'pending' }
    expect(lines.filter(({ message }) => message.startsWith('notification'))).toEqual([
      { level: 'info', message: 'notification decided, to be sent', fields: pending },
      {
        level: 'warn',
        message: again,
        fields: { ...pending, attempt: 1, status_code: 503, answer: '503 busy', next_retry: at(1) }
      },
      { level: 'warn', message: again, fields: { ...pending, attempt: 2, answer: '500', next_retry: at(3) } },
      {
        level: 'warn',
        message: 'notification not sent',
        fields: { ...about, outcome: 'refused', attempts: 3, status_code: 404, answer: '404 no_service' }
      },
      {
        level: 'error',
        message: 'notification refused, no other receiver left',
        fields: { ...about, outcome: 'refused', answer: '404 no_service' }
      }
    ])
  })

  test('is to be tried again when its circuit breaker closes', async () => {
    const { clock, delivery, lines } = deliveryTo(
      { slack: times(2, retry) },
      { rules: { breaker: { failures: 2, pauseMs: 60_000 } } }
    )
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(2_000)
    expect(lines.map(({ fields }) => fields['next_retry']).filter(Boolean)).toEqual([
      new Date(epoch + 1_000).toISOString(),
      new Date(epoch + 61_000).toISOString()
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
