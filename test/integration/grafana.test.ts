import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { epoch, incidentOf } from '../support/alerts.ts'
import { windowAt } from '../support/decisions.ts'
import { type NewStore, openNewStore } from '../support/new-store.ts'

interface Asking {
  readonly rawSql: string
}
interface Panel {
  readonly title: string
  readonly targets: readonly Asking[]
}
interface Shop {
  readonly panels: readonly Panel[]
  readonly annotations: { readonly list: readonly { readonly name: string; readonly target: Asking }[] }
  readonly templating: { readonly list: readonly { readonly query: string }[] }
}

const dashboard = new URL('../../deploy/grafana/dashboards/shop.json', import.meta.url)
const { panels, annotations, templating }: Shop = JSON.parse(readFileSync(dashboard, 'utf8'))

let opened: NewStore

beforeAll(async () => {
  opened = await openNewStore()
  const { store } = opened
  const revenue = { value: 90, numerator: 90, denominator: 1, sampleSize: 4, squares: 2_500 }
  const band = { state: 'judged', expected: 100, lower: 60, upper: null } as const
  const segments = [{ metric: 'revenue', dimension: 'country', segment: 'country=DE' as const, ...revenue }]
  const bands = new Map([['revenue', new Map([['all' as const, band]])]])
  await store.insertWindows('shop', [
    windowAt(0, { values: new Map([['revenue', revenue]]), segments, bands })
  ])
  await store.insertIncidents([incidentOf({ id: 'i', severity: 'high', openedAt: epoch })])
  const change = { id: 'c', at: epoch, kind: 'deploy', what: 'checkout 4.2', by: 'ci', link: null } as const
  await store.insertChanges([{ ...change, pipeline: 'shop', via: 'api' }])
}, 120_000)

afterAll(() => opened.close())

/** As the data source of Grafana fills in a query, over the hour around the rows. */
async function rowsOf(sql: string): Promise<readonly string[]> {
  const filled = sql
    .replaceAll(
      /\$__timeFilter\((\w+)\)/g,
      (_, column) => `${column} BETWEEN '2026-11-21 09:30:00' AND '2026-11-21 10:30:00'`
    )
    .replaceAll('$' + '{pipeline:sqlstring}', "'shop'")
  expect(filled).not.toContain('$')
  const answer = await text(await opened.store.query(filled, 'TabSeparated', true))
  return answer.split('\n').filter(line => line !== '')
}

test('the store answers every query of the dashboard of the shop', async () => {
  for (const { query } of templating.list) expect(await rowsOf(query)).toEqual(['shop'])
  const shown = new Map<string, readonly string[]>()
  for (const { title, targets } of panels)
    for (const { rawSql } of targets) shown.set(title, await rowsOf(rawSql))
  expect(shown.get('Revenue')).toEqual(['2026-11-21 10:00:00.000\t90\t100\t60\t\\N'])
  expect(shown.get('Segments with the most revenue')).toEqual(['country=DE\t90'])
  expect(shown.get('Incidents')).toHaveLength(1)
  expect(shown.size).toBe(panels.length)
})

test('incidents and changes are marks on its time axis', async () => {
  const marks = await Promise.all(annotations.list.map(({ target }) => rowsOf(target.rawSql)))
  expect(annotations.list.map(({ name }) => name)).toEqual(['Incidents', 'Changes'])
  expect(marks[0]?.[0]).toMatch(/^2026-11-21 10:00:00\.000\t.*\thigh: revenue_drop\tall\thigh$/)
  expect(marks[1]).toEqual(['2026-11-21 10:00:00.000\tcheckout 4.2\tdeploy by ci\tdeploy'])
})
