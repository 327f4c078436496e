import { describe, expect, test } from 'vitest'
import { anything } from '../../../src/routing/matchers.ts'
import { routeTo } from '../../support/alerts.ts'
import { configOf, errorsIn } from '../../support/configs.ts'

const receivers = ['a', 'b', 'c', 'd']
  .map(name => `  ${name}: { type: teams, webhook_url: https://t.example/${name} }\n`)
  .join('')
const intervals = 'time_intervals: { office: { days: mon-fri } }\nlabels: { team: shop }\n'
const withRoutes = (routes: string) => `${intervals}receivers:\n${receivers}routes:\n${routes}`
const routesOf = (routes: string) => configOf(withRoutes(routes)).routes
/** Every receiver is named by a route in front that continues, so that only the others can be wrong. */
const all = ['a', 'b', 'c', 'd'].map(name => `  - { receiver: ${name}, continue: true }\n`).join('')
const errorsOf = (...routes: readonly string[]) =>
  errorsIn(withRoutes(`${all}${routes.map(route => `  - ${route}\n`).join('')}`)).map(line =>
    line.replace(/^c\.yaml:\d+:\d+: /, '')
  )

describe('routes', () => {
  test('match by kind, severity, segment, pipeline and label, within hours', () => {
    const [first] = routesOf(`  - receiver: a
    match: { kind: ["*_drop", "!traffic_drop"], severity: "!low", segment: country=*, pipeline: shop, labels: { team: [shop, web] } }
    when: office
${all}  - default: b`)
    expect(first).toMatchObject({
      match: {
        kinds: ['*_drop', '!traffic_drop'],
        severities: ['medium', 'high', 'critical'],
        segments: ['country=*'],
        pipelines: ['shop'],
        labels: { team: ['shop', 'web'] }
      },
      when: ['office'],
      receivers: ['a'],
      continues: false
    })
  })

  test('lead to one receiver or to several, and so does the default', () => {
    expect(
      routesOf(`  - { match: { severity: critical }, receiver: [a, b] }\n  - default: [c, d]\n`)
    ).toMatchObject([
      routeTo(['a', 'b'], { match: { ...anything, severities: ['critical'] } }),
      routeTo(['c', 'd'])
    ])
  })

  test('name several receivers that are there, each once', () => {
    expect(errorsOf('{ receiver: [a, e, f], match: { severity: low } }', '{ default: [a, a] }')).toEqual([
      'routes[5].default[1]: a is there twice'
    ])
    expect(errorsOf('{ receiver: [a, e], match: { severity: low } }', '{ default: a }')).toEqual([
      'routes[4].receiver[1]: there is no receiver e; there are a, b, c, d'
    ])
    expect(errorsOf('{ default: [none, a] }')).toEqual([
      'routes[4].default[0]: none is no receiver; it stands by itself'
    ])
    expect(errorsOf('{ default: [] }')).toEqual([
      'routes[4].default: is an empty list; expected at least one'
    ])
  })

  test('may tell nobody', () => {
    expect(errorsOf('{ match: { kind: late_spike }, receiver: none }', '{ default: a }')).toEqual([])
  })

  test('of the preset one_channel lead to it, and what is critical to the pager too', () => {
    const source = `receivers:
  a: { type: teams, webhook_url: https://t.example/a }
  pager: { type: pagerduty, integration_key: ${'k'.repeat(32)} }
routes: { preset: one_channel, channel: a, pager: pager }`
    expect(configOf(source).routes).toMatchObject([
      routeTo('pager', { match: { ...anything, severities: ['critical'] }, continues: true }),
      routeTo('a')
    ])
  })

  test('of the preset three_channels go by severity, and summaries with what is low', () => {
    const { routes } = configOf(`receivers:\n${receivers.split('\n').slice(0, 3).join('\n')}
routes: { preset: three_channels, critical: a, high_and_medium: b, low_and_summaries: c }`)
    expect(routes).toMatchObject([
      routeTo('c', { match: { ...anything, kinds: ['catch_up'] } }),
      routeTo('a', { match: { ...anything, severities: ['critical'] } }),
      routeTo('b', { match: { ...anything, severities: ['medium', 'high'] } }),
      routeTo('c')
    ])
  })

  test('of the preset by_severity go to one receiver or several for each severity', () => {
    const { routes } = configOf(`receivers:\n${receivers}
routes: { preset: by_severity, critical: [a, b], high: b, medium: [c], low: d }`)
    expect(routes).toMatchObject([
      routeTo(['a', 'b'], { match: { ...anything, severities: ['critical'] } }),
      routeTo('b', { match: { ...anything, severities: ['high'] } }),
      routeTo('c', { match: { ...anything, severities: ['medium'] } }),
      routeTo('d')
    ])
  })

  test('of a preset name receivers that are there', () => {
    const source = `receivers:\n${receivers.split('\n')[0]}\nroutes: { preset: one_channel, channel: b }`
    expect(errorsIn(source)).toEqual([
      'c.yaml:2:3: receivers.a: no route leads to this receiver',
      'c.yaml:3:32: routes.channel: there is no receiver b; there are a'
    ])
  })
})

test.each<[string, string[], string[]]>([
  [
    'an interval that is not there',
    ['{ when: [office, "!ofice"], receiver: a }', '{ default: b }'],
    ['routes[4].when[1]: there is no time interval !ofice; there are office']
  ],
  [
    'a kind that a not takes away again',
    ['{ match: { kind: [data_loss, "!data_*"] }, receiver: a }', '{ default: b }'],
    ['routes[4]: can never match: no kind is left']
  ],
  [
    'severities that exclude each other',
    ['{ match: { severity: [low, "!low"] }, receiver: a }', '{ default: b }'],
    ['routes[4]: can never match: no severity is left']
  ],
  [
    'a segment of a dimension that nobody watches',
    ['{ match: { segment: [city=Berlin, "town=*"] }, receiver: a }', '{ default: b }'],
    [
      'routes[4]: can never match: no segment is city=Berlin or town=*; there are all, payment_method=…, country=…, category=… (segments.watch)'
    ]
  ],
  [
    'a label that there is not',
    ['{ match: { labels: { tem: shop } }, receiver: a }', '{ default: b }'],
    ['routes[4]: can never match: there is no label tem; there are team, payment_method, country, category']
  ],
  [
    'a value that a label never has',
    ['{ match: { labels: { team: data } }, receiver: a }', '{ default: b }'],
    ['routes[4]: can never match: the label team is never data; it may be shop']
  ],
  [
    'one that an earlier one shadows',
    [
      '{ match: { kind: "*_drop" }, receiver: a }',
      '{ match: { kind: revenue_drop, segment: all }, receiver: b }',
      '{ default: c }'
    ],
    ['routes[5]: is never reached: routes[4] before it matches all of it']
  ],
  [
    'one that several earlier ones shadow together',
    [
      '{ match: { severity: [critical, high] }, receiver: a }',
      '{ match: { severity: "!critical", segment: "country=*" }, receiver: b }',
      '{ match: { severity: [medium, low], labels: { team: "*" } }, receiver: c }',
      '{ match: { severity: [medium, low] }, receiver: c }',
      '{ match: { kind: data_loss }, receiver: d }',
      '{ default: d }'
    ],
    ['routes[8]: is never reached: routes[4] and routes[7] before it match all of it']
  ]
])('%s is an error', (_, routes, expected) => {
  expect(errorsOf(...routes)).toEqual(expected)
})

test.each<[string, string[]]>([
  [
    'behind one that continues',
    ['{ match: { kind: "*" }, receiver: a, continue: true }', '{ match: { kind: data_loss }, receiver: b }']
  ],
  [
    'behind one of certain hours',
    ['{ when: office, receiver: a }', '{ match: { kind: data_loss }, receiver: b }']
  ],
  [
    'of a wider segment',
    ['{ match: { segment: "country=D*" }, receiver: a }', '{ match: { segment: "country=*" }, receiver: b }']
  ],
  [
    'of one label less',
    ['{ match: { labels: { country: DE } }, receiver: a }', '{ match: { kind: revenue_drop }, receiver: b }']
  ],
  [
    'of another pipeline',
    ['{ match: { pipeline: other }, receiver: a }', '{ match: { kind: revenue_drop }, receiver: b }']
  ],
  ['of a label that some lack', ['{ match: { labels: { team: "!data", city: "!Berlin" } }, receiver: a }']],
  [
    'behind all severities by themselves',
    ['{ match: { severity: [low, medium, high, critical] }, receiver: a }']
  ]
])('a route %s can be reached', (_, routes) => {
  expect(errorsOf(...routes, '{ default: c }')).toEqual([])
})

describe('hours', () => {
  const interval = (written: string) =>
    configOf(`timezone: Europe/Berlin\ntime_intervals:\n  one: ${written}`).timeIntervals.get('one')

  test('are days, times and dates by the clocks of a place, the shop’s unless it says another', () => {
    expect(interval('{ days: mon-fri, from: "09:00", to: "17:30" }')).toEqual({
      timezone: 'Europe/Berlin',
      times: [{ days: [0, 1, 2, 3, 4], dates: null, fromMinute: 540, toMinute: 1_050 }]
    })
    expect(interval('{ timezone: UTC, days: [sat-mon, wed], from: 22:00, to: 06:00 }')).toEqual({
      timezone: 'UTC',
      times: [{ days: [0, 2, 5, 6], dates: null, fromMinute: 1_320, toMinute: 360 }]
    })
    const day = Date.UTC(2026, 11, 24) / 86_400_000
    expect(interval('{ dates: [2026-12-24..2026-12-26, 2027-01-01] }')?.times).toEqual([
      {
        days: null,
        dates: [
          { first: day, last: day + 2 },
          { first: day + 8, last: day + 8 }
        ],
        fromMinute: 0,
        toMinute: 1_440
      }
    ])
  })

  test('may be several ranges', () => {
    expect(interval('{ ranges: [{ days: sat, to: "12:00" }, { days: mon-fri }] }')?.times).toEqual([
      { days: [5], dates: null, fromMinute: 0, toMinute: 720 },
      { days: [0, 1, 2, 3, 4], dates: null, fromMinute: 0, toMinute: 1_440 }
    ])
  })

  test.each([
    ['{ days: mon-fry }', 'days: is "mon-fry"; expected days such as mon-fri, sat or [mon-thu, sun]'],
    ['{ from: 9 }', 'from: is 9; expected a time such as "09:00"'],
    ['{ from: "25:00" }', 'from: is "25:00"; expected a time such as "09:00"'],
    ['{ from: "09:00", to: "09:00" }', 'to: is "09:00"; expected another time than from'],
    [
      '{ dates: 2026-02-30 }',
      'dates: is "2026-02-30"; expected dates such as 2026-12-24 or 2026-12-24..2026-12-26'
    ],
    ['{ timezone: Europe/Berlin }', 'at least one of days, dates, from and to'],
    ['{ days: sat, ranges: [{ days: sun }] }', 'ranges: either ranges, or one range next to timezone'],
    [
      '{ timezone: Europe/Belrin, days: sat }',
      'timezone: is "Europe/Belrin"; expected a time zone such as UTC or Europe/Berlin (did you mean Europe/Berlin?)'
    ]
  ])('%s is refused', (written, expected) => {
    const [line = ''] = errorsIn(`time_intervals:\n  one: ${written}`)
    expect(line.replace(/^.*time_intervals\.one(\.|: )/, '')).toBe(expected)
  })
})

test('kinds have runbooks, words of their own and labels', () => {
  const { alerting, labels } = configOf(`labels: { team: shop }
alerting:
  repeat: off
  flapping: off
  kinds:
    data_loss: { runbook_url: "https://wiki/{kind}", check_first: Is the bridge up?, labels: { team: data } }
    late_spike: { labels: { team: data } }`)
  expect(labels).toEqual({ team: 'shop' })
  expect(alerting).toMatchObject({ remindAfterMs: null, flapping: null })
  expect(alerting.guides).toEqual(
    new Map([
      ['data_loss', { runbookUrl: 'https://wiki/{kind}', checkFirst: 'Is the bridge up?' }],
      ['late_spike', { runbookUrl: null, checkFirst: null }]
    ])
  )
  expect(alerting.labelsOfKinds.get('data_loss')).toEqual({ team: 'data' })
  expect(errorsIn('alerting: { kinds: { data_los: {} } }')[0]).toMatch(/did you mean data_loss\?$/)
})
