import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Band, JudgedWindow } from '../../detectors/types.ts'
import type { MetricValue } from '../../src/metrics/types.ts'
import { minuteMs } from '../../src/time/units.ts'
import { anomalyAt, epoch, incidentOf, recordOf } from '../support/alerts.ts'
import { type NewStore, openNewStore } from '../support/new-store.ts'

let opened: NewStore
beforeAll(async () => {
  opened = await openNewStore()
})
afterAll(() => opened?.close())

const amount = (numerator: number, denominator = 1): MetricValue => ({
  ...{ value: numerator / denominator, numerator, denominator, sampleSize: numerator, squares: 0 }
})

const band: Band = { state: 'judged', expected: 12.5, lower: 4, upper: null }

const windowAt = (minute: number, rest: Partial<JudgedWindow> = {}): JudgedWindow => ({
  start: epoch + minute * minuteMs,
  end: epoch + (minute + 1) * minuteMs,
  complete: true,
  records: 1,
  values: new Map([['events', amount(minute)]]),
  segments: [{ metric: 'events', dimension: 'country', segment: 'country=DE', ...amount(1, 2) }],
  ...rest
})

test('series are added up by steps in the store, the fuller row of a window counts, and pairs are pairs', async () => {
  const { store } = opened
  expect(await store.windowSpan('shop')).toBeUndefined()
  await store.insertWindows('shop', [windowAt(1, { records: 9, complete: false }), windowAt(2), windowAt(6)])
  await store.insertWindows('shop', [windowAt(1, { values: new Map([['events', amount(100)]]) })])
  expect(await store.windowSpan('shop')).toEqual({ fromMs: epoch + minuteMs, toMs: epoch + 7 * minuteMs })
  const asked = { fromMs: epoch, toMs: epoch + 10 * minuteMs, stepMs: 5 * minuteMs, isWindow: false }
  const keys = [
    { metric: 'events', segment: 'all' },
    { metric: 'revenue', segment: 'country=DE' }
  ]
  expect(await store.series('shop', { keys, ...asked })).toEqual([
    {
      ...{ metric: 'events', segment: 'all', start: epoch, numerator: 3, denominator: 2 },
      ...{ least: 1, greatest: 2, mean: 1.5, complete: false, band: null }
    },
    {
      ...{ metric: 'events', segment: 'all', start: epoch + 5 * minuteMs, numerator: 6, denominator: 1 },
      ...{ least: 6, greatest: 6, mean: 6, complete: true, band: null }
    }
  ])
  const ofCountry = await store.series('shop', {
    keys: [{ metric: 'events', segment: 'country=DE' }],
    ...asked
  })
  expect(ofCountry.map(({ numerator, denominator }) => numerator / denominator)).toEqual([0.5, 0.5])
  const judged = new Map([['events', new Map([['all' as const, band]])]])
  await store.insertWindows('shop', [windowAt(8, { bands: judged }), windowAt(9)])
  const byWindow = {
    fromMs: epoch + 8 * minuteMs,
    toMs: epoch + 10 * minuteMs,
    stepMs: minuteMs,
    isWindow: true
  }
  expect((await store.series('shop', { keys: keys.slice(0, 1), ...byWindow })).map(one => one.band)).toEqual([
    band,
    null
  ])
  expect(await store.series('shop', { keys: [], ...asked })).toEqual([])
  expect(await store.series('another', { keys, ...asked })).toEqual([])
})

test('pages go on behind an incident and a notification, also among those of one time', async () => {
  const { store } = opened
  const ids = ['a', 'b', 'c', 'd']
  await store.insertIncidents(
    ids.map(id => incidentOf({ id, openedAt: id === 'd' ? epoch : epoch + minuteMs, status: 'resolved' }))
  )
  const incidents = await store.findIncidents({ behind: { openedAt: epoch + minuteMs, id: 'a' } })
  expect(incidents.map(({ id }) => id)).toEqual(['b', 'c', 'd'])
  const [one] = incidents
  const after = { touchedSinceMs: (one?.lastWindowEnd ?? 0) + 1 }
  expect(await store.findIncidents(after)).toEqual([])
  await store.insertIncidents([incidentOf({ id: 'e', status: 'open' })])
  expect((await store.findIncidents(after)).map(({ id }) => id)).toEqual(['e'])
  await store.insertNotifications(ids.map(id => recordOf({ id, decidedAt: epoch })))
  const records = await store.findNotifications({ behind: { decidedAt: epoch, id: 'b' } })
  expect(records.map(({ id }) => id)).toEqual(['c', 'd'])
})

test('anomalies are found by their metric', async () => {
  const { store } = opened
  await store.insertAnomalies([anomalyAt(1)])
  expect(await store.anomalies({ metric: 'revenue', limit: 1 })).toHaveLength(1)
  expect(await store.anomalies({ metric: 'orders' })).toEqual([])
})
