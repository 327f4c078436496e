import { describe, expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'

const withRules = (rules: string, rest = '') =>
  loadConfig({
    path: 'cartwatch.yaml',
    env: {},
    readFile: () => `detectors:\n  metric_threshold:\n    rules: ${rules}\n${rest}`
  })

function rulesOf(rules: string, rest = '') {
  const loaded = withRules(rules, rest)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded.config.detectors.metric_threshold.rules
}

const errorsOf = (rules: string, rest = ''): readonly string[] => {
  const loaded = withRules(rules, rest)
  return loaded.ok
    ? []
    : loaded.errors.map(
        ({ path, message }) => `${path.replace('detectors.metric_threshold.', '')}: ${message}`
      )
}

describe('rules of metric_threshold', () => {
  test('are none by default', () => {
    expect(rulesOf('[]')).toEqual([])
  })

  test('say a metric, a threshold and what is compared with it', () => {
    expect(
      rulesOf(
        '[{ name: budget, metric: cost, over: day, above: "10000", hours: 8-10, severity: high, raise_by: { critical: 50% } }]',
        'metrics: { cost: sum of cost }'
      )
    ).toEqual([
      {
        name: 'budget',
        metric: 'cost',
        over: { kind: 'days', days: 1 },
        direction: 'above',
        threshold: 10_000,
        hours: [8, 9, 10],
        severity: 'high',
        raiseBy: [{ severity: 'critical', from: 0.5 }]
      }
    ])
  })

  test('have a name of their metric, and compare windows, days, shares and segments', () => {
    expect(
      rulesOf(
        '[{ metric: conversion_rate, over: 1h, below: 2%, once: day }, { metric: orders, segment: country=DE, over: 2 days, below: 5, hours: [8, 18] }, { metric: revenue, dimension: country, over: 5m, above: -1, hours: 9 }]'
      )
    ).toMatchObject([
      { name: 'conversion_rate-below', over: { kind: 'span', ms: 3_600_000 }, threshold: 0.02, once: 'day' },
      { name: 'orders-below', over: { kind: 'days', days: 2 }, segment: 'country=DE', hours: [8, 18] },
      { name: 'revenue-above', dimension: 'country', threshold: -1, hours: [9], severity: 'medium' }
    ])
  })

  test.each([
    ['[{ metric: orders, over: day }]', 'rules[0]: either above or below'],
    ['[{ metric: orders, over: day, above: 1, below: 2 }]', 'rules[0]: either above or below'],
    [
      '[{ metric: orders, over: days, above: 1 }]',
      'rules[0].over: is "days"; expected a duration from 1s to 1d, day, or a number of days such as 7 days'
    ],
    ['[{ metric: orders, over: 2d, above: 1 }]', 'rules[0].over: is "2d"; expected a duration from 1s to 1d'],
    ['[{ metric: orders, over: 0 days, above: 1 }]', 'rules[0].over: is "0 days"; expected a duration'],
    [
      '[{ metric: orders, over: 90s, above: 1 }]',
      'rules[0].over: is "90s"; expected a multiple of windows.size'
    ],
    [
      '[{ metric: orders, over: 28 days, above: 1 }]',
      'rules[0].over: is "28 days"; expected a day less than store.history at most'
    ],
    [
      '[{ metric: orders, dimension: country, over: 3 days, above: 1 }]',
      'rules[0].over: is "3 days"; expected at most 2 days of a segment'
    ],
    [
      '[{ metric: orders, segment: country=DE, over: 61m, above: 1 }]',
      'rules[0].over: is "61m"; expected at most 60 windows of a segment, or day'
    ],
    [
      '[{ metric: orders, over: day, below: 1 }]',
      'rules[0].hours: at its default; expected the hours at which a day counts, such as 18'
    ],
    [
      '[{ metric: oders, over: day, above: 1 }]',
      'rules[0].metric: is "oders"; expected a built-in metric or one of your own (did you mean orders?)'
    ],
    [
      '[{ metric: order_value_p50, over: day, above: 1 }]',
      'rules[0].metric: is "order_value_p50"; expected a metric that adds up'
    ],
    ['[{ metric: category_share, over: day, above: 1 }]', 'expected a metric that adds up'],
    [
      '[{ metric: visits, dimension: country, over: day, above: 1 }]',
      'rules[0].dimension: is "country"; expected a dimension of visits: it has no segments'
    ],
    [
      '[{ metric: orders, segment: city=Ulm, over: day, above: 1 }]',
      'rules[0].segment: is "city=Ulm"; expected a dimension of orders: it has segments of category, country, device, payment_method'
    ],
    [
      '[{ metric: orders, segment: DE, over: day, above: 1 }]',
      'rules[0].segment: is "DE"; expected a segment such as country=DE'
    ],
    [
      '[{ metric: orders, segment: country=DE, dimension: country, over: day, above: 1 }]',
      'rules[0].segment: is "country=DE"; expected either a segment or a dimension'
    ],
    [
      '[{ metric: orders, over: day, above: 1, hours: 8-25 }]',
      'rules[0].hours: is "8-25"; expected hours from 0 to 23'
    ],
    ['[{ metric: orders, over: day, above: 1, hours: 20-8 }]', 'rules[0].hours: is "20-8"; expected hours'],
    ['[{ metric: orders, over: day, above: 1, hours: [] }]', 'rules[0].hours: hours from 0 to 23'],
    [
      '[{ metric: orders, over: day, above: much }]',
      'rules[0].above: is "much"; expected a number such as 10000'
    ],
    [
      '[{ metric: orders, over: day, above: 0, raise_by: { high: 50% } }]',
      'rules[0].raise_by: a threshold that is not 0'
    ],
    [
      '[{ metric: orders, over: day, above: 1, severity: high, raise_by: { low: 50% } }]',
      'a severity worse than severity: high'
    ],
    [
      '[{ metric: orders, over: day, above: 1 }, { metric: orders, over: 1h, above: 1 }]',
      'rules[1].name: at its default; expected a name that no other rule has: orders-above is one already'
    ]
  ])('%s is an error', (rules, expected) => {
    expect(errorsOf(rules).join('\n')).toContain(expected)
  })
})

describe('routes', () => {
  const routed = (match: string, rules = '[{ metric: orders, dimension: device, over: day, above: 1 }]') =>
    errorsOf(
      rules,
      `receivers: { a: { type: webhook, url: "https://a.example/x" } }\nroutes: [{ match: ${match}, receiver: a }, { default: a }]`
    )

  test('may match the rule of a finding, and the dimension that it judges', () => {
    expect(routed('{ labels: { rule: orders-above } }')).toEqual([])
    expect(routed('{ labels: { device: mobile } }')).toEqual([])
    expect(routed('{ segment: "rule=orders-above × *" }')).toEqual([])
    expect(routed('{ labels: { rule: orders-above } }', '[]').join()).toContain('there is no label rule')
  })
})
