import { describe, expect, test } from 'vitest'
import { againstThreshold } from '../../../../detectors/thresholds/details-text.ts'
import { type ThresholdRule, thresholdRules } from '../../../../detectors/thresholds/options.ts'
import { createThresholds, segmentMetricsOf } from '../../../../detectors/thresholds/thresholds.ts'
import type { Finding, Standing } from '../../../../detectors/types.ts'
import { isSaid } from '../../../../src/language/phrase.ts'
import { inEnglish, translator } from '../../../../src/language/translator.ts'
import { shopMetrics } from '../../../../src/metrics/catalogue.ts'
import type {
  MetricDefinition,
  MetricValue,
  SegmentValue,
  WindowMetrics
} from '../../../../src/metrics/types.ts'
import { count, ratio, sum } from '../feed.ts'

const hourMs = 3_600_000
const said = { bad: 'either', description: '' } as const
const metrics: readonly MetricDefinition[] = [
  ...shopMetrics,
  { ...said, name: 'cost', kind: 'sum', of: 'cost', unit: 'money' },
  { ...said, name: 'used', kind: 'ratio', numerator: ['a'], denominator: ['b'], unit: 'share' }
]

type Values = Readonly<Record<string, MetricValue>>
interface Fed {
  readonly values?: Values
  /** Of resources: their rows. */
  readonly rows?: Readonly<Record<string, Values>>
  readonly complete?: boolean
}

const windowAt = (
  start: number,
  windowMs: number,
  { values = {}, rows = {}, complete = true }: Fed
): WindowMetrics => ({
  start,
  end: start + windowMs,
  complete,
  records: 1,
  values: new Map(Object.entries(values)),
  segments: Object.entries(rows).flatMap(([name, own]) =>
    Object.entries(own).map(
      ([metric, value]): SegmentValue => ({
        metric,
        dimension: 'resource',
        segment: `resource=${name}`,
        ...value
      })
    )
  )
})

interface Told {
  readonly end: string
  readonly findings: readonly Finding[]
  readonly standing: readonly Standing[]
}

/** What the rules say of windows from a time on; only those of which they say something. */
function toldOf(
  rules: readonly object[],
  from: string,
  windows: readonly Fed[],
  { timezone = 'Europe/Berlin', windowMs = hourMs } = {}
): readonly Told[] {
  const judge = judgeOf(rules, timezone, windowMs)
  return windows.flatMap((fed, index) => {
    const window = windowAt(Date.parse(from) + index * windowMs, windowMs, fed)
    const { findings, standing = [] } = judge(window)
    const end = new Date(window.end).toISOString().slice(0, 16)
    return findings.length + standing.length > 0 ? [{ end, findings, standing }] : []
  })
}

function judgeOf(rules: readonly object[], timezone: string, windowMs: number) {
  const parsed: readonly ThresholdRule[] = thresholdRules.parse(rules)
  const judge = createThresholds({
    rules: parsed,
    windowMs,
    timezone,
    metrics,
    currency: 'USD',
    calendar: undefined
  })
  if (judge === undefined) throw new Error('no rules')
  return judge
}

/** `found`, `lasts` or `over` by the end of its window. */
const states = (told: readonly Told[]) =>
  told.map(({ end, findings, standing }) =>
    [end.slice(5), ...findings.map(() => 'found'), ...standing.map(({ state }) => state)].join(' ')
  )

const hours = (number: number, fed: Fed): Fed[] => new Array(number).fill(fed)
const costing = (amount: number): Fed => ({ values: { cost: sum(amount, 1, 0) } })
const budget = { name: 'budget', metric: 'cost', over: 'day', above: 100, hours: '8-20', severity: 'high' }

describe('the local day so far', () => {
  test('is asked at the hours, lasts in between and behind them, and is over at midnight', () => {
    // From 00:00 in Berlin: 10 an hour pass 100 with the eleventh.
    expect(states(toldOf([budget], '2026-07-01T22:00:00Z', hours(48, costing(10))))).toEqual([
      '07-02T09:00 found',
      ...['10', '11', '12', '13', '14', '15', '16', '17', '18'].map(hour => `07-02T${hour}:00 found`),
      ...['19', '20', '21'].map(hour => `07-02T${hour}:00 lasts`),
      '07-02T22:00 over',
      '07-03T09:00 found',
      ...['10', '11', '12', '13', '14', '15', '16', '17', '18'].map(hour => `07-03T${hour}:00 found`),
      ...['19', '20', '21'].map(hour => `07-03T${hour}:00 lasts`),
      '07-03T22:00 over'
    ])
  })

  test('is not asked before the first hour, even if it has passed the threshold', () => {
    const [first] = toldOf([budget], '2026-07-01T22:00:00Z', hours(24, costing(60)))
    expect(first?.end).toBe('2026-07-02T06:00')
  })

  test('says its date, what it has come to, the threshold, and by how much it is beyond', () => {
    const [first] = toldOf([budget], '2026-07-01T22:00:00Z', hours(24, costing(19.0425)))
    expect(first?.findings).toEqual([
      {
        kind: 'metric_threshold',
        metric: 'cost',
        segment: 'rule=budget',
        severity: 'high',
        windowStart: Date.parse('2026-07-01T22:00:00Z'),
        windowEnd: Date.parse('2026-07-02T06:00:00Z'),
        value: 152.34,
        expected: 100,
        unit: 'money',
        additive: false,
        details: 'cost of 2026-07-02 until 08:00 is $152.34, over $100.00 by $52.34 (52.3%).',
        said: expect.any(Array),
        evidence: {
          baseline: 'threshold',
          rule: 'budget',
          span_windows: 8,
          date: '2026-07-02',
          days: 1,
          threshold: 100,
          direction: 'above',
          beyond: 52.34,
          beyond_share: 0.5234
        },
        explainedBy: []
      }
    ])
  })

  test('says it in French too, also once it is stored', () => {
    const [first] = toldOf([budget], '2026-07-01T22:00:00Z', hours(24, costing(19.0425)))
    const said: unknown = JSON.parse(JSON.stringify(first?.findings[0]?.said))
    if (!isSaid(said)) throw new Error('no phrases')
    expect(translator('fr').say(said)?.replaceAll(/\s/gu, ' ')).toBe(
      'cost du 2026-07-02 jusqu’à 08:00 : 152,34 $, au-dessus du seuil de 100,00 $, dépassé de 52,34 $ (52,3 %).'
    )
  })

  test('gets graver by how far it is beyond', () => {
    const rule = { ...budget, raise_by: { critical: '50%' } }
    const found = toldOf([rule], '2026-07-01T22:00:00Z', hours(24, costing(10))).flatMap(one => one.findings)
    expect(found.map(({ value, severity }) => [value, severity])).toEqual([
      ...[110, 120, 130, 140].map(value => [value, 'high']),
      ...[150, 160, 170, 180, 190, 200].map(value => [value, 'critical'])
    ])
  })

  test.each([
    ['2026-03-28T23:00:00Z', 23, '2026-03-29T06:00', 7],
    ['2026-10-24T22:00:00Z', 25, '2026-10-25T07:00', 9]
  ])('that begins at %s has %i hours, and 08:00 of the clock is at %s', (from, length, end, windows) => {
    const told = toldOf([{ ...budget, above: 1 }], from, hours(26, costing(1)))
    expect(told[0]).toMatchObject({
      end,
      findings: [{ value: windows, evidence: { span_windows: windows } }]
    })
    const over = told.findIndex(({ standing }) => standing[0]?.state === 'over')
    const overAt = Date.parse(`${told[over]?.end}Z`)
    expect((overAt - Date.parse(from)) / hourMs).toBe(length)
  })

  test('that is asked at hour 0 is the whole of the one that ends', () => {
    const rule = { ...budget, metric: 'orders', hours: 0 }
    const told = toldOf([rule], '2026-07-01T22:00:00Z', hours(26, { values: { orders: count(5) } }))
    expect(states(told)).toEqual(['07-02T22:00 found', '07-02T23:00 over'])
    expect(told[0]?.findings[0]?.value).toBe(120)
  })

  test('sums money to the last digit, whatever the order of its windows', () => {
    const amounts = [0.1, 0.2, 0.3, 1e9, 0.7, 0.0001, 0.0002, 33.3333]
    const dayOf = (all: readonly number[]) =>
      toldOf([{ ...budget, above: 1 }], '2026-07-01T22:00:00Z', all.map(costing))[0]?.findings[0]?.value
    expect(dayOf(amounts)).toBe(1_000_000_034.6336)
    expect(dayOf(amounts.toReversed())).toBe(1_000_000_034.6336)
  })

  test('has whole ten-thousandths, where binary digits would leave a rest', () => {
    const told = toldOf(
      [{ ...budget, above: 0.1, hours: 23 }],
      '2026-07-01T22:00:00Z',
      hours(24, costing(0.0119))
    )
    expect(told[0]?.findings[0]?.value).toBe(0.2737)
  })

  test('is asked a little later where there is no window for the hour', () => {
    const judge = judgeOf([{ ...budget, above: 1, hours: 8 }], 'UTC', hourMs / 4)
    const at = (time: string) => Date.parse(`2026-07-02T${time}:00Z`)
    const findings = ['07:30', '08:15', '08:30'].map(
      time => judge(windowAt(at(time), hourMs / 4, costing(5))).findings.length
    )
    expect(findings).toEqual([0, 1, 0])
  })

  test('of several days has those before it', () => {
    const rule = { ...budget, over: '2 days', above: 300, hours: 12 }
    const told = toldOf([rule], '2026-07-01T22:00:00Z', hours(72, costing(10)))
    expect(states(told).filter(one => one.includes('found'))).toEqual([
      '07-03T10:00 found',
      '07-04T10:00 found'
    ])
    expect(told[0]?.findings[0]).toMatchObject({
      value: 360,
      details: 'cost from 2026-07-02 to 2026-07-03 until 12:00 is $360.00, over $300.00 by $60.00 (20.0%).'
    })
  })
})

describe('a day that should not be below', () => {
  const rule = { metric: 'orders', over: 'day', below: 100, hours: [12, 18] }
  const day = (perHour: number) => hours(24, { values: { orders: count(perHour) } })

  test('is judged at its hours, and over at the next one that is well', () => {
    const orders = [
      ...hours(12, { values: { orders: count(5) } }),
      ...hours(12, { values: { orders: count(10) } })
    ]
    expect(states(toldOf([rule], '2026-07-01T22:00:00Z', orders))).toEqual([
      '07-02T10:00 found',
      ...['11', '12', '13', '14', '15'].map(hour => `07-02T${hour}:00 lasts`),
      '07-02T16:00 over'
    ])
  })

  test('is not judged while a window of it is missing or incomplete', () => {
    const gap = day(1).map((fed, index) => (index === 3 ? { ...fed, complete: false } : fed))
    expect(toldOf([rule], '2026-07-01T22:00:00Z', gap)).toEqual([])
    expect(toldOf([rule], '2026-07-01T23:00:00Z', day(1).slice(0, 22))).toEqual([])
    // One that was stored before there was the metric.
    expect(toldOf([rule], '2026-07-01T22:00:00Z', [{}, ...day(1).slice(1)])).toEqual([])
    expect(toldOf([rule], '2026-07-01T22:00:00Z', day(1))).not.toEqual([])
  })
})

describe('incomplete windows', () => {
  const partly = (fed: Fed): Fed => ({ ...fed, complete: false })

  test('count for a sum that is above, since the rest could only add to it', () => {
    const rule = { ...budget, hours: undefined, over: '2h' }
    expect(states(toldOf([rule], '2026-07-01T22:00:00Z', [costing(20), partly(costing(90))]))).toEqual([
      '07-02T00:00 found'
    ])
  })

  test('leave a ratio, and what was found before, as they are', () => {
    const rule = { metric: 'used', over: '1h', above: '50%' }
    const used = (share: number): Fed => ({ values: { used: ratio(share, 1) } })
    const windows = [partly(used(0.9)), used(0.9), partly(used(0.1)), used(0.1)]
    expect(states(toldOf([rule], '2026-07-01T22:00:00Z', windows))).toEqual([
      '07-02T00:00 found',
      '07-02T01:00 lasts',
      '07-02T02:00 over'
    ])
  })

  test('let a sum that was above last', () => {
    const rule = { ...budget, hours: undefined, over: '1h' }
    const windows = [costing(200), partly(costing(1)), costing(1)]
    expect(states(toldOf([rule], '2026-07-01T22:00:00Z', windows))).toEqual([
      '07-01T23:00 found',
      '07-02T00:00 lasts',
      '07-02T01:00 over'
    ])
  })
})

describe('windows', () => {
  test('of a span are added up, a ratio by its parts', () => {
    const rule = { metric: 'used', over: '2h', below: '5%' }
    const used = (numerator: number, denominator: number): Fed => ({
      values: { used: ratio(numerator, denominator) }
    })
    const told = toldOf([rule], '2026-07-01T22:00:00Z', [
      used(9, 10),
      used(1, 10),
      used(0, 90),
      used(0, 0),
      used(0, 0)
    ])
    expect(states(told)).toEqual(['07-02T01:00 found', '07-02T02:00 found', '07-02T03:00 over'])
    expect(told[0]?.findings[0]).toMatchObject({
      segment: 'rule=used-below',
      value: 0.01,
      details: 'used in 2 hours is 1.0%, under 5.0% by 4.0% (80.0%).'
    })
    expect(told[1]?.findings[0]?.value).toBe(0)
  })

  test('are found once a day where the rule says so', () => {
    const rule = { metric: 'orders', over: '1h', above: 5, once: 'day' }
    const orders = [9, 9, 1, 9, 9, ...new Array(21).fill(1), 9].map(
      (number): Fed => ({
        values: { orders: count(number) }
      })
    )
    expect(states(toldOf([rule], '2026-07-01T22:00:00Z', orders))).toEqual([
      '07-01T23:00 found',
      '07-02T00:00 found',
      '07-02T01:00 over',
      '07-03T01:00 found'
    ])
  })
})

describe('segments', () => {
  const rows = (used: Readonly<Record<string, number>>): Fed => ({
    values: { used: ratio(1, 2) },
    rows: Object.fromEntries(Object.entries(used).map(([name, share]) => [name, { used: ratio(share, 1) }]))
  })

  test('of a dimension are judged each by itself, the rest of them not', () => {
    const rule = { name: 'idle', metric: 'used', dimension: 'resource', over: '1h', below: 0.05 }
    const windows = [
      rows({ a: 0.01, b: 0.9, other: 0.01 }),
      rows({ a: 0.01, b: 0.02 }),
      rows({ b: 0.02 }),
      rows({ b: 0.5 })
    ]
    const told = toldOf([rule], '2026-07-01T22:00:00Z', windows)
    expect(told.map(({ findings }) => findings.map(({ segment }) => segment))).toEqual([
      ['rule=idle × resource=a'],
      ['rule=idle × resource=a', 'rule=idle × resource=b'],
      ['rule=idle × resource=b'],
      []
    ])
    expect(told.slice(2).map(({ standing }) => standing)).toEqual([
      [{ kind: 'metric_threshold', segment: 'rule=idle × resource=a', state: 'over' }],
      [{ kind: 'metric_threshold', segment: 'rule=idle × resource=b', state: 'over' }]
    ])
    expect(told[0]?.findings[0]?.details).toBe(
      'used of resource=a in 1 hour is 1.0%, under 5.0% by 4.0% (80.0%).'
    )
  })

  test('may be one, which may also be gone', () => {
    const rule = { metric: 'orders', segment: 'resource=a', over: '1h', below: 2 }
    const of = (name: string): Fed => ({
      values: { orders: count(9) },
      rows: { [name]: { orders: count(5) } }
    })
    const told = toldOf([rule], '2026-07-01T22:00:00Z', [of('a'), of('b')])
    expect(states(told)).toEqual(['07-02T00:00 found'])
    expect(told[0]?.findings[0]).toMatchObject({ segment: 'rule=orders-below × resource=a', value: 0 })
  })

  test('are learned from the store of metrics that rules need them of', () => {
    const rules = thresholdRules.parse([
      budget,
      { metric: 'orders', segment: 'country=DE', over: 'day', above: 1 },
      { name: 'a', metric: 'used', dimension: 'resource', over: '1h', below: 1 },
      { name: 'b', metric: 'used', dimension: 'gpu', over: '1h', below: 1 }
    ])
    expect(segmentMetricsOf(rules)).toEqual(['orders', 'used'])
  })
})

describe('what the calendar mutes', () => {
  test('is not found, and not judged', () => {
    const entry = {
      name: 'sale',
      fromMs: Date.parse('2026-07-02T06:00:00Z'),
      toMs: Date.parse('2026-07-02T08:00:00Z')
    }
    const calendar = {
      mutes: (_: string, fromMs: number, toMs: number) =>
        entry.fromMs < toMs && entry.toMs > fromMs
          ? { ...entry, effect: 'mute' as const, factor: 1 }
          : undefined,
      widens: () => undefined,
      isOff: () => false
    }
    const judge = createThresholds({
      rules: thresholdRules.parse([{ ...budget, above: 10 }]),
      windowMs: hourMs,
      timezone: 'UTC',
      metrics,
      currency: 'USD',
      calendar
    })
    const verdicts = hours(10, costing(10)).map((fed, index) =>
      judge?.(windowAt(Date.parse('2026-07-02T00:00:00Z') + index * hourMs, hourMs, fed))
    )
    expect(verdicts.map(one => one?.findings.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    expect(verdicts.map(one => one?.judged.length)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 1, 1])
  })
})

test('a value is said with the side of its threshold that it is on', () => {
  expect(inEnglish([againstThreshold('money', { value: 15_234.56, threshold: 10_000 }, 'USD')])).toBe(
    'over by $5,234.56 (52.3%)'
  )
  expect(inEnglish([againstThreshold('money', { value: 7_500, threshold: 10_000 }, 'USD')])).toBe(
    'under by $2,500.00 (25.0%)'
  )
  expect(inEnglish([againstThreshold('count', { value: 3, threshold: 0 }, 'USD')])).toBe('over by 3')
  expect(inEnglish([againstThreshold('bytes', { value: 3e9, threshold: 1e9 }, 'USD')])).toBe(
    'over by 2 GB (200.0%)'
  )
})
