import { expect, test } from 'vitest'
import { createDecisions } from '../../../src/decide/decision.ts'
import { createRecentValues } from '../../../src/decide/recent-values.ts'
import { viewOfNotification } from '../../../src/store/tables/notifications.ts'
import { alertingOn, createMemory, epoch, lineOf, minuteMs, toBoth } from '../../support/alerts.ts'
import { windowAt } from '../../support/decisions.ts'
import { createPlainDetection } from '../../support/live-pipeline.ts'

const decisionsOf = (detectedBefore: ReadonlyMap<string, number> = new Map(), sending = true) =>
  createDecisions({
    pipeline: 'shop',
    configHash: 'hash',
    incidents: alertingOn(createMemory(), toBoth, sending),
    detectedBefore
  })
/** Closed at once, and empty: data_loss. */
const silent = windowAt(0)
const now = silent.end + 10_000

test('a finding becomes an anomaly with its name, its time and its configuration, an incident and notifications', () => {
  const { window, anomalies, incidents, notifications } = decisionsOf().ofWindow(
    createPlainDetection([]),
    silent,
    now
  )
  expect(window).toBe(silent)
  expect(anomalies).toMatchObject([
    { kind: 'data_loss', pipeline: 'shop', configHash: 'hash', detectedAt: now, windowEnd: silent.end }
  ])
  expect(incidents).toMatchObject([{ kind: 'data_loss', status: 'open', lastAnomaly: anomalies[0] }])
  expect(notifications.map(lineOf)).toEqual(['slack trigger high opened', 'pagerduty trigger high opened'])
})

test('an anomaly that was detected before keeps its id and when that was', () => {
  const first = decisionsOf().ofWindow(createPlainDetection([]), silent, now).anomalies[0]
  if (first === undefined) throw new Error('nothing was found')
  const again = decisionsOf(new Map([[first.id, first.detectedAt]])).ofWindow(
    createPlainDetection([]),
    silent,
    now + 3_600_000
  )
  expect(again.anomalies).toEqual([first])
})

test('a window without findings gives nothing but itself', () => {
  const window = windowAt(0, {
    values: new Map([['events', { value: 10, numerator: 10, denominator: 1, sampleSize: 10, squares: 0 }]])
  })
  expect(decisionsOf().ofWindow(createPlainDetection([]), window, now)).toEqual({
    window,
    anomalies: [],
    incidents: [],
    notifications: []
  })
})

test('a verdict on the pipeline belongs to no window', () => {
  const verdict = {
    windowStart: epoch,
    windowEnd: epoch + minuteMs,
    judged: ['pipeline_stalled'],
    findings: []
  }
  expect(decisionsOf().ofVerdict(verdict, now).window).toBeUndefined()
})

test('where nothing is to be sent, all is decided and recorded as off', () => {
  const { notifications } = decisionsOf(new Map(), false).ofWindow(createPlainDetection([]), silent, now)
  expect(notifications.map(({ outcome }) => outcome)).toEqual(['off', 'off'])
})

test('what was found too late and is still there has a message of its own at the end of the catch-up', () => {
  const decisions = decisionsOf()
  const late = silent.end + 3_600_000
  expect(decisions.ofWindow(createPlainDetection([]), silent, late).notifications).toEqual([])
  expect(decisions.ofCatchUp(late).notifications.map(lineOf)).toEqual([
    'slack trigger high still_open',
    'pagerduty trigger high still_open'
  ])
})

test('what says that something began has the chart of its finding, which no row has', () => {
  const recent = createRecentValues()
  const decisions = createDecisions({
    pipeline: 'shop',
    configHash: 'hash',
    incidents: alertingOn(createMemory(), toBoth, true),
    detectedBefore: new Map(),
    recent
  })
  const count = (value: number) => ({
    value,
    numerator: value,
    denominator: 1,
    sampleSize: value,
    squares: 0
  })
  const events = (value: number) => ({ values: new Map([['events', count(value)]]) })
  const detection = createPlainDetection([])
  for (const minute of [-2, -1]) recent.push(windowAt(minute, events(10)))
  const { anomalies, notifications } = decisions.ofWindow(detection, windowAt(0, events(0)), now)
  expect(anomalies[0]?.metric).toBe('events')
  const [slack, pagerduty] = notifications
  expect(slack?.chart?.points.map(({ value }) => value)).toEqual([10, 10, 0])
  expect(pagerduty?.chart).toBe(slack?.chart)
  expect(JSON.stringify(slack && viewOfNotification(slack))).not.toContain('chart')
})
