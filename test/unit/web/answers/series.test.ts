import { expect, test } from 'vitest'
import type { Band, JudgedWindow } from '../../../../detectors/types.ts'
import type { MetricValue, WindowMetrics } from '../../../../src/metrics/types.ts'
import { dayMs, hourMs, minuteMs } from '../../../../src/time/units.ts'
import { stepOf } from '../../../../src/web/answers/steps.ts'
import { metricsAnswer } from '../../../../src/web/api/metrics.ts'
import { seriesPage } from '../../../../src/web/api/series.ts'
import { anomalyAt, epoch } from '../../../support/alerts.ts'
import { fitting } from '../../../support/fitting.ts'
import { secrets, startInbound } from '../../../support/inbound.ts'
import type { OnTestFinished } from '../../../support/program.ts'

const bearer = { authorization: `Bearer ${secrets.apiToken}` }

const amount = (value: number): MetricValue => ({
  ...{ value, numerator: value, denominator: 1, sampleSize: value, squares: 0 }
})
const share = (numerator: number, denominator: number): MetricValue => ({
  ...{ value: numerator / denominator, numerator, denominator, sampleSize: denominator, squares: 0 }
})

/** A window of a minute, so many minutes after the epoch of the tests. */
const windowAt = (minute: number, values: Record<string, MetricValue>, complete = true): WindowMetrics => ({
  start: epoch + minute * minuteMs,
  end: epoch + (minute + 1) * minuteMs,
  complete,
  records: 1,
  values: new Map(Object.entries({ events: amount(100), ...values })),
  segments: [
    { metric: 'events', dimension: 'country', segment: 'country=DE', ...amount(60) },
    { metric: 'revenue', dimension: 'country', segment: 'country=DE', ...amount(5) }
  ]
})

const band: Band = { state: 'judged', expected: 12, lower: 4, upper: null }

const at = (minute: number) => new Date(epoch + minute * minuteMs).toISOString()

async function start(onTestFinished: OnTestFinished, windows: readonly JudgedWindow[]) {
  const inbound = await startInbound(onTestFinished)
  inbound.store.put(windows)
  const get = async (query: object) => {
    const text = new URLSearchParams(
      Object.entries(query).map(([key, value]): [string, string] => [key, String(value)])
    )
    const answer = await inbound.get(`/api/series?${text}`, bearer)
    return answer.status === 200 ? fitting(seriesPage, JSON.parse(answer.text)) : JSON.parse(answer.text)
  }
  return { inbound, get }
}

test('a series has a place for each window, and none of it is made up', async ({ onTestFinished }) => {
  const { get } = await start(onTestFinished, [
    {
      ...windowAt(0, { revenue: amount(10) }),
      bands: new Map([['revenue', new Map([['all', band]])]])
    },
    windowAt(2, { revenue: amount(30) }, false)
  ])
  expect(await get({ metric: 'revenue', from: at(0), to: at(3) })).toMatchObject({
    metric: 'revenue',
    segment: 'all',
    unit: 'money',
    currency: 'USD',
    additive: true,
    window_ms: minuteMs,
    step_ms: minuteMs,
    at: [0, 1, 2].map(minute => epoch + minute * minuteMs),
    value: [10, null, 30],
    min: null,
    expected: [12, null, null],
    lower: [4, null, null],
    upper: [null, null, null],
    band: ['judged', null, null],
    complete: [true, null, false],
    compare: null
  })
})

test('ratios add up as numerators and denominators, amounts as the mean of a window, with least and greatest', async ({
  onTestFinished
}) => {
  const windows = Array.from({ length: 60 }, (_, minute) =>
    windowAt(minute, {
      revenue: amount(minute),
      conversion_rate: minute === 0 ? share(9, 10) : share(0, 100)
    })
  )
  const { get } = await start(onTestFinished, windows)
  const asked = { from: at(0), to: at(60), points: 10 }
  expect(await get({ metric: 'revenue', ...asked })).toMatchObject({
    step_ms: 10 * minuteMs,
    value: [4.5, 14.5, 24.5, 34.5, 44.5, 54.5],
    min: [0, 10, 20, 30, 40, 50],
    max: [9, 19, 29, 39, 49, 59],
    expected: null,
    band: null
  })
  // The mean of the ratios would be 0.09.
  expect(await get({ metric: 'conversion_rate', ...asked })).toMatchObject({
    unit: 'share',
    currency: null,
    value: [9 / 910, 0, 0, 0, 0, 0],
    max: [0.9, 0, 0, 0, 0, 0]
  })
})

test('without a span, the last day of what is stored is shown; of a segment, its own rows', async ({
  onTestFinished
}) => {
  const { get } = await start(onTestFinished, [windowAt(0, {})])
  const page = await get({ metric: 'revenue', segment: 'country=DE' })
  expect([page.from, page.to]).toEqual([at(1 - 1_440), at(1)])
  expect(page.value.at(-1)).toBe(5)
})

test('compares with the same span before, and marks anomalies and incidents', async ({ onTestFinished }) => {
  const { inbound, get } = await start(onTestFinished, [
    windowAt(0, { revenue: amount(10) }),
    windowAt(-7 * 1_440, { revenue: amount(70) })
  ])
  await inbound.store.insertAnomalies([anomalyAt(1)])
  const page = await get({ metric: 'revenue', from: at(0), to: at(2), compare: '-7d' })
  expect(page).toMatchObject({
    value: [10, null],
    compare: { offset_ms: -7 * dayMs, value: [70, null] },
    anomalies: [{ kind: 'revenue_drop', window_end: at(1), severity: 'high' }],
    incidents: [{ kind: 'revenue_drop', title: 'Revenue drop', to: null }]
  })
  expect(await get({ metric: 'orders', from: at(0), to: at(2) })).toMatchObject({
    anomalies: [],
    incidents: []
  })
})

test('is CSV where that is asked for', async ({ onTestFinished }) => {
  const { inbound } = await start(onTestFinished, [windowAt(0, { revenue: amount(10) })])
  const path = `/api/series?metric=revenue&from=${at(0)}&to=${at(2)}`
  const text = `time,value,expected,lower,upper,complete\r\n${at(0)},10,,,,true\r\n${at(1)},,,,,\r\n`
  for (const answer of [
    await inbound.get(`${path}&format=csv`, bearer),
    await inbound.get(path, { ...bearer, accept: 'text/csv' })
  ]) {
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.text).toBe(text)
  }
})

test.for<[object, string]>([
  [{ metric: 'revenu' }, 'metric is none of this shop: GET /api/metrics lists them'],
  [{ metric: 'revenue', from: at(2), to: at(1) }, 'from is not before to'],
  [{ metric: 'revenue', from: at(-91 * 1_440), to: at(1) }, 'from is more than 90 days before to'],
  [{ metric: 'revenue', points: 1e6 }, 'points is "1000000"; expected at most 5000'],
  [{ metric: 'revenue', compare: '-2d' }, 'compare is "-2d"; expected -1d, -7d or -28d']
])('%s is refused: %s', async ([query, message], { onTestFinished }) => {
  const { get } = await start(onTestFinished, [])
  expect(await get(query)).toEqual({ error: 'bad_request', message })
})

test.for<[number, number, number, number]>([
  [2 * hourMs, 1_500, minuteMs, minuteMs],
  [90 * dayMs, 1_500, minuteMs, 2 * hourMs],
  [90 * dayMs, 10, minuteMs, 9 * dayMs],
  [dayMs, 1_500, 5 * minuteMs, 5 * minuteMs],
  [dayMs, 100, 4 * minuteMs, hourMs]
])('a span of %s ms in %s points of windows of %s ms has steps of %s ms', ([span, points, window, step]) => {
  expect(stepOf(span, points, window)).toBe(step)
})

test('lists what can be drawn', async ({ onTestFinished }) => {
  const { inbound } = await start(onTestFinished, [windowAt(0, {})])
  const answer = fitting(metricsAnswer, JSON.parse((await inbound.get('/api/metrics', bearer)).text))
  expect(answer).toMatchObject({
    dimensions: expect.arrayContaining([{ name: 'country', segments: ['country=DE'] }]),
    window_ms: minuteMs,
    first_window: at(0),
    last_window: at(1),
    timezone: 'UTC'
  })
  const revenue = answer.metrics.find(({ name }) => name === 'revenue')
  expect(revenue).toMatchObject({ unit: 'money', currency: 'USD', bad: 'drop', whole_shop: true })
  expect(revenue?.dimensions).toContain('country')
})
