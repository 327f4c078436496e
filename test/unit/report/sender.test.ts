import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import { createReportSender, type ReportsSettings } from '../../../src/report/sender.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/time/units.ts'
import { anomalyAt, incidentOf } from '../../support/alerts.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'
import { hoursOf } from '../../support/report-windows.ts'

const midnight = Date.UTC(2026, 10, 30)
const due = midnight + 8 * hourMs
const daily = { name: 'daily' as const, timezone: 'UTC', hour: 8, receivers: ['insights'] }
const digest = { ...daily, name: 'digest' as const, hour: 9 }

function shopAt(nowMs: number, store = createMemoryStore()) {
  if (store.windowRows.size === 0) store.put(hoursOf(midnight - 20 * dayMs, midnight))
  const clock = createManualClock(nowMs)
  const log = createRecordedLog()
  const sent: NotificationRecord[] = []

  /** An instance; what it sends is in `sent` once. */
  function instance(settings: ReportsSettings = { reports: [daily], sending: true }) {
    const own = { isWorking: true, isSending: true }
    const sender = createReportSender({
      pipeline: 'shop',
      settings: () => settings,
      currency: () => 'USD',
      store,
      enqueue: records => {
        if (own.isSending) sent.push(...records)
      },
      isWorking: () => own.isWorking,
      clock,
      log
    })
    return {
      ...own,
      own,
      async poll(afterMs = minuteMs) {
        clock.stand(afterMs)
        sender.poll()
        for (let turns = 0; turns < 30; turns++) await turn()
      }
    }
  }

  const rows = () =>
    [...store.notificationRows.values()].map(({ receiver, outcome, answer }) => ({
      receiver,
      outcome,
      answer
    }))
  return { store, clock, log, sent, instance, rows }
}

describe('a daily report', () => {
  test('is stored and sent once when it is due, with yesterday’s figures', async () => {
    const { sent, instance, rows } = shopAt(due - 2 * minuteMs)
    const { poll } = instance()
    await poll()
    expect(sent).toEqual([])
    for (let minute = 0; minute < 5; minute++) await poll()
    expect(rows()).toEqual([{ receiver: 'insights', outcome: 'pending', answer: '' }])
    expect(sent.map(({ kind, action, report }) => [kind, action, report?.date, report?.title])).toEqual([
      ['report', 'summary', '2026-11-29', 'Daily report of shop: Sunday, 29 November 2026']
    ])
    expect(sent[0]?.report?.sections[0]).toEqual({
      heading: 'Sunday',
      lines: [
        'Revenue: $4,800.00 (0 % against the Sundays before)',
        'Orders: 240 (0 % against the Sundays before)',
        'Conversion: 3 % (last 7 days: 3 %)',
        'Cart abandonment: 70 % (last 7 days: 70 %)'
      ]
    })
  })

  test('goes to each of its receivers', async () => {
    const { sent, instance } = shopAt(due)
    await instance({ reports: [{ ...daily, receivers: ['a', 'b'] }], sending: true }).poll()
    expect(sent.map(({ receiver }) => receiver)).toEqual(['a', 'b'])
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2)
  })

  test('is in the language of each', async () => {
    const { sent, instance, store } = shopAt(due)
    await store.insertIncidents([
      incidentOf({ severity: 'low', openedAt: midnight + hourMs, lastAnomalyAt: midnight + hourMs })
    ])
    const reports = [daily, { ...digest, hour: 8 }].map(report => ({
      ...report,
      receivers: ['a', 'b'],
      languages: { b: 'fr' } as const
    }))
    await instance({ reports, sending: true }).poll()
    expect(sent.map(({ report }) => report?.title.split(/[\s\u00a0]/)[0])).toEqual([
      'Daily',
      'Rapport',
      'Digest',
      'Résumé'
    ])
  })

  test('is not sent again after a crash or by another instance', async () => {
    const { sent, instance } = shopAt(due)
    await instance().poll()
    await instance().poll()
    const ids = new Set(sent.map(({ id }) => id))
    expect(ids.size).toBe(1)
    // The record is pending still, so it is handed to the delivery again, which takes an id once.
    expect(sent.every(({ id }) => ids.has(id))).toBe(true)
  })

  test('that was sent is left alone by whoever works next', async () => {
    const { store, sent, instance } = shopAt(due)
    await instance().poll()
    await store.insertNotifications(
      sent.map(record => ({ ...record, outcome: 'sent', updatedAt: record.updatedAt + 1 }))
    )
    sent.length = 0
    await instance().poll()
    expect(sent).toEqual([])
  })

  test('that an instance stored and did not send is sent by the next one', async () => {
    const { sent, instance } = shopAt(due)
    const first = instance()
    first.own.isSending = false
    await first.poll()
    expect(sent).toEqual([])
    await instance().poll()
    expect(sent).toHaveLength(1)
  })

  test('is not sent by a standby', async () => {
    const { sent, instance, rows } = shopAt(due)
    const standby = instance()
    standby.own.isWorking = false
    await standby.poll()
    expect([sent, rows()]).toEqual([[], []])
  })

  test('that was missed is sent up to three hours late', async () => {
    const { sent, instance } = shopAt(due + 3 * hourMs - 2 * minuteMs)
    await instance().poll()
    expect(sent).toHaveLength(1)
  })

  test('is recorded as expired after that, and sent to nobody', async () => {
    const { store, clock, log, sent, instance, rows } = shopAt(due - dayMs)
    await instance().poll()
    store.put(hoursOf(midnight, midnight + dayMs))
    sent.length = 0
    clock.stand(dayMs + 3 * hourMs)
    const { poll } = instance()
    await poll()
    await poll()
    expect(sent).toEqual([])
    expect(rows()).toEqual([
      { receiver: 'insights', outcome: 'pending', answer: '' },
      { receiver: 'insights', outcome: 'expired', answer: 'not sent: more than 3 hours late' }
    ])
    expect(log.times('report not sent: too late')).toBe(1)
  })

  test('from before reports were switched on is missed by nobody', async () => {
    const { instance, rows } = shopAt(due + 4 * hourMs)
    await instance().poll()
    expect(rows()).toEqual([])
  })

  test('waits half an hour for the last windows of its day, and then says what is missing', async () => {
    const store = createMemoryStore()
    store.put(hoursOf(midnight - 20 * dayMs, midnight - 2 * hourMs))
    const { sent, instance } = shopAt(due, store)
    const { poll } = instance()
    await poll()
    await poll(28 * minuteMs)
    expect(sent).toEqual([])
    await poll()
    expect(sent[0]?.report?.sections[0]?.lines[0]).toBe(
      'Only 22 of 24 hours are stored: the figures are too low.'
    )
  })

  test('waits for the store, and is said to wait once', async () => {
    const { store, log, sent, instance } = shopAt(due)
    store.isDown = true
    const { poll } = instance()
    await poll()
    await poll()
    expect(log.times('a report waits for the store')).toBe(1)
    store.isDown = false
    await poll()
    expect(sent).toHaveLength(1)
  })

  test('of a day of which nothing is stored is none, nor is it missed', async () => {
    const store = createMemoryStore()
    store.put(hoursOf(midnight, midnight + 6 * hourMs))
    const { sent, instance, rows } = shopAt(due + hourMs, store)
    await instance().poll()
    expect([sent, rows()]).toEqual([[], []])
  })

  test('is recorded and not sent with alerts: off, and without a receiver', async () => {
    const off = shopAt(due)
    await off.instance({ reports: [daily], sending: false }).poll()
    expect(off.rows()).toEqual([{ receiver: 'insights', outcome: 'off', answer: '' }])
    const nobody = shopAt(due)
    await nobody.instance({ reports: [{ ...daily, receivers: [] }], sending: true }).poll()
    expect(nobody.rows()).toEqual([{ receiver: 'none', outcome: 'off', answer: '' }])
  })

  test('that is off is never due', async () => {
    const { instance, rows } = shopAt(due)
    await instance({ reports: [], sending: true }).poll()
    expect(rows()).toEqual([])
  })

  test('comes on each of the next days', async () => {
    const { store, sent, instance } = shopAt(due)
    const { poll } = instance()
    await poll()
    store.put(hoursOf(midnight, midnight + 2 * dayMs))
    await poll(dayMs)
    await poll(dayMs)
    expect(sent.map(({ report }) => report?.date)).toEqual(['2026-11-29', '2026-11-30', '2026-12-01'])
  })
})

describe('a digest', () => {
  const incident = (id: string, more: Parameters<typeof incidentOf>[0] = {}) =>
    incidentOf({
      id,
      kind: 'category_imbalance',
      severity: 'low',
      openedAt: midnight,
      lastAnomalyAt: midnight + 5 * minuteMs,
      lastAnomaly: anomalyAt(1, { details: 'The mix has changed.' }),
      ...more
    })
  const nobody = { severity: 'low' as const, windowEnd: midnight, at: midnight, flapping: false }
  const poll = async (shop: ReturnType<typeof shopAt>) =>
    shop.instance({ reports: [digest], sending: true }).poll()

  test('lists the low incidents since the last one that nobody was told of', async () => {
    const shop = shopAt(due + hourMs)
    await shop.store.insertIncidents([
      incident('low', { lastNotified: { none: nobody }, status: 'resolved' }),
      incident('last', { openedAt: due + hourMs - 1 }),
      incident('told', { lastNotified: { slack: nobody } }),
      incident('graver', { severity: 'medium' }),
      incident('silenced', { suppressedReasons: { none: { type: 'silenced', silenceId: 's' } } }),
      incident('before', { openedAt: due + hourMs - dayMs - 1 }),
      incident('after', { openedAt: due + hourMs })
    ])
    await poll(shop)
    expect(shop.sent.map(({ report }) => report)).toEqual([
      {
        name: 'digest',
        date: '2026-11-29',
        title: 'Digest of shop: 2 incidents of low severity',
        sections: [
          {
            heading: 'Opened 29 Nov 2026, 09:00 – 30 Nov 2026, 09:00 UTC',
            lines: [
              'Category imbalance, 30 Nov 2026, 00:00–00:05 UTC: The mix has changed.',
              'Category imbalance, 30 Nov 2026, 08:59 UTC, still open: The mix has changed.'
            ]
          }
        ]
      }
    ])
  })

  test('of no incident is none', async () => {
    const shop = shopAt(due + hourMs)
    await poll(shop)
    expect([shop.sent, shop.rows()]).toEqual([[], []])
  })

  test('comes beside a daily report, each at its hour', async () => {
    const shop = shopAt(due)
    await shop.store.insertIncidents([incident('low')])
    const both = shop.instance({ reports: [daily, digest], sending: true })
    await both.poll()
    await both.poll(hourMs)
    await both.poll(hourMs)
    expect(shop.sent.map(({ report }) => report?.name)).toEqual(['daily', 'digest'])
  })
})
