import { describe, expect, test } from 'vitest'
import type { Anomaly } from '../../../detectors/types.ts'
import type { Segment } from '../../../src/window/segment.ts'
import {
  alertingOn,
  anomalyAt,
  createMemory,
  epoch,
  minuteMs,
  receivers,
  toBoth
} from '../../support/alerts.ts'

type Evidence = Anomaly['evidence']
interface Symptom {
  readonly kind: string
  readonly segment?: Segment
  /** Minutes after the fault's begin at which it opens. */
  readonly after: number
  readonly evidence?: Evidence
}

/** What the producer's faults of 16 minutes show, as the shipped detectors find it at 20 orders a minute. */
const faults: Readonly<Record<string, readonly Symptom[]>> = {
  payment_outage: [
    { kind: 'checkout_failure', after: 2 },
    { kind: 'revenue_drop', after: 3, evidence: { orders_share: 0.3, events_share: 1 } },
    { kind: 'conversion_drop', after: 3 },
    { kind: 'cart_abandonment_spike', after: 3 }
  ],
  checkout_bug: [
    { kind: 'cart_abandonment_spike', after: 3 },
    { kind: 'checkout_failure', after: 4 },
    { kind: 'revenue_drop', after: 4, evidence: { orders_share: 0.25, events_share: 1 } }
  ],
  method_outage: [{ kind: 'revenue_drop', segment: 'payment_method=paypal', after: 5 }],
  bot_flood: [{ kind: 'traffic_spike', after: 3, evidence: { orders_follow: false } }],
  missing_prices: [
    { kind: 'data_quality', after: 2 },
    { kind: 'revenue_drop', after: 3, evidence: { orders_share: 1, events_share: 1, price_fault: 'prices' } }
  ],
  schema_change: [{ kind: 'schema_drift', after: 2 }],
  price_bug: [
    { kind: 'order_value_shift', after: 2 },
    { kind: 'revenue_drop', after: 2, evidence: { orders_share: 1, events_share: 1 } }
  ],
  producer_stops: [
    { kind: 'traffic_drop', after: 2 },
    { kind: 'revenue_drop', after: 4, evidence: { orders_share: 0.3, events_share: 0.3 } }
  ],
  country_outage: [{ kind: 'traffic_drop', segment: 'country=US', after: 2 }],
  category_outage: [{ kind: 'category_imbalance', segment: 'category=electronics', after: 3 }],
  duplicate_flood: [
    { kind: 'duplicate_spike', after: 2 },
    { kind: 'late_spike', after: 3 }
  ],
  late_burst: [
    { kind: 'traffic_drop', after: 2 },
    { kind: 'late_spike', after: 8 }
  ]
}
const lengthMinutes = 16

/** The incidents that are open or were, where the second fault begins half-way through the first. */
function incidentsOf(first: string, second: string) {
  const alerting = alertingOn(createMemory(), toBoth, true, receivers, { groupWithinMs: 15 * minuteMs })
  const symptoms = [
    ...(faults[first] ?? []).map(one => ({ ...one, from: one.after, to: lengthMinutes })),
    ...(faults[second] ?? []).map(one => ({
      ...one,
      from: lengthMinutes / 2 + one.after,
      to: 1.5 * lengthMinutes
    }))
  ]
  const incidents = new Map<string, string[]>()
  for (let minute = 1; minute <= 1.5 * lengthMinutes; minute += 1) {
    const windowEnd = epoch + minute * minuteMs
    const found = symptoms
      .filter(({ from, to }) => minute >= from && minute <= to)
      .map(({ kind, segment = 'all', evidence = {} }) =>
        anomalyAt(minute, { kind, segment, evidence, severity: 'high' })
      )
    const verdict = { windowStart: windowEnd - minuteMs, windowEnd, findings: found, judged: [] }
    for (const one of alerting.onWindow(verdict, found, windowEnd + 10_000).incidents)
      incidents.set(
        one.id,
        one.alerts.map(({ kind, segment }) => `${kind} ${segment}`)
      )
  }
  return [...incidents.values()]
}
/** These show the same kinds in the same place: together they are one fault to anybody who looks at the shop. */
const alike: readonly (readonly string[])[] = [
  ['payment_outage', 'checkout_bug', 'method_outage'],
  ['missing_prices', 'schema_change'],
  ['producer_stops', 'country_outage', 'late_burst']
]

const names = Object.keys(faults)
const pairs = names.flatMap(first => names.map(second => [first, second] as const))

describe('two faults that overlap by half', () => {
  test.each(
    pairs.filter(
      pair => !alike.some(group => pair.every(name => group.includes(name))) && pair[0] !== pair[1]
    )
  )('%s and %s are two incidents, each with what tells of it', (first, second) => {
    const incidents = incidentsOf(first, second)
    const of = (name: string) => {
      const { kind, segment = 'all' } = faults[name]?.[0] ?? { kind: '' }
      return incidents.findIndex(alerts => alerts.includes(`${kind} ${segment}`))
    }
    expect(of(first)).toBeGreaterThanOrEqual(0)
    expect(of(second)).toBeGreaterThanOrEqual(0)
    expect(of(first)).not.toBe(of(second))
  })
})

test.each(names)('%s alone is one incident', name => {
  expect(incidentsOf(name, 'nothing')).toHaveLength(1)
})
