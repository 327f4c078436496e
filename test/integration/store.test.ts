import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Anomaly, Band } from '../../detectors/types.ts'
import type { Change } from '../../src/incident/changes.ts'
import type { NotificationRecord, OperatorAction, Silence, StoredIncident } from '../../src/incident/types.ts'
import type { MetricValue, WindowMetrics } from '../../src/metrics/types.ts'
import type { Endpoint } from '../../src/store/embedded/endpoint.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/types.ts'
import type { Segment } from '../../src/window/segment.ts'
import { until } from '../support/until.ts'

const minute = 60_000
const t0 = Date.UTC(2026, 10, 21, 10)
const hostile = 'a\'b"c`d\\e\tf\ng\rh\u0000i\u0001j;k--l/*m*/n{x:String}\u{1f600}é__proto__'
const timeoutMs = 60_000

const folders: string[] = []
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cartwatch-store-'))
  folders.push(folder)
  return folder
}

const count = (n: number): MetricValue => ({
  value: n,
  numerator: n,
  denominator: 1,
  sampleSize: n,
  squares: 0
})

function windowAt(start: number, records: number, rest: Partial<WindowMetrics> = {}): WindowMetrics {
  return {
    start,
    end: start + minute,
    complete: true,
    records,
    values: new Map([['events', count(records)]]),
    segments: [],
    ...rest
  }
}

function anomalyOf(rest: Partial<Anomaly>): Anomaly {
  return {
    id: '2f6c1c62-58f3-5d3c-9d22-6b8c1f6c2a11',
    pipeline: 'shop',
    kind: 'revenue_drop',
    metric: 'revenue',
    unit: 'money',
    additive: true,
    segment: 'all',
    severity: 'critical',
    windowStart: t0,
    windowEnd: t0 + minute,
    value: 245,
    expected: 1850,
    details: 'Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
    explainedBy: [],
    evidence: { baseline: 1850, span: '1m', guard: null, learned: true },
    detectedAt: t0 + 70_000,
    configHash: 'c0ffee',
    ...rest
  }
}

async function textOf(answer: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function ask(store: Store, sql: string, format = 'TabSeparated'): Promise<string> {
  return textOf(await store.query(sql, format))
}

const endpointOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'endpoint.json'), 'utf8')) as Endpoint & { pid: number }
const pidOf = (folder: string): number => endpointOf(folder).pid

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' && !existsSync('/proc')
  }
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

describe('the store on the real engine', () => {
  let store: Store
  const folder = newFolder()

  beforeAll(async () => {
    store = await openStore({ folder, timeoutMs })
    await store.migrate()
  })
  afterAll(() => store.close())

  test('migrations are applied once and named', async () => {
    expect(await store.migrate()).toEqual([])
    expect(await ask(store, 'SELECT name FROM realtime.schema_versions ORDER BY version')).toBe(
      '001_database\n002_window_metrics\n003_anomalies\n004_incidents\n005_notifications\n006_segments\n007_actions\n008_learned\n009_counted_orders\n010_alerts\n011_escalation\n012_service_alerts\n013_audit\n014_recommendations\n015_band\n016_changes\n'
    )
  })

  test('the currency that was learned first stays', async () => {
    expect(await store.learnedCurrency('shop')).toBeUndefined()
    const learned = { code: 'EUR', details: "revenue is in EUR: '98 %'", at: t0 + 1 }
    await store.insertLearnedCurrency('shop', learned)
    await store.insertLearnedCurrency('shop', { ...learned, code: 'CHF', at: t0 + 2 })
    await store.insertLearnedCurrency('other', { ...learned, code: 'JPY', at: t0 })
    expect(await store.learnedCurrency('shop')).toEqual(learned)
  })

  test('a window is read back exactly', async () => {
    const window = windowAt(t0, 12, {
      values: new Map<string, MetricValue>([
        ['cart_abandonment_rate', { value: null, numerator: -2, denominator: 0, sampleSize: 0, squares: 0 }],
        ['events', count(12)],
        [
          'revenue',
          {
            value: 0.1 + 0.2,
            numerator: 1234567.8901,
            denominator: 1,
            sampleSize: 7,
            squares: 1.7976931348623157e308
          }
        ]
      ]),
      segments: [
        { metric: 'revenue', dimension: 'currency', segment: `currency=${hostile}`, ...count(5e-324) },
        { metric: 'revenue', dimension: 'currency', segment: 'currency=__proto__', ...count(2 ** 53 - 1) }
      ]
    })
    await store.insertWindows(`exact ${hostile}`, [window])
    const [back] = await store.windows(`exact ${hostile}`, t0, t0 + 1)
    const bySegment = (a: { segment: string }, b: { segment: string }) => (a.segment < b.segment ? -1 : 1)
    expect(back).toEqual({ ...window, segments: window.segments.toSorted(bySegment) })
  })

  test('any text and any number come back as they went', async () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map(x => (x === 0 ? 0 : x))
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    const drawn = fc.sample(fc.tuple(text, number, number), { numRuns: 500, seed: 7 })
    const segments = drawn.map(([segment, numerator, squares], at) => ({
      metric: 'revenue',
      dimension: 'currency',
      segment: `${String(at).padStart(3, '0')}=${segment}` as const,
      value: numerator,
      numerator,
      denominator: 1,
      sampleSize: 1,
      squares
    }))
    await store.insertWindows('any', [windowAt(t0, 1, { segments })])
    expect(await store.windows('any', t0, t0 + 1)).toEqual([windowAt(t0, 1, { segments })])
  })

  test('a judged window is stored with its bands, and one that was not judged without', async () => {
    const segments = [{ metric: 'orders', dimension: 'country', segment: 'country=DE' as const, ...count(3) }]
    const nothing = { expected: null, lower: null, upper: null }
    const bands = new Map<string, ReadonlyMap<Segment, Band>>([
      ['events', new Map([['all', { state: 'judged', expected: 12.5, lower: 3.25, upper: 40 }]])],
      ['orders', new Map([['country=DE', { state: 'warming_up', ...nothing }]])]
    ])
    const later = windowAt(t0 + minute, 10, { segments })
    await store.insertWindows('band', [{ ...windowAt(t0, 10, { segments }), bands }, later])
    expect(
      await ask(
        store,
        `SELECT metric, segment, expected, lower, upper, band FROM realtime.windows
          WHERE pipeline = 'band' ORDER BY window_start, metric`
      )
    ).toBe(
      [
        'events\tall\t12.5\t3.25\t40\tjudged',
        'orders\tcountry=DE\t\\N\t\\N\t\\N\twarming_up',
        'events\tall\t\\N\t\\N\t\\N\t',
        'orders\tcountry=DE\t\\N\t\\N\t\\N\t',
        ''
      ].join('\n')
    )
    expect(await store.windows('band', t0, t0 + 1)).toEqual([windowAt(t0, 10, { segments })])
  })

  test('the fullest version of a window counts, whichever came last', async () => {
    await store.insertWindows('fuller', [windowAt(t0, 10), windowAt(t0 + minute, 20)])
    await store.insertWindows('fuller', [windowAt(t0, 15), windowAt(t0 + minute, 5)])
    const windows = await store.windows('fuller', 0, Number.MAX_SAFE_INTEGER)
    expect(windows).toEqual([windowAt(t0, 15), windowAt(t0 + minute, 20)])
    const total = await ask(
      store,
      "SELECT sum(value) FROM realtime.window_metrics WHERE pipeline = 'fuller' AND metric = 'events'"
    )
    expect(total).toBe('35\n')
    const view = await ask(
      store,
      "SELECT sum(value) FROM realtime.windows WHERE pipeline = 'fuller' SETTINGS final = 0"
    )
    expect(view).toBe('35\n')
  })

  test('a row that the fuller version of a window does not have is not part of it', async () => {
    const thin = windowAt(t0, 1, {
      segments: [{ metric: 'revenue', dimension: 'currency', segment: 'currency=EUR', ...count(1) }]
    })
    await store.insertWindows('thin', [thin])
    await store.insertWindows('thin', [windowAt(t0, 2)])
    expect(await store.windows('thin', t0, t0 + minute)).toEqual([windowAt(t0, 2)])
  })

  test('orders come back with the windows that counted them, the fullest version of each', async () => {
    const orders = (...keys: number[]) => ({ keys: Float64Array.from(keys), repeated: undefined })
    const largest = 2 ** 53 - 1
    await store.insertWindows('orders', [
      windowAt(t0, 2, { orders: orders(1, largest) }),
      windowAt(t0 + minute, 1),
      windowAt(t0 + 2 * minute, 1, { orders: orders(7) })
    ])
    await store.insertWindows('orders', [windowAt(t0, 1, { orders: orders(3) })])
    expect(await store.orders('orders', t0, t0 + 3 * minute)).toEqual([
      { start: t0, keys: Float64Array.of(1, largest) },
      { start: t0 + 2 * minute, keys: Float64Array.of(7) }
    ])
    expect(await store.orders('orders', t0 + 1, t0 + 3 * minute - 1)).toEqual([])
  })

  test('incomplete windows are given back where all are asked for, and none outside [from, to)', async () => {
    await store.insertWindows('outside', [
      windowAt(t0 - minute, 1),
      windowAt(t0, 2),
      windowAt(t0 + minute, 3, { complete: false }),
      windowAt(t0 + 2 * minute, 4)
    ])
    expect(await store.windows('outside', t0, t0 + 2 * minute)).toEqual([windowAt(t0, 2)])
    expect(await store.windows('outside', t0, t0 + 2 * minute, [], 'all')).toEqual([
      windowAt(t0, 2),
      windowAt(t0 + minute, 3, { complete: false })
    ])
    expect(await store.windows('nobody', 0, Number.POSITIVE_INFINITY)).toEqual([])
  })

  test('windows are summed by the spans that they begin in, and by segment, each in its fullest version', async () => {
    const rate = { value: 0.5, numerator: 1, denominator: 2, sampleSize: 2, squares: 0 }
    const values = (events: number) =>
      new Map([
        ['events', count(events)],
        ['rate', rate]
      ])
    const sold = (segment: `${string}=${string}`, n: number) => ({
      metric: 'revenue',
      dimension: 'category',
      segment,
      ...count(n)
    })
    await store.insertWindows('totals', [
      windowAt(t0, 1, { values: values(1), segments: [sold('category=a', 1), sold('category=b', 5)] }),
      windowAt(t0 + minute, 2, { values: values(2), complete: false, segments: [sold('category=a', 7)] }),
      windowAt(t0 + 2 * minute, 4, { values: values(4), segments: [sold('category=c', 100)] })
    ])
    await store.insertWindows('totals', [
      windowAt(t0, 3, { values: values(3), segments: [sold('category=a', 2)] })
    ])
    const bounds = [t0 - minute, t0, t0 + 2 * minute, t0 + 10 * minute]
    expect(await store.totals('totals', bounds, ['events', 'rate'])).toEqual([
      { span: 1, metric: 'events', numerator: 5, denominator: 2, coveredMs: 2 * minute },
      { span: 1, metric: 'rate', numerator: 2, denominator: 4, coveredMs: 2 * minute },
      { span: 2, metric: 'events', numerator: 4, denominator: 1, coveredMs: minute },
      { span: 2, metric: 'rate', numerator: 1, denominator: 2, coveredMs: minute }
    ])
    const of = { metric: 'revenue', dimension: 'category', fromMs: t0, toMs: t0 + 2 * minute, limit: 2 }
    expect(await store.segmentTotals('totals', of)).toEqual([
      { segment: 'category=a', total: 9 },
      { segment: 'category=b', total: 5 }
    ])
    expect(await store.segmentTotals('totals', { ...of, limit: 1 })).toHaveLength(1)
  })

  test('weeks of windows come back in order, over the bound of a request', async () => {
    const windows = Array.from({ length: 25_000 }, (_, at) => windowAt(t0 + at * minute, at + 1))
    await store.insertWindows('weeks', windows)
    expect(await store.windows('weeks', 0, Number.MAX_SAFE_INTEGER)).toEqual(windows)
  })

  test('the query of the users shows each anomaly once after a re-detection', async () => {
    const first = anomalyOf({})
    await store.insertAnomalies([
      first,
      anomalyOf({ id: 'b', windowEnd: t0 + 2 * minute, detectedAt: t0 + 130_000 })
    ])
    const known = await store.detections('shop', t0)
    const again = { ...first, details: 'Again', detectedAt: known.get(first.id) ?? 0 }
    await store.insertAnomalies([again])
    const answer = await ask(
      store,
      'SELECT * FROM realtime.anomalies ORDER BY detected_at DESC LIMIT 5 SETTINGS final = 0',
      'JSONEachRow'
    )
    const rows = answer
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(rows.map(row => row['id'])).toEqual(['b', first.id])
    expect(rows[1]).toEqual({
      id: first.id,
      pipeline: 'shop',
      anomaly_type: 'revenue_drop',
      severity: 'critical',
      metric: 'revenue',
      segment: 'all',
      metric_value: 245,
      expected_value: 1850,
      details: 'Again',
      window_start: '2026-11-21 10:00:00.000',
      window_end: '2026-11-21 10:01:00.000',
      detected_at: '2026-11-21 10:01:10.000',
      explained_by: [],
      evidence: '{"baseline":1850,"span":"1m","guard":null,"learned":true}',
      config_hash: 'c0ffee'
    })
    expect(known).toEqual(
      new Map([
        [first.id, t0 + 70_000],
        ['b', t0 + 130_000]
      ])
    )
    expect(await store.detections('shop', t0 + 2 * minute)).toEqual(new Map([['b', t0 + 130_000]]))
  })

  test('anomalies are filtered by kind, severity, time and number, the latest first', async () => {
    const pipeline = 'filters'
    await store.insertAnomalies([
      anomalyOf({ pipeline, id: 'f1', kind: hostile, detectedAt: t0 + 10 }),
      anomalyOf({ pipeline, id: 'f2', kind: hostile, severity: 'low', detectedAt: t0 + 20 }),
      anomalyOf({ pipeline, id: 'f3', kind: hostile, severity: 'low', detectedAt: t0 + 30 })
    ])
    const ids = async (filter: Parameters<Store['anomalies']>[0]) =>
      (await store.anomalies(filter)).map(row => row.id)
    expect(await ids({ kind: hostile })).toEqual(['f3', 'f2', 'f1'])
    expect(await ids({ kind: hostile, like: { severity: ['critical'] } })).toEqual(['f1'])
    expect(await ids({ kind: hostile, like: { severity: ['!l*'] } })).toEqual(['f1'])
    expect(await ids({ like: { kind: [hostile, 'none'], severity: ['*i*', 'low'] } })).toHaveLength(3)
    expect(await ids({ like: { kind: [`${hostile.slice(0, 3)}*`], segment: ['!*'] } })).toEqual([])
    expect(await ids({ kind: hostile, sinceMs: t0 + 20 })).toEqual(['f3', 'f2'])
    expect(await ids({ kind: hostile, limit: 1 })).toEqual(['f3'])
    const [row] = await store.anomalies({ kind: hostile, limit: 1 })
    expect(row?.detected_at).toBe('2026-11-21T10:00:00.030Z')
  })

  const shown = {
    kind: 'revenue_drop',
    segment: `category=${hostile}`,
    status: 'open',
    severity: 'critical',
    openedAt: t0,
    lastAnomalyAt: t0 + minute,
    resolvedAt: null,
    lastWindowEnd: t0 + minute,
    lastAnomaly: anomalyOf({ details: hostile, evidence: { ['__proto__']: 1, x: null } }),
    clearWindows: 0,
    lastClearAt: null,
    anomalies: 2,
    peak: { value: 1e-7, expected: 2, severity: 'critical', windowEnd: t0 },
    loss: 12.5,
    explainedBy: [{ segment: `category=${hostile}`, share: 0.5, value: 1, expected: 2 }],
    flapping: true
  } as const
  const incident: StoredIncident = {
    ...shown,
    id: 'i1',
    pipeline: 'shop',
    cause: { id: 'bots', title: hostile, text: hostile },
    lossUnit: 'money',
    alerts: [
      { ...shown, id: 'a1', openings: [t0 - minute, t0] },
      { ...shown, id: 'a2', kind: hostile, openings: [t0], resolvedAt: t0, status: 'resolved', loss: null }
    ],
    lastNotified: {},
    suppressedReasons: { [hostile]: { type: 'silenced', silenceId: hostile } },
    silencedBy: hostile,
    pages: 2,
    dedupKey: hostile,
    dedupReceivers: [hostile, ''],
    acknowledged: { by: hostile, via: 'cli', at: t0 + 1, severity: 'high' },
    escalation: {
      ...{ policy: 'on-call', levels: 3, severity: 'critical', since: t0 },
      taken: [
        { level: 1, at: t0 + 1, by: null },
        { level: 2, at: t0 + 2, by: hostile }
      ],
      receivers: [hostile],
      asked: ['action-1']
    }
  }

  test('an incident is read back exactly, in its latest state', async () => {
    const last = { severity: 'critical' as const, windowEnd: t0 + minute, at: t0 + minute, flapping: false }
    const notified = { ...incident, lastNotified: { [hostile]: last } }
    const old: StoredIncident = {
      ...incident,
      id: 'i2',
      status: 'resolved',
      resolvedAt: t0 - minute,
      lastWindowEnd: t0
    }
    await store.insertIncidents([incident, notified, old])
    await store.insertIncidents([{ ...incident, lastWindowEnd: t0, anomalies: 1 }])
    expect(await store.incidents('shop', t0 + 10 * minute)).toEqual([notified])
    expect(await store.incidents('shop', t0)).toEqual([notified, old])
    expect(
      await ask(store, "SELECT count(), countIf(notified_at IS NULL) FROM realtime.incidents WHERE id = 'i1'")
    ).toBe('1\t0\n')
    const alerts = 'SELECT id, status, resolved_at IS NULL, loss FROM realtime.alerts'
    expect(await ask(store, `${alerts} WHERE incident_id = 'i1' ORDER BY id`)).toBe(
      'a1\topen\t1\t12.5\na2\tresolved\t0\t\\N\n'
    )
    expect(
      await ask(store, "SELECT length(alert_kinds), cause = '' FROM realtime.incidents FINAL WHERE id = 'i1'")
    ).toBe('2\t0\n')
    const escalated = 'SELECT escalation_level, escalated_at IS NULL FROM realtime.incidents FINAL'
    expect(await ask(store, `${escalated} WHERE id = 'i1'`)).toBe('2\t0\n')
  })

  test('what people did is read back exactly: the late, and all of a silence that was to last', async () => {
    const of = (id: string, at: number, more: Partial<OperatorAction> = {}): OperatorAction => ({
      id,
      pipeline: 'shop',
      action: 'acknowledge',
      at,
      by: hostile,
      via: 'cli',
      incidentId: 'i1',
      severity: 'high',
      silence: null,
      ...more
    })
    const silence = (id: string, endsAt: number): Silence => ({
      id,
      matchers: {
        kinds: [hostile],
        severities: null,
        segments: null,
        pipelines: null,
        labels: { [hostile]: [''] }
      },
      by: hostile,
      reason: hostile,
      startsAt: t0,
      endsAt
    })
    const silenced = (id: string, at: number, action: 'silence' | 'end_silence', endsAt: number) =>
      of(`${id} ${action}`, at, { action, incidentId: null, severity: null, silence: silence(id, endsAt) })
    const all = [
      of('early', t0),
      of('late', t0 + 5 * minute),
      silenced('over', t0 + 1, 'silence', t0 + 4 * minute),
      silenced('lasting', t0 + 2, 'silence', t0 + 60 * minute),
      silenced('lasting', t0 + 3, 'end_silence', t0 + 3)
    ]
    await store.insertActions(all)
    await store.insertActions(all.slice(1, 2))
    expect((await store.actions('shop', t0 + 5 * minute)).map(({ id }) => id)).toEqual([
      'lasting silence',
      'lasting end_silence',
      'late'
    ])
    expect((await store.actions('shop', t0)).find(({ id }) => id === 'over silence')).toEqual(all[2])
    expect(await store.actions('another', t0)).toEqual([])
  })

  test('of the labels of an incident the last one counts, and tells which were expected', async () => {
    const resolved = { ...incident, pipeline: 'labels', status: 'resolved', resolvedAt: t0 } as const
    const [labelled, other] = ['labelled', 'other'].map(id => ({ ...resolved, id, lastWindowEnd: t0 }))
    if (labelled === undefined || other === undefined) throw new Error('no incidents')
    const label = (id: string, at: number, verdict: 'real' | 'expected'): OperatorAction => ({
      ...{
        id: `${id} ${at}`,
        pipeline: 'labels',
        action: 'label',
        at,
        by: 'ann',
        via: 'cli',
        incidentId: id
      },
      ...{ severity: 'high', label: { verdict, reason: hostile }, silence: null }
    })
    await store.insertIncidents([labelled, other])
    await store.insertActions([label('labelled', t0, 'real'), label('other', t0, 'expected')])
    await store.insertActions([label('labelled', t0 + 1, 'expected'), label('other', t0 + 2, 'real')])
    const said = (at: number, verdict: string) => ({ verdict, reason: hostile, by: 'ann', via: 'cli', at })
    const labels = new Map([
      ['labelled', said(t0 + 1, 'expected')],
      ['other', said(t0 + 2, 'real')]
    ])
    expect(await store.labels('labels')).toEqual(labels)
    expect((await store.labels()).get('other')).toEqual(said(t0 + 2, 'real'))
    const expected = (since: number) => store.expectedIncidents('labels', since)
    expect(await expected(t0 - 100 * minute)).toEqual([labelled])
    expect(await expected(t0 + 100 * minute)).toEqual([])
  })

  test('a change is read back as it was told last, within a time', async () => {
    const change = (id: string, at: number, more: Partial<Change> = {}): Change => ({
      ...{ id, pipeline: 'changes', at, kind: 'deploy', what: hostile, by: hostile, via: 'api', link: null },
      ...more
    })
    await store.insertChanges([change('b', t0 + minute), change('a', t0), change('late', t0 + 2 * minute)])
    const again = change('a', t0, { link: 'https://ci.example.com/1', kind: 'campaign' })
    await store.insertChanges([again])
    expect(await store.changes('changes', t0, t0 + 2 * minute)).toEqual([again, change('b', t0 + minute)])
    expect((await store.changes('changes', t0 + 1)).map(({ id }) => id)).toEqual(['b', 'late'])
    expect(await store.changes('another', 0)).toEqual([])
  })

  test('a notification is read back exactly, in its latest state', async () => {
    const pending: NotificationRecord = {
      id: 'n1',
      pipeline: 'shop',
      incidentId: 'i1',
      receiver: hostile,
      action: 'trigger',
      kind: 'revenue_drop',
      segment: 'all',
      severity: 'critical',
      dedupKey: null,
      anomalies: [anomalyOf({ details: hostile }), anomalyOf({ id: 'b', value: 1e-7 })],
      reason: { type: 'opened' },
      decidedAt: t0,
      outcome: 'pending',
      attempts: 0,
      answer: '',
      updatedAt: t0,
      incident: null,
      recent: [1, null, 3.5],
      inhibits: [hostile],
      messageRef: hostile,
      requestId: null,
      latencyMs: 12
    }
    const sent: NotificationRecord = {
      ...pending,
      outcome: 'sent',
      attempts: 2,
      answer: hostile,
      updatedAt: t0 + 5
    }
    await store.insertNotifications([sent])
    await store.insertNotifications([pending])
    expect(await store.notifications('shop', t0)).toEqual([sent])
    expect(await store.notifications('shop', t0 + 1)).toEqual([])
  })

  test('half a surrogate pair in a name is stored as a replacement character', async () => {
    await store.insertAnomalies([anomalyOf({ id: 'lone', pipeline: 'lone', segment: 'category=x\ud800y' })])
    const segment = await ask(store, "SELECT segment FROM realtime.anomalies WHERE pipeline = 'lone'")
    expect(segment).toBe('category=x\ufffdy\n')
  })

  test("a mistake in a query is ClickHouse's own error", async () => {
    await expect(ask(store, 'SELECT nope')).rejects.toMatchObject({
      code: 'QUERY',
      retryable: false,
      message: expect.stringContaining('Code: 47. DB::Exception: Unknown expression identifier `nope`')
    })
    await expect(ask(store, 'SELECT 1; SELECT 2')).rejects.toMatchObject({
      message: expect.stringContaining('Multi-statements are not allowed')
    })
  })

  test('what a user sets ends with the statement', async () => {
    await ask(store, 'SET max_threads = 1')
    await ask(store, 'USE system')
    expect(
      await ask(store, "SELECT currentDatabase(), getSetting('final'), getSetting('max_threads') = 1")
    ).toBe('realtime\ttrue\t0\n')
    const { url, user, password } = endpointOf(folder)
    const response = await fetch(`${url}/?database=system`, {
      method: 'POST',
      headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password },
      body: "SELECT currentDatabase(), getSetting('final')"
    })
    expect(await response.text()).toBe('system\tfalse\n')
  })

  test('a big answer is whole', async () => {
    const answer = await ask(store, 'SELECT number FROM numbers(1000000)')
    expect(answer.length).toBe(6_888_890)
    expect(answer.endsWith('\n999998\n999999\n')).toBe(true)
  })

  test('another process on the folder is served by the same engine', async () => {
    const script = `
      const { openStore } = await import(${JSON.stringify(fileURLToPath(new URL('../../src/store/open.ts', import.meta.url)))})
      const store = await openStore({ folder: ${JSON.stringify(folder)}, timeoutMs: 20000 })
      for await (const chunk of await store.query("SELECT 'seen', count() > 0 FROM realtime.anomalies", 'TabSeparated'))
        process.stdout.write(chunk)
      await store.close()`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    expect(await textOf(child.stdout)).toBe('seen\t1\n')
    await store.ping()
  })

  test('the engine outlives the signals that a terminal or a service manager sends to the whole group', async () => {
    const pid = pidOf(folder)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal)
    await store.ping()
    expect(pidOf(folder)).toBe(pid)
  })

  test.runIf(process.platform === 'linux')('the engine has an environment of its own', () => {
    const environment = readFileSync(`/proc/${pidOf(folder)}/environ`, 'utf8').split('\0')
    expect(environment.filter(one => one !== '')).toEqual(['TZ=UTC', 'LANG=C.UTF-8'])
  })

  test("the endpoint is nobody else's to read", () => {
    expect(statSync(join(folder, 'endpoint.json')).mode & 0o777).toBe(0o600)
  })
})

describe('a newer schema', () => {
  test('is refused', async () => {
    const store = await openStore({ folder: newFolder(), timeoutMs })
    await store.migrate()
    await ask(store, "INSERT INTO realtime.schema_versions (version, name) VALUES (900, '900_later')")
    await expect(store.migrate()).rejects.toMatchObject({ code: 'NEWER_SCHEMA', retryable: false })
    await store.close()
  })
})

describe('a folder', () => {
  test('that two open at once is served to both by one engine', async () => {
    const folder = newFolder()
    const stores = await Promise.all([openStore({ folder, timeoutMs }), openStore({ folder, timeoutMs })])
    await Promise.all(stores.map(store => store.migrate()))
    await stores[0].insertWindows('both', [windowAt(t0, 1)])
    expect(await stores[1].windows('both', t0, t0 + 1)).toEqual([windowAt(t0, 1)])
    await stores[0].close()
    expect(await stores[1].windows('both', t0, t0 + 1)).toEqual([windowAt(t0, 1)])
    await stores[1].close()
  })

  test('whose engine cannot begin to serve is refused at once, in a sentence', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'endpoint.json', 'in the way'), { recursive: true })
    await expect(openStore({ folder, timeoutMs })).rejects.toMatchObject({
      code: 'FOLDER_LOCKED',
      message: expect.stringMatching(/^The store folder \S+ cannot be used: E\w+: [^\n]*$/)
    })
    expect(readdirSync(folder).filter(name => name.startsWith('endpoint.json.'))).toEqual([])
  })

  test('with a damaged part opens, and says what is missing', async () => {
    const folder = newFolder()
    const notes: string[] = []
    const open = () => openStore({ folder, timeoutMs, onNote: note => notes.push(note) })
    const whole = await open()
    await whole.migrate()
    await whole.insertWindows('damaged', [windowAt(t0, 1)])
    await whole.close()
    expect(notes).toEqual([])
    const engineFiles = readdirSync(join(folder, 'engine'), { recursive: true, encoding: 'utf8' })
    const parts = engineFiles
      .filter(path => path.endsWith('data.bin'))
      .map(path => join(folder, 'engine', path))
    for (const part of parts) truncateSync(part, 10)
    const damaged = await open()
    expect(notes).toEqual([
      expect.stringMatching(/is damaged: the rows of these parts are missing: .*window_metrics \(1\)/)
    ])
    await damaged.close()
  })

  test('that cannot be one is refused at once', async () => {
    const file = fileURLToPath(import.meta.url)
    await expect(openStore({ folder: join(file, 'store'), timeoutMs })).rejects.toMatchObject({
      code: 'FOLDER_LOCKED',
      retryable: false,
      message: expect.stringContaining('ENOTDIR')
    })
  })
})

describe('an engine that is killed', () => {
  test('loses nothing that was acknowledged, and is started again', async () => {
    const folder = newFolder()
    const store = await openStore({ folder, timeoutMs })
    await store.migrate()
    const acknowledged: number[] = []
    let faults = 0
    let at = 0
    for (let kills = 0; kills < 4; kills += 1) {
      const killAt = at + 20 + kills * 7
      for (const end = at + 60; at < end; at += 1) {
        const window = windowAt(t0 + at * minute, at + 1)
        const inserted = store.insertWindows('killed', [window]).then(
          () => acknowledged.push(window.start),
          (error: unknown) => {
            faults += 1
            expect(error).toMatchObject({ code: 'UNREACHABLE', retryable: true })
          }
        )
        if (at === killAt) process.kill(pidOf(folder), 'SIGKILL')
        await inserted
      }
    }
    const stored = new Set((await store.windows('killed', 0, Number.MAX_SAFE_INTEGER)).map(one => one.start))
    expect(acknowledged.filter(start => !stored.has(start))).toEqual([])
    expect(acknowledged.length + faults).toBe(240)
    expect(acknowledged.length).toBeGreaterThan(200)
    await store.close()
    expect(existsSync(join(folder, 'endpoint.json'))).toBe(false)
  })

  test('ends with its parent, whatever ends that, and its folder opens again', async () => {
    const folder = newFolder()
    const script = `
      const { openStore } = await import(${JSON.stringify(fileURLToPath(new URL('../../src/store/open.ts', import.meta.url)))})
      const store = await openStore({ folder: ${JSON.stringify(folder)}, timeoutMs: 20000 })
      await store.migrate()
      process.stdout.write('ready\\n')
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    await new Promise(resolve => parent.stdout.once('data', resolve))
    const pid = pidOf(folder)
    parent.kill('SIGKILL')
    const store = await openStore({ folder, timeoutMs })
    expect(await store.migrate()).toEqual([])
    await until('the end of the engine', () => !isRunning(pid))
    await store.close()
  })

  test('leaves an endpoint behind that nobody answers at, and its folder opens again', async () => {
    const folder = newFolder()
    const first = await openStore({ folder, timeoutMs })
    await first.migrate()
    const pid = pidOf(folder)
    process.kill(pid, 'SIGKILL')
    await until('the end of the engine', () => !isRunning(pid))
    expect(existsSync(join(folder, 'endpoint.json'))).toBe(true)
    const second = await openStore({ folder, timeoutMs })
    expect(await second.migrate()).toEqual([])
    await second.close()
    await first.close()
  })
})
