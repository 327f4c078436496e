import { describe, expect, test } from 'vitest'
import type { Anomaly, Severity } from '../../../detectors/types.ts'
import type { Alert } from '../../../src/incident/alert.ts'
import { causePatterns } from '../../../src/incident/cause-patterns.ts'
import { diagnose } from '../../../src/incident/diagnosis.ts'
import { canHaveOneCause } from '../../../src/incident/one-cause.ts'
import { anomalyAt, incidentOf } from '../../support/alerts.ts'

const alertOf = (kind: string, more: Partial<Anomaly> = {}): Alert => {
  const [alert] = incidentOf({ lastAnomaly: anomalyAt(1, { kind, ...more }) }).alerts
  return alert as Alert
}
const revenue = (evidence: Anomaly['evidence'] = {}) =>
  alertOf('revenue_drop', { severity: 'critical', evidence })
const asUsual = { orders_share: 0.95, events_share: 1.02 }

const cases: readonly (readonly [string, readonly Alert[], string | undefined])[] = [
  ['checkouts fail, revenue drops', [alertOf('checkout_failure'), revenue()], 'payment_or_checkout'],
  ['fewer visits convert, carts are left', [alertOf('conversion_drop'), revenue()], 'payment_or_checkout'],
  [
    'carts are left, visits do not convert',
    [alertOf('cart_abandonment_spike'), alertOf('conversion_drop')],
    'before_payment'
  ],
  ['traffic and revenue drop', [alertOf('traffic_drop'), revenue({ events_share: 0.3 })], 'visitors_gone'],
  ['a category is gone, revenue drops', [alertOf('category_imbalance'), revenue()], 'part_gone'],
  ['prices are missing, orders come', [alertOf('data_quality'), revenue(asUsual)], 'revenue_undercounted'],
  [
    'a field changes its type, orders come',
    [alertOf('schema_drift'), revenue(asUsual)],
    'revenue_undercounted'
  ],
  [
    'revenue drops, and its finding knows of missing prices',
    [revenue({ ...asUsual, price_fault: '70% of purchases have no price' })],
    'revenue_undercounted'
  ],
  [
    'prices are missing, and orders too',
    [alertOf('data_quality'), revenue({ orders_share: 0.4 })],
    undefined
  ],
  ['prices are other ones, orders come', [alertOf('order_value_shift'), revenue(asUsual)], 'prices_wrong'],
  ['events come twice and late', [alertOf('duplicate_spike'), alertOf('late_spike')], 'events_twice'],
  ['events come late, traffic drops', [alertOf('late_spike'), alertOf('traffic_drop')], 'events_late'],
  ['no events come', [alertOf('data_loss'), alertOf('traffic_drop'), revenue()], 'events_missing'],
  [
    'traffic rises, orders do not follow',
    [alertOf('traffic_spike', { evidence: { orders_follow: false } }), alertOf('conversion_drop')],
    'bots'
  ],
  [
    'traffic rises, orders follow',
    [alertOf('traffic_spike', { evidence: { orders_follow: true } }), alertOf('conversion_drop')],
    undefined
  ],
  ['revenue drops alone', [revenue(asUsual)], undefined]
]

describe('the likely cause', () => {
  test.each(cases)('where %s', (_, alerts, id) => {
    expect(diagnose(alerts, undefined).cause?.id).toBe(id)
    expect(diagnose(alerts.toReversed(), undefined).cause?.id).toBe(id)
  })

  test('is known by a case for each pattern, and each pattern fits alerts that can share an incident', () => {
    const tested = new Set(cases.map(([, , id]) => id))
    expect(causePatterns.filter(({ id }) => !tested.has(id))).toEqual([])
    const alone = causePatterns.filter(
      ({ all, any }) =>
        !(any.length > 0 ? any : all).some(kind =>
          canHaveOneCause([...all, kind].map(one => ({ kind: one, segment: 'all' })))
        )
    )
    expect(alone).toEqual([])
  })

  test('says that traffic is as usual where a finding says so', () => {
    const of = (evidence: Anomaly['evidence']) =>
      diagnose([alertOf('checkout_failure'), revenue(evidence)], undefined).cause?.text
    const text =
      'Checkouts are begun and do not become orders: the payment provider or the last steps of the checkout.'
    expect(of(asUsual)).toBe(`${text} Traffic is as usual.`)
    expect(of({ events_share: 0.79 })).toBe(text)
    expect(of({ events_share: 1.26 })).toBe(text)
    expect(of({})).toBe(text)
  })

  test('stays while the shares in newer findings come and go', () => {
    const first = diagnose([alertOf('data_quality'), revenue(asUsual)], undefined)
    const later = [alertOf('data_quality'), revenue({ orders_share: 0.7 })]
    expect(diagnose(later, first.cause).cause?.id).toBe('revenue_undercounted')
    expect(diagnose(later, undefined).cause).toBeUndefined()
  })
})

describe('the severity that an alert gives its incident', () => {
  test.each<[string, readonly Alert[], string, Severity, Severity]>([
    [
      'is at most high for revenue that is only undercounted',
      [alertOf('data_quality'), revenue(asUsual)],
      'revenue_drop',
      'critical',
      'high'
    ],
    [
      'is its own below that',
      [alertOf('data_quality'), revenue(asUsual)],
      'revenue_drop',
      'medium',
      'medium'
    ],
    [
      'is its own for other kinds',
      [alertOf('data_quality'), revenue(asUsual)],
      'data_quality',
      'critical',
      'critical'
    ],
    [
      'is its own for wrong prices: that money is lost',
      [alertOf('order_value_shift'), revenue(asUsual)],
      'revenue_drop',
      'critical',
      'critical'
    ],
    [
      'is its own where nothing explains it',
      [alertOf('checkout_failure'), revenue()],
      'revenue_drop',
      'critical',
      'critical'
    ]
  ])('%s', (_, alerts, kind, severity, expected) => {
    expect(diagnose(alerts, undefined).severityOf({ kind, severity })).toBe(expected)
  })
})

test('of alerts that are equally severe the whole shop leads, then the kind that is nearest the cause', () => {
  const germany = alertOf('checkout_failure', { segment: 'country=DE' })
  const all = [alertOf('conversion_drop'), germany, revenue(), alertOf('checkout_failure')]
  expect(
    diagnose(all, undefined)
      .leading(all)
      .map(({ kind, segment }) => `${kind} ${segment}`)
  ).toEqual([
    'checkout_failure all',
    'revenue_drop all',
    'conversion_drop all',
    'checkout_failure country=DE'
  ])
})
