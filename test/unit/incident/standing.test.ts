import { expect, test } from 'vitest'
import type { Anomaly, Standing } from '../../../detectors/types.ts'
import { canHaveOneCause } from '../../../src/incident/one-cause.ts'
import {
  alertingOn,
  anomalyAt,
  createMemory,
  epoch,
  lineOf,
  minuteMs,
  routeTo,
  slackAt
} from '../../support/alerts.ts'

const kind = 'metric_threshold'
const segment = 'rule=budget'
const budget = { kind, segment, metric: 'cost', additive: false } as const

/** A window in which it was found, or how it stands; none of both is a window that was judged and clear. */
type Window = Partial<Anomaly> | Standing['state'] | undefined

function played(windows: readonly Window[], resolveAfter = 5) {
  const slack = new Map([['slack', slackAt('https://hooks.example/A', true)]])
  const alerting = alertingOn(createMemory(), [routeTo('slack')], true, slack, {
    resolveAfter,
    groupWithinMs: 900_000
  })
  const sent = windows.flatMap((one, index) => {
    const windowEnd = epoch + (index + 1) * minuteMs
    const anomalies = typeof one === 'object' ? [anomalyAt(index + 1, { ...budget, ...one })] : []
    const standing: Standing[] = typeof one === 'string' ? [{ kind, segment, state: one }] : []
    const verdict = {
      windowStart: windowEnd - minuteMs,
      windowEnd,
      findings: anomalies,
      judged: [kind],
      standing
    }
    return alerting
      .onWindow(verdict, anomalies, windowEnd)
      .notifications.map(one => `${index + 1}: ${lineOf(one)}`)
  })
  return { sent, open: alerting.openIncidents() }
}

test('a condition that lasts is told once, and again when it gets graver', () => {
  const lasts = new Array<Window>(20).fill('lasts')
  const { sent, open } = played([{}, ...lasts, {}, ...lasts, { severity: 'critical' }, ...lasts])
  expect(sent).toEqual(['1: slack trigger high opened', '43: slack trigger critical severity_rose'])
  expect(open).toMatchObject([{ status: 'open', anomalies: 3, clearWindows: 0 }])
})

test('one that is over ends at once, and is told anew when it comes again', () => {
  const { sent, open } = played([{}, 'lasts', 'over', ...new Array<Window>(30).fill(undefined), {}])
  expect(sent).toEqual([
    '1: slack trigger high opened',
    '3: slack resolve high recovered',
    '34: slack trigger high opened'
  ])
  expect(open).toHaveLength(1)
})

test('of one that nothing is said of, as after a restart without its past, judged windows end it', () => {
  expect(played([{}, undefined, undefined, undefined], 3).sent).toEqual([
    '1: slack trigger high opened',
    '4: slack resolve high recovered'
  ])
})

test('how one stands says nothing of another', () => {
  const other = { segment: 'rule=other' } as const
  expect(played([other, 'lasts', 'over', 'lasts'], 3).sent).toEqual([
    '1: slack trigger high opened',
    '4: slack resolve high recovered'
  ])
})

test('two rules are never of one cause, the segments of one are', () => {
  const of = (...segments: readonly `rule=${string}`[]) =>
    canHaveOneCause(segments.map(one => ({ kind, segment: one })))
  expect(of('rule=a', 'rule=b')).toBe(false)
  expect(of('rule=a × gpu=1', 'rule=b × gpu=1')).toBe(false)
  expect(of('rule=a × gpu=1', 'rule=a × gpu=2')).toBe(true)
  expect(of('rule=a')).toBe(true)
})
