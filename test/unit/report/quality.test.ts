import { expect, test } from 'vitest'
import { qualityText, viewOfQuality } from '../../../src/cli/quality.ts'
import type { LabelVerdict } from '../../../src/incident/label.ts'
import { acknowledgement, labelling } from '../../../src/operator/actions.ts'
import { qualityOf, readQuality } from '../../../src/report/quality.ts'
import { hourMs } from '../../../src/time/units.ts'
import { epoch, incidentOf, minuteMs, recordOf } from '../../support/alerts.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

/** A store with incidents: what each was, when it was told, paged and acknowledged, in minutes behind its opening. */
async function storeWith(
  cases: readonly {
    kind?: string
    hour: number
    label?: LabelVerdict
    pages?: number
    acknowledged?: number
  }[]
) {
  const store = createMemoryStore()
  for (const [index, { kind = 'revenue_drop', hour, label, pages = 0, acknowledged }] of cases.entries()) {
    const openedAt = epoch + hour * hourMs
    const incident = incidentOf({ id: `incident-${index}`, kind, openedAt, lastAnomalyAt: openedAt })
    await store.insertIncidents([incident])
    const told = { incidentId: incident.id, kind, decidedAt: openedAt + minuteMs }
    const page = (number: number) => ({ dedupKey: `${incident.id}-${number}`, receiver: 'pagerduty' })
    await store.insertNotifications([
      recordOf({ ...told, id: `${index} slack`, outcome: 'sent' }),
      recordOf({ ...told, id: `${index} expired`, outcome: 'expired', ...page(0) }),
      ...Array.from({ length: pages }, (_, number) =>
        ['first', 'second'].map(receiver =>
          recordOf({ ...told, id: `${index} ${number} ${receiver}`, outcome: 'sent', ...page(number) })
        )
      ).flat()
    ])
    const at = openedAt + minuteMs + (acknowledged ?? 0) * minuteMs
    const asked = { by: 'ann', via: 'cli', at } as const
    if (acknowledged !== undefined) {
      await store.insertActions([acknowledgement(incident, 'high', asked)])
      await store.insertActions([acknowledgement(incident, 'high', { ...asked, by: 'bob', at: at + hourMs })])
    }
    if (label !== undefined) {
      await store.insertActions([labelling(incident, { verdict: label, reason: '' }, asked)])
    }
  }
  return store
}

const week = { fromMs: epoch, toMs: epoch + 7 * 24 * hourMs }

test('counts incidents by kind with their labels, pages and the time until somebody acknowledged', async () => {
  const store = await storeWith([
    // 10:00 UTC is 11:00 in Berlin.
    { hour: 0, label: 'real', pages: 1, acknowledged: 4 },
    { hour: 1, label: 'real', pages: 2, acknowledged: 10 },
    { hour: 11, label: 'false', pages: 1 },
    { hour: 30, label: 'expected' },
    { hour: 31, kind: 'traffic_drop', acknowledged: 2 },
    { hour: -1, label: 'false', pages: 5 },
    { hour: 8 * 24, label: 'false', pages: 5 }
  ])
  const quality = qualityOf(await readQuality(store, 'shop', week), week, 'Europe/Berlin')
  const view = viewOfQuality(quality)
  expect(view).toEqual({
    version: 1,
    from: '2026-11-21T10:00:00.000Z',
    to: '2026-11-28T10:00:00.000Z',
    ...{ incidents: 5, real: 2, false: 1, expected: 1, precision: 2 / 3, pages: 4 },
    median_ack_ms: 4 * minuteMs,
    pages_per_week: 4,
    // 21:01 UTC is 22:01 in Berlin.
    night_share: 0.25,
    kinds: [
      {
        kind: 'revenue_drop',
        ...{ incidents: 4, real: 2, false: 1, expected: 1, precision: 2 / 3, pages: 4 },
        median_ack_ms: 7 * minuteMs
      },
      {
        kind: 'traffic_drop',
        ...{ incidents: 1, real: 0, false: 0, expected: 0, precision: null, pages: 0 },
        median_ack_ms: 2 * minuteMs
      }
    ]
  })
  expect(qualityText(quality, 'Europe/Berlin', 120)).toBe(
    `Incidents that opened from 2026-11-21 10:00:00 to 2026-11-28 10:00:00 UTC
┌──────────────┬───────────┬──────┬───────┬──────────┬───────────┬───────────┬───────┐
│ kind         │ incidents │ real │ false │ expected │ precision │ until ack │ pages │
├──────────────┼───────────┼──────┼───────┼──────────┼───────────┼───────────┼───────┤
│ revenue_drop │ 4         │ 2    │ 1     │ 1        │ 67 %      │ 7 min     │ 4     │
│ traffic_drop │ 1         │ 0    │ 0     │ 0        │ –         │ 2 min     │ 0     │
│ all          │ 5         │ 2    │ 1     │ 1        │ 67 %      │ 4 min     │ 4     │
└──────────────┴───────────┴──────┴───────┴──────────┴───────────┴───────────┴───────┘
Pages a week: 4, 25 % of them at night (22:00 to 7:00, Europe/Berlin)
`
  )
})

test('says nothing of what did not happen', async () => {
  const quality = qualityOf(await readQuality(await storeWith([]), 'shop', week), week, 'UTC')
  expect(quality).toMatchObject({
    incidents: 0,
    precision: null,
    medianAckMs: null,
    nightShare: null,
    kinds: []
  })
  expect(qualityText(quality, 'UTC', 120)).toContain('Pages a week: 0, – of them at night')
})
