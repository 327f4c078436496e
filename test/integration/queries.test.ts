import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Anomaly } from '../../detectors/types.ts'
import type { OperatorAction } from '../../src/incident/types.ts'
import type { MetricValue, SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import { onOwnDatabase, readCookbook } from '../../src/store/cookbook.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/types.ts'
import { incidentOf, recordOf } from '../support/alerts.ts'
import { recommendationOf } from '../support/gpu-windows.ts'

// Each query runs as if it were this Monday, over rows of which it must make exactly what stands below.
const now = Date.UTC(2026, 10, 23, 12, 30)
const minute = 60_000
const hour = 60 * minute
const week = 168 * hour
const folder = mkdtempSync(join(tmpdir(), 'cartwatch-queries-'))
let store: Store
let schemaVersions: number

const amount = (numerator: number, sampleSize = 1): MetricValue => ({
  value: numerator,
  numerator,
  denominator: 1,
  sampleSize,
  squares: 0
})

const ratio = (numerator: number, denominator: number): MetricValue => ({
  value: numerator / denominator,
  numerator,
  denominator,
  sampleSize: denominator,
  squares: 0
})

const segment = (metric: string, dimension: string, value: string, of: MetricValue): SegmentValue => ({
  metric,
  dimension,
  segment: `${dimension}=${value}`,
  ...of
})

const windowAt = (start: number, rest: Partial<WindowMetrics>): WindowMetrics => ({
  start,
  end: start + 60_000,
  complete: true,
  records: 60,
  values: new Map(),
  segments: [],
  ...rest
})

/** A minute of a former Monday. */
const former = (weeks: number, revenue: number): WindowMetrics =>
  windowAt(now - 1.5 * hour - weeks * week, {
    values: new Map([
      ['revenue', amount(revenue)],
      ['orders', amount(9)]
    ]),
    segments: [
      segment('revenue', 'category', 'shoes', amount(60)),
      segment('revenue', 'category', 'hats', amount(40))
    ]
  })

const windows: readonly WindowMetrics[] = [
  ...[100, 120, 80, 110].map((revenue, index) => former(index + 1, revenue)),
  windowAt(now - 1.5 * hour, {
    values: new Map([
      ['revenue', amount(40)],
      ['orders', amount(4)],
      ['cart_abandonment_rate', ratio(6, 10)],
      ['conversion_rate', ratio(2, 100)],
      ['missing_price_rate', ratio(1, 50)],
      ['late_rate', ratio(3, 60)],
      ['dead_letter_rate', ratio(0, 60)],
      ['freshness', amount(2, 50)],
      ['freshness_p95', amount(5.5, 50)]
    ]),
    segments: [
      segment('revenue', 'category', 'shoes', amount(10)),
      segment('revenue', 'category', 'hats', amount(30)),
      segment('cart_adds', 'country', 'DE', amount(20)),
      segment('checkouts_started', 'country', 'DE', amount(10)),
      segment('orders', 'country', 'DE', amount(4)),
      segment('revenue', 'country', 'DE', amount(40)),
      segment('cart_adds', 'country', 'FR', amount(3)),
      segment('late_rate', 'partition', 'shop-events/3', ratio(3, 20))
    ]
  }),
  windowAt(now - 1.5 * hour + 60_000, {
    values: new Map([
      ['cart_abandonment_rate', ratio(10, 10)],
      ['freshness', amount(4, 150)],
      ['freshness_p95', amount(3, 150)]
    ]),
    segments: [segment('late_rate', 'partition', 'shop-events/3', ratio(1, 20))]
  }),
  windowAt(now - 2.5 * hour, { complete: false, records: 7, values: new Map([['events', amount(7)]]) })
]

const anomaly: Anomaly = {
  id: 'a1',
  pipeline: 'shop',
  kind: 'revenue_drop',
  metric: 'revenue',
  unit: 'money' as const,
  additive: true,
  segment: 'all',
  severity: 'high',
  windowStart: now - 1.5 * hour,
  windowEnd: now - 1.5 * hour + 60_000,
  value: 40,
  expected: 105,
  details: 'Revenue dropped by 62%',
  explainedBy: [
    { segment: 'category=shoes', share: 0.833, value: 10, expected: 60 },
    { segment: 'category=hats', share: 0.167, value: 30, expected: 40 }
  ],
  evidence: { baseline: 105 },
  detectedAt: now - 1.4 * hour,
  configHash: 'c0ffee'
}

const incident = incidentOf({
  id: 'i1',
  openedAt: now - 1.5 * hour,
  lastAnomalyAt: now - 1.4 * hour,
  lastWindowEnd: now - 1.4 * hour,
  lastAnomaly: anomaly,
  dedupKey: 'key',
  anomalies: 2,
  loss: 1_605.126,
  acknowledged: { by: 'Ann', via: 'slack', at: now - 50 * minute, severity: 'high' }
})

const message = recordOf({
  id: 'n1',
  incidentId: 'i1',
  receiver: 'team',
  anomalies: [anomaly],
  decidedAt: now - hour,
  outcome: 'sent',
  attempts: 1,
  answer: 'ok',
  updatedAt: now - hour,
  latencyMs: 1_500
})

const silence = {
  id: 's1',
  matchers: { kinds: ['refund_spike'], severities: null, segments: null, pipelines: null, labels: {} },
  by: 'Bo',
  reason: 'a recall',
  startsAt: now - hour,
  endsAt: now + hour
}
const byHand = { pipeline: 'shop', incidentId: null, severity: null, silence: null } as const
const actions: readonly OperatorAction[] = [
  { ...byHand, id: 'x1', action: 'silence', at: now - hour, by: 'Bo', via: 'cli', silence },
  {
    ...byHand,
    id: 'x2',
    action: 'acknowledge',
    at: now - 50 * minute,
    by: 'Ann',
    via: 'slack',
    incidentId: 'i1'
  },
  {
    ...byHand,
    id: 'x3',
    action: 'acknowledge',
    at: now - 20 * minute,
    by: 'Bo',
    via: 'api',
    incidentId: 'i1'
  },
  {
    ...byHand,
    id: 'x4',
    action: 'acknowledge',
    at: now - 10 * minute,
    by: 'Bo',
    via: 'api',
    incidentId: 'i9'
  }
]

const evidence =
  '{"baseline":105,"segments":[{"segment":"category=shoes","share":0.833,"value":10,"expected":60},' +
  '{"segment":"category=hats","share":0.167,"value":30,"expected":40}]}'

/** What each query gives, a row a line. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'latest-anomalies': [
    `a1\tshop\trevenue_drop\thigh\trevenue\tall\t40\t105\tRevenue dropped by 62%\t2026-11-23 11:00:00.000\t2026-11-23 11:01:00.000\t2026-11-23 11:06:00.000\t['category=shoes','category=hats']\t${evidence}\tc0ffee`,
    'a0\tshop\trevenue_drop\thigh\trevenue\tall\t40\t105\tRevenue dropped by 62%\t2026-11-23 11:00:00.000\t2026-11-23 11:01:00.000\t2026-11-22 23:30:00.000\t[]\t{"baseline":105}\tc0ffee'
  ],
  'anomalies-today': ['2026-11-23 11:06:00.000\thigh\trevenue_drop\tall\tRevenue dropped by 62%'],
  'anomalies-by-kind': ['revenue_drop\thigh\t2\t2026-11-23 11:06:00.000'],
  'anomaly-evidence': [
    `Revenue dropped by 62%\t[('baseline','105'),('segments','${evidence.slice('{"baseline":105,"segments":'.length, -1)}')]\tc0ffee`
  ],
  'explaining-segments': [
    '2026-11-23 11:06:00.000\trevenue_drop\tcategory=shoes\t83.3\t10\t60',
    '2026-11-23 11:06:00.000\trevenue_drop\tcategory=hats\t16.7\t30\t40'
  ],
  'segments-in-trouble': ["category=hats\t1\t['revenue_drop']", "category=shoes\t1\t['revenue_drop']"],
  'revenue-by-hour': [
    'shop\t2026-11-23 11:00:00\t40\t4',
    'shop\t2026-11-16 11:00:00\t100\t9',
    'shop\t2026-11-09 11:00:00\t120\t9',
    'shop\t2026-11-02 11:00:00\t80\t9',
    'shop\t2026-10-26 11:00:00\t110\t9'
  ],
  'revenue-against-baseline': ['shop\t2026-11-23 11:00:00\t40\t105\t-61.9\t4'],
  'worst-categories': ['shop\tcategory=shoes\t10\t60\t-50\t-83.3', 'shop\tcategory=hats\t30\t40\t-10\t-25'],
  'conversion-by-country': ['shop\tcountry=DE\t20\t10\t4\t40\t0.4', 'shop\tcountry=FR\t3\t0\t0\t0\t\\N'],
  'conversion-by-hour': ['shop\t2026-11-23 11:00:00\t0.8\t0.02'],
  'data-faults-by-day': ['shop\t2026-11-23\tlate_rate\t3\t5', 'shop\t2026-11-23\tmissing_price_rate\t1\t2'],
  'late-by-partition': ['shop\tshop-events/3\t4\t10\t2026-11-23 11:02:00.000'],
  freshness: ['shop\t2026-11-23 11:00:00\t3.5\t5.5'],
  'incomplete-windows': ['shop\t2026-11-23 10:00:00.000\t7'],
  'open-incidents': [
    'shop\trevenue_drop\tall\thigh\t2026-11-23 11:00:00.000\t2026-11-23 11:06:00.000\t2\t1605.13\tAnn\tkey'
  ],
  'incidents-by-kind': ['shop\trevenue_drop\t2\t0\t0\t6\t3210.25'],
  'time-to-acknowledge': ['critical\t1\t0\t\\N\t\\N', 'high\t1\t1\t10\t10'],
  'delivery-latency': ['team\t2\t1\t1.5\t61.25\t61.25'],
  'not-notified': [
    'team\tmuted\tsilenced\t2\t2026-11-23 11:30:00.000',
    'none\toff\t\t1\t2026-11-23 11:30:00.000'
  ],
  'actions-audit': [
    '2026-11-23 12:20:00.000\tBo\tapi\tacknowledge\ti9\t\\N\t\\N\t',
    '2026-11-23 12:10:00.000\tBo\tapi\tacknowledge\ti1\t\\N\t\\N\t',
    '2026-11-23 11:40:00.000\tAnn\tslack\tacknowledge\ti1\t\\N\t\\N\t',
    '2026-11-23 11:30:00.000\tBo\tcli\tsilence\t\\N\ts1\t2026-11-23 13:30:00.000\ta recall'
  ],
  'open-recommendations': [
    'gpu-cost\tgpu-17\tH100\taws\thigh\t12\t1.2\t3000.13\tUSD',
    'gpu-cost\tgpu-4\tA100\t\\N\tmedium\t3\t1\t1200\tUSD'
  ],
  'notifications-by-outcome': [
    'duty\ttrigger\trefused\t1\t4',
    'none\ttrigger\toff\t1\t1',
    'team\ttrigger\tmuted\t2\t1',
    'team\ttrigger\tsent\t2\t3'
  ],
  'undelivered-notifications': ['2026-11-23 11:30:00.000\tduty\trevenue_drop\trefused\t4\t403']
}

beforeAll(async () => {
  store = await openStore({ folder, timeoutMs: 60_000 })
  schemaVersions = (await store.migrate()).length
  await store.insertWindows('shop', windows)
  const yesterday = { ...anomaly, id: 'a0', explainedBy: [], detectedAt: now - 13 * hour }
  await store.insertAnomalies([anomaly, yesterday])
  await store.insertIncidents([incident, { ...incident, id: 'i0', status: 'resolved' }])
  const refused = {
    ...message,
    id: 'n2',
    receiver: 'duty',
    outcome: 'refused' as const,
    attempts: 4,
    answer: '403'
  }
  const slow = {
    ...message,
    id: 'n3',
    incidentId: 'i0',
    severity: 'critical' as const,
    attempts: 3,
    latencyMs: 61_250
  }
  const muted = { ...message, outcome: 'muted' as const, latencyMs: null }
  const notTold = [
    { ...muted, id: 'n4', reason: { type: 'silenced' as const, silenceId: 's1' } },
    { ...muted, id: 'n5', reason: { type: 'silenced' as const, silenceId: 's0' } },
    { ...muted, id: 'n6', receiver: 'none', reason: { type: 'opened' as const }, outcome: 'off' as const }
  ]
  await store.insertNotifications([message, refused, slow, ...notTold])
  await store.insertActions(actions)
  const idle = { gpu: 'A100', provider: null, since: now - 3 * 24 * hour, resource: 'gpu-4' }
  const known = { id: 'r1', resource: 'gpu-17', since: now - 12 * 24 * hour, meanUtilization: 0.0123 }
  await store.insertRecommendations([
    recommendationOf({ ...idle, id: 'r0' }),
    recommendationOf({ ...known, severity: 'high', monthlySavings: 3_000.126 }),
    recommendationOf({ ...idle, id: 'r2', endedAt: now })
  ])
})

afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

async function rowsOf(sql: string): Promise<readonly string[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await store.query(sql, 'TabSeparated')) chunks.push(chunk)
  return Buffer.concat(chunks).toString().split('\n').slice(0, -1)
}

/** The query with the clock of this test; it may have no other. */
function atNow(sql: string): string {
  const pinned = sql.replaceAll("now('UTC')", "toDateTime('2026-11-23 12:30:00', 'UTC')")
  expect(pinned).not.toMatch(/\b(now64|now|today|yesterday)\(/)
  return pinned
}

const queries = readCookbook()
const stated = queries.filter(({ name }) => name !== 'rows-and-disk')

test.each(stated)('$name gives what the rows say, by any name of the database', async ({ name, sql }) => {
  expect(await rowsOf(atNow(sql))).toEqual(expected[name])
  expect(await rowsOf(onOwnDatabase(atNow(sql)))).toEqual(expected[name])
})

test('rows-and-disk gives the rows of each table', async () => {
  const sql = onOwnDatabase(queries.find(({ name }) => name === 'rows-and-disk')?.sql ?? '')
  const rows = (await rowsOf(sql)).map(row => row.split('\t'))
  expect(new Map(rows.map(([table, stored]) => [table, stored]))).toEqual(
    new Map([
      ['window_metrics', '38'],
      ['anomalies_log', '2'],
      ['incidents', '2'],
      ['notifications', '6'],
      ['actions', '4'],
      ['recommendations', '3'],
      ['schema_versions', String(schemaVersions)]
    ])
  )
  for (const [, , onDisk, bytesPerRow] of rows) {
    expect(onDisk).toMatch(/^[\d.]+ (B|KiB)$/)
    expect(Number(bytesPerRow)).toBeGreaterThan(1)
  }
})

test('docs/queries.md shows each query as it stands in the cookbook, and no other', () => {
  const page = readFileSync(new URL('../../docs/queries.md', import.meta.url), 'utf8')
  const shown = [...page.matchAll(/^## ([\w-]+)\n(.*)\n[\s\S]*?```sql\n([\s\S]*?);\n```$/gm)]
  expect(shown.map(([, name, description, sql]) => ({ name, description, sql }))).toEqual(queries)
})
