import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../../detectors/types.ts'
import {
  alertingOn,
  createMemory,
  epoch,
  lineOf,
  minuteMs,
  minuteOf,
  type Sign
} from '../../support/alerts.ts'

/** Plays a timeline live, a sign a minute; gives what was decided in which minute. */
function live(timeline: string): string[] {
  const alerting = alertingOn(createMemory())
  return [...timeline].flatMap((sign, index) => {
    const { verdict, anomalies, windowEnd } = minuteOf(index + 1, sign as Sign)
    const { notifications } = alerting.onWindow(verdict, anomalies, windowEnd + 10_000)
    return notifications.map(record => `${index + 1}: ${lineOf(record)}`)
  })
}

const opened = (minute: number, severity: string) => [
  `${minute}: slack trigger ${severity} opened`,
  `${minute}: pagerduty trigger ${severity} opened`
]

describe('the messages of an incident, minute by minute', () => {
  test.each<[string, string, string[]]>([
    ['a clear day notifies nobody', '..........', []],
    ['a lasting condition notifies once', `h${'h'.repeat(60)}`, opened(1, 'high')],
    [
      'an end resolves PagerDuty after five clear windows',
      'h.....',
      [...opened(1, 'high'), '6: pagerduty resolve high recovered']
    ],
    ['four clear windows end nothing', 'h....h....h', opened(1, 'high')],
    [
      'windows that were not judged do not count as clear',
      'h..??..?.',
      [...opened(1, 'high'), '9: pagerduty resolve high recovered']
    ],
    [
      'a higher severity is sent at once, with a new key before the old one ends',
      'hc',
      [
        ...opened(1, 'high'),
        '2: slack trigger critical severity_rose',
        '2: pagerduty trigger critical severity_rose',
        '2: pagerduty resolve critical severity_rose'
      ]
    ],
    ['a lower severity sends nothing', 'cmc', opened(1, 'critical')],
    [
      'a condition that came back is repeated only after 15 minutes',
      `h..h${'h'.repeat(20)}`,
      [...opened(1, 'high'), '16: slack trigger high came_back']
    ],
    [
      'a condition that only comes back after 15 minutes is repeated at once',
      `h${'h'.repeat(14)}..h`,
      [...opened(1, 'high'), '18: slack trigger high came_back']
    ],
    [
      'a condition that comes back after its end pages at once, and the channel once the interval is over',
      `h.....h${'h'.repeat(10)}`,
      [
        ...opened(1, 'high'),
        '6: pagerduty resolve high recovered',
        '7: pagerduty trigger high opened',
        '16: slack trigger high came_back'
      ]
    ],
    [
      'a condition that comes back more severe is sent within the interval',
      'h.....c',
      [...opened(1, 'high'), '6: pagerduty resolve high recovered', ...opened(7, 'critical')]
    ],
    [
      'a higher severity is sent within the interval',
      'c.....mh',
      [
        ...opened(1, 'critical'),
        '6: pagerduty resolve critical recovered',
        '7: pagerduty trigger medium opened',
        '8: slack trigger high severity_rose',
        '8: pagerduty trigger high severity_rose',
        '8: pagerduty resolve high severity_rose'
      ]
    ],
    [
      'a condition that comes back after the interval is sent as opened',
      `h.....${'.'.repeat(10)}h`,
      [...opened(1, 'high'), '6: pagerduty resolve high recovered', ...opened(17, 'high')]
    ]
  ])('%s', (_, timeline, expected) => {
    expect(live(timeline)).toEqual(expected)
  })

  test('each kind has an incident of its own', () => {
    const alerting = alertingOn(createMemory())
    const lines = ['revenue_drop', 'traffic_drop'].flatMap(kind => {
      const { verdict, anomalies, windowEnd } = minuteOf(1, 'h', kind)
      return alerting.onWindow(verdict, anomalies, windowEnd).notifications.map(lineOf)
    })
    expect(lines).toHaveLength(4)
    expect(alerting.openIncidents().map(({ kind }) => kind)).toEqual(['revenue_drop', 'traffic_drop'])
  })

  test('a page is opened and resolved under one key, and under another when the condition comes back', () => {
    const alerting = alertingOn(createMemory())
    const keys = [...'h.....h.....'].flatMap((sign, index) => {
      const { verdict, anomalies, windowEnd } = minuteOf(index + 1, sign as Sign)
      return alerting
        .onWindow(verdict, anomalies, windowEnd)
        .notifications.filter(({ receiver }) => receiver === 'pagerduty')
        .map(({ dedupKey }) => dedupKey)
    })
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).toBe(keys[3])
    expect(new Set(keys).size).toBe(2)
  })
})

describe('a catch-up', () => {
  const now = epoch + 100 * minuteMs

  /** Plays a timeline at one moment, as after a long pause. */
  function late(timeline: string, nowMs = now) {
    const alerting = alertingOn(createMemory())
    const lines = [...timeline].flatMap((sign, index) => {
      const { verdict, anomalies } = minuteOf(index + 1, sign as Sign)
      return alerting.onWindow(verdict, anomalies, nowMs).notifications.map(lineOf)
    })
    return { alerting, lines }
  }

  test('old anomalies are sent in one summary, with the first window that is not old', () => {
    const { lines } = late(`hh......mm......${'.'.repeat(69)}`)
    expect(lines).toEqual(['slack summary high catch_up'])
  })

  test('what is still open after it is notified and paged, and not told a second time in a summary', () => {
    const { lines } = late(`h${'h'.repeat(84)}`)
    expect(lines).toEqual(['slack trigger high still_open', 'pagerduty trigger high still_open'])
  })

  test('the pipeline can end it without a new window', () => {
    const { alerting, lines } = late('hh......c')
    expect(lines).toEqual([])
    const { notifications } = alerting.endCatchUp(now)
    expect(notifications.map(lineOf)).toEqual([
      'slack trigger critical still_open',
      'pagerduty trigger critical still_open',
      'slack summary high catch_up'
    ])
    expect(notifications.at(-1)?.anomalies.map(({ windowEnd }) => (windowEnd - epoch) / minuteMs)).toEqual([
      2
    ])
    expect(alerting.endCatchUp(now).notifications).toEqual([])
  })

  test('an incident is listed in one summary only, unless its severity has risen since', () => {
    const { alerting } = late('hh.')
    const next = (minute: number, sign: Sign) => {
      const { verdict, anomalies } = minuteOf(minute, sign)
      return alerting.onWindow(verdict, anomalies, now).notifications
    }
    // The condition is clear just now, so that only the summary is sent.
    expect(alerting.endCatchUp(now).notifications.map(lineOf)).toEqual(['slack summary high catch_up'])
    expect([...next(4, 'h'), ...next(5, '.')]).toEqual([])
    expect(alerting.endCatchUp(now).notifications).toEqual([])
    expect([...next(6, 'c'), ...next(7, '.')]).toEqual([])
    expect(alerting.endCatchUp(now).notifications.map(lineOf)).toEqual(['slack summary critical catch_up'])
  })

  test('the summary lists each incident as it ended, or as it is where the condition is clear just now', () => {
    const { alerting } = late('hc.....mmm.')
    const anomalies = alerting.endCatchUp(now).notifications.at(-1)?.anomalies
    expect(anomalies?.map(({ severity, evidence }) => ({ severity, ...evidence }))).toMatchObject([
      {
        severity: 'critical',
        incident_status: 'resolved',
        incident_anomalies: 2,
        incident_opened_at: epoch + minuteMs
      },
      {
        severity: 'medium',
        incident_status: 'open',
        incident_anomalies: 3,
        incident_opened_at: epoch + 8 * minuteMs
      }
    ])
  })

  test('it resolves a page from before', () => {
    const alerting = alertingOn(createMemory())
    const first = minuteOf(1, 'h')
    alerting.onWindow(first.verdict, first.anomalies, first.windowEnd)
    const lines = [...'.....'].flatMap((sign, index) => {
      const { verdict, anomalies } = minuteOf(index + 2, sign as Sign)
      return alerting.onWindow(verdict, anomalies, now).notifications.map(lineOf)
    })
    expect(lines).toEqual(['pagerduty resolve high recovered'])
  })
})

describe('what the pipeline finds about itself', () => {
  test('does not end a catch-up of the stream', () => {
    const alerting = alertingOn(createMemory())
    const old = minuteOf(1, 'h')
    const now = epoch + 100 * minuteMs
    expect(alerting.onWindow(old.verdict, old.anomalies, now).notifications).toEqual([])
    const stall = minuteOf(100, 'h', 'pipeline_stalled')
    expect(alerting.onWindow(stall.verdict, stall.anomalies, now).notifications.map(lineOf)).toEqual([
      'slack trigger high opened',
      'pagerduty trigger high opened'
    ])
  })
})

describe('a condition that is known to be over', () => {
  test('ends its incident at once, with a text of its own', () => {
    const alerting = alertingOn(createMemory())
    const found = minuteOf(1, 'c', 'store_unavailable')
    alerting.onWindow(found.verdict, found.anomalies, found.windowEnd)
    const { verdict, windowEnd } = minuteOf(2, '.', 'store_unavailable')
    const { notifications, incidents } = alerting.onWindow(
      { ...verdict, over: 'All is well.' },
      [],
      windowEnd
    )
    expect(notifications.map(lineOf)).toEqual([
      'pagerduty resolve critical recovered',
      'slack resolve critical recovered'
    ])
    expect(notifications.at(-1)?.anomalies[0]?.details).toBe('All is well.')
    expect(incidents.map(({ status, lastAnomaly }) => [status, lastAnomaly.details])).toEqual([
      ['resolved', found.anomalies[0]?.details]
    ])
    expect(alerting.openIncidents()).toEqual([])
  })
})

describe('without a receiver', () => {
  test('everything is decided and marked as not to be sent', () => {
    const { verdict, anomalies, windowEnd } = minuteOf(1, 'h')
    const { notifications } = alertingOn(createMemory(), []).onWindow(verdict, anomalies, windowEnd)
    expect(notifications.map(({ receiver, outcome }) => ({ receiver, outcome }))).toEqual([
      { receiver: 'none', outcome: 'off' }
    ])
  })

  test('alerts: off decides for every receiver and sends nothing', () => {
    const { verdict, anomalies, windowEnd } = minuteOf(1, 'h')
    const alerting = alertingOn(createMemory(), undefined, false)
    const { notifications } = alerting.onWindow(verdict, anomalies, windowEnd)
    expect(notifications.map(({ receiver, outcome }) => ({ receiver, outcome }))).toEqual([
      { receiver: 'slack', outcome: 'off' },
      { receiver: 'pagerduty', outcome: 'off' }
    ])
  })
})

test('a level that stays ends as a new level, not as resolved', () => {
  const alerting = alertingOn(createMemory())
  const play = (minute: number, sign: Sign, believed: readonly string[] = []) => {
    const { verdict, anomalies, windowEnd } = minuteOf(minute, sign)
    return alerting.onWindow({ ...verdict, believed }, anomalies, windowEnd + 10_000).notifications
  }
  play(1, 'h')
  play(2, 'h', ['revenue_drop'])
  const ends = [3, 4, 5, 6, 7].flatMap(minute => play(minute, '.'))
  expect(ends.map(lineOf)).toEqual(['pagerduty resolve high new_level'])
  expect(ends[0]?.incident?.newLevel).toBeCloseTo(245 / 1_850)
})

test('a level that was believed ends as resolved where what was before it is back', () => {
  const alerting = alertingOn(createMemory())
  const play = (minute: number, sign: Sign, more: Partial<Verdict> = {}) => {
    const { verdict, anomalies, windowEnd } = minuteOf(minute, sign)
    return alerting.onWindow({ ...verdict, ...more }, anomalies, windowEnd + 10_000).notifications
  }
  play(1, 'h')
  play(2, 'h', { believed: ['revenue_drop'] })
  for (const minute of [3, 4, 5, 6, 7, 8, 9]) play(minute, '.', { lasting: ['revenue_drop'] })
  const ends = [10, 11, 12, 13, 14].flatMap(minute => play(minute, '.', { back: ['revenue_drop'] }))
  expect(ends.map(lineOf)).toEqual(['pagerduty resolve high recovered'])
  expect(ends[0]?.incident?.newLevel).toBeUndefined()
})
