import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { StoredIncident } from '../../../../src/incident/types.ts'
import { anomalyAt, incidentOf, recordOf } from '../../../support/alerts.ts'
import { storeOver } from '../../../support/store-over.ts'

/** The column `state` of incidents and notifications, as version 0.1.0 wrote it. */
const states = readFileSync(new URL('../../../support/rows/version-0.1.0.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
const isIncident = (state: string) => 'openings' in JSON.parse(state)

/** A store that holds one row of that state, and the states that are inserted into it. */
function storeWith(state: string) {
  const inserted: string[] = []
  const store = storeOver(async ({ lines }) => {
    if (lines === undefined) return `${JSON.stringify(['id', state])}\n`
    inserted.push(JSON.parse(lines).at(-1))
    return ''
  })
  return { store, inserted }
}

/** That version stored no unit with a finding. */
function withUnits(state: string): string {
  const scales: Record<string, object> = {
    revenue: { unit: 'money', additive: true },
    events: { unit: 'number', additive: true }
  }
  return JSON.stringify(JSON.parse(state), (_, value) =>
    value?.configHash === undefined ? value : { ...value, ...scales[value.metric] }
  )
}

describe('what the version before wrote', () => {
  test.each(states.filter(isIncident))(
    'an incident is read and written to the byte, and is one alert: %s',
    async state => {
      const { store, inserted } = storeWith(state)
      await store.insertIncidents(await store.findIncidents({}))
      const { alerts, ...own } = JSON.parse(inserted[0] ?? '')
      const before = JSON.parse(withUnits(state))
      expect(inserted).toHaveLength(1)
      expect(JSON.stringify(own)).toBe(withUnits(state))
      const { status, severity, openedAt, lastAnomalyAt, lastAnomaly, resolvedAt } = before
      const { id, kind, segment, lastWindowEnd, clearWindows, lastClearAt, anomalies, peak, loss } = before
      const { explainedBy, flapping, openings } = before
      expect(alerts).toEqual([
        {
          ...{ id, kind, segment, status, severity, openedAt, lastAnomalyAt, lastAnomaly, resolvedAt },
          ...{
            lastWindowEnd,
            clearWindows,
            lastClearAt,
            anomalies,
            peak,
            loss,
            explainedBy,
            flapping,
            openings
          }
        }
      ])
    }
  )

  test('an incident whose row the version before changed later goes on from there', async () => {
    const row = JSON.parse(states.find(isIncident) ?? '')
    const { store, inserted } = storeWith(JSON.stringify(row))
    await store.insertIncidents(await store.findIncidents({}))
    const later = {
      ...JSON.parse(inserted[0] ?? ''),
      lastWindowEnd: row.lastWindowEnd + 60_000,
      clearWindows: 1
    }
    const [incident] = await storeWith(JSON.stringify(later)).store.findIncidents({})
    expect(incident?.alerts).toMatchObject([
      { id: row.id, clearWindows: 1, lastWindowEnd: later.lastWindowEnd }
    ])
  })

  test.each(states.filter(state => !isIncident(state)))(
    'a notification is read and written to the byte: %s',
    async state => {
      const { store, inserted } = storeWith(state)
      await store.insertNotifications(await store.findNotifications({}))
      expect(inserted).toEqual([withUnits(state)])
    }
  )

  test('is read under the names of this version', async () => {
    const read = states.map(async state => {
      const { store } = storeWith(state)
      return isIncident(state) ? store.findIncidents({}) : store.findNotifications({})
    })
    const records = (await Promise.all(read)).flat()
    const incidents = records.filter(record => 'lastNotified' in record)
    expect(incidents.flatMap(({ lastNotified }) => Object.keys(lastNotified))).toEqual(['slack'])
    expect(incidents.flatMap(({ suppressedReasons }) => Object.values(suppressedReasons))).toEqual([
      { type: 'inhibited_by', kind: 'traffic_drop' },
      { type: 'inhibited_by', kind: 'traffic_drop' }
    ])
    const notifications = records.filter(record => 'inhibits' in record)
    expect(notifications.flatMap(({ inhibits }) => inhibits)).toEqual(['revenue_drop high'])
    expect(notifications.map(({ reason }) => reason)).toEqual([
      { type: 'opened' },
      { type: 'acknowledged' },
      { type: 'severity_rose' },
      { type: 'page_silenced' },
      { type: 'silence_ended' },
      { type: 'refused_elsewhere', receiver: 'pagerduty' },
      { type: 'opened' },
      { type: 'inhibited_by', kind: 'traffic_drop' }
    ])
  })

  test.each([
    ['net_revenue', 'money', true],
    ['average_order_value', 'money', false],
    ['conversion_rate', 'share', false],
    ['category_share', 'share', false],
    ['visits', 'number', true],
    ['gross_margin', 'number', false]
  ])(
    'a finding on %s without a unit is read in %s, by the name of its metric',
    async (metric, unit, additive) => {
      const [state = ''] = states.filter(isIncident)
      const incident = JSON.parse(state)
      const { store } = storeWith(
        JSON.stringify({ ...incident, lastAnomaly: { ...incident.lastAnomaly, metric } })
      )
      const [{ lastAnomaly }] = (await store.findIncidents({})) as [StoredIncident]
      expect([lastAnomaly.unit, lastAnomaly.additive]).toEqual([unit, additive])
    }
  )
})

test('a finding keeps the unit that it was stored with, whatever its metric is called', async () => {
  const lastAnomaly = anomalyAt(1, { metric: 'pay_rate', unit: 'money', additive: false })
  const { store, inserted } = storeWith('')
  await store.insertIncidents([incidentOf({ lastAnomaly })])
  await store.insertNotifications([recordOf({ anomalies: [lastAnomaly] })])
  const [incident = '', notification = ''] = inserted
  expect(await storeWith(incident).store.findIncidents({})).toMatchObject([{ lastAnomaly }])
  expect(await storeWith(notification).store.findNotifications({})).toMatchObject([
    { anomalies: [lastAnomaly] }
  ])
})
