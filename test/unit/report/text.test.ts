import { expect, test } from 'vitest'
import { readDaily } from '../../../src/report/daily.ts'
import { createSchedule } from '../../../src/report/schedule.ts'
import { dailyText } from '../../../src/report/text.ts'
import { dayMs, hourMs } from '../../../src/time/units.ts'
import { anomalyAt, incidentOf } from '../../support/alerts.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { hoursOf } from '../../support/report-windows.ts'

const day = Date.UTC(2026, 10, 29)
const schedule = createSchedule({ timezone: 'UTC', hour: 8 })

/** The report of Sunday, 29 November, after forty days of which Sunday sold a tenth more. */
async function reportOf(incidents: readonly Parameters<typeof incidentOf>[0][] = []) {
  const store = createMemoryStore()
  store.put(hoursOf(day - 40 * dayMs, day + dayMs, start => (start >= day ? 1.1 : 1)))
  await store.insertIncidents(incidents.map((one, at) => incidentOf({ id: `i${at}`, ...one })))
  const figures = await readDaily(store, 'shop', schedule, day / dayMs)
  return dailyText('shop', figures, { currency: 'EUR', timezone: 'Europe/Berlin' })
}

test('a daily report has yesterday, a week and a month against the same weekdays, and the top categories', async () => {
  expect(await reportOf()).toEqual({
    title: 'Daily report of shop: Sunday, 29 November 2026',
    sections: [
      {
        heading: 'Sunday',
        lines: [
          'Revenue: €5,280.00 (+10 % against the Sundays before)',
          'Orders: 264 (+10 % against the Sundays before)',
          'Conversion: 3.3 % (last 7 days: 3 %)',
          'Cart abandonment: 70 % (last 7 days: 70 %)'
        ]
      },
      {
        heading: 'Last 7 days',
        lines: [
          'Revenue: €34,080.00 (+1.4 % against the same weekdays before)',
          'Orders: 1,704 (+1.4 % against the same weekdays before)'
        ]
      },
      {
        heading: 'Last 30 days',
        lines: [
          'Revenue: €144,480.00 (+0.3 % against the same weekdays before)',
          'Orders: 7,224 (+0.3 % against the same weekdays before)'
        ]
      },
      {
        heading: 'Top categories on Sunday',
        lines: ['shoes: €3,960.00 (75 % of revenue)', 'hats: €1,320.00 (25 % of revenue)']
      },
      { heading: 'Incidents that opened on Sunday', lines: ['None'] }
    ]
  })
})

test('incidents of the day are counted by severity with their loss, and those that last are named', async () => {
  const at = (hours: number) => day + hours * hourMs
  const { sections } = await reportOf([
    { severity: 'critical', openedAt: at(9), lastAnomalyAt: at(10), loss: 1_200.5, status: 'resolved' },
    { severity: 'critical', openedAt: at(12), lastAnomalyAt: at(30), loss: 300 },
    {
      severity: 'medium',
      openedAt: at(13),
      lastAnomalyAt: at(14),
      loss: 70,
      lastAnomaly: anomalyAt(1, { unit: 'count', kind: 'traffic_drop', segment: 'country=DE' }),
      acknowledged: { by: 'Ann', via: 'slack', at: at(13), severity: 'medium' }
    },
    { severity: 'low', openedAt: at(-30), lastAnomalyAt: at(-29), status: 'resolved' },
    { severity: 'high', openedAt: at(26), lastAnomalyAt: at(27), loss: -5, status: 'resolved' }
  ])
  expect(sections.slice(-2)).toEqual([
    { heading: 'Incidents that opened on Sunday', lines: ['critical: 2, loss €1,500.50', 'medium: 1'] },
    {
      heading: 'Still open',
      lines: [
        'critical: Revenue drop, since 29 Nov 2026, 13:00 Europe/Berlin, loss so far €300.00',
        'medium: Traffic drop · country=DE, since 29 Nov 2026, 14:00 Europe/Berlin, acknowledged by Ann'
      ]
    }
  ])
})

test('of many that last only the worst are named', async () => {
  const { sections } = await reportOf(
    Array.from({ length: 12 }, (_, at) => ({
      severity: at === 11 ? ('critical' as const) : ('low' as const),
      openedAt: day + at,
      lastAnomalyAt: day + at
    }))
  )
  const lines = sections.at(-1)?.lines ?? []
  expect(lines).toHaveLength(11)
  expect(lines[0]).toMatch(/^critical/)
  expect(lines.at(-1)).toBe('… and 2 more')
})
