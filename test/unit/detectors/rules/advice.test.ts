import { expect, test } from 'vitest'
import { kindOf } from '../../../../detectors/kind-of.ts'
import type { Evidence } from '../../../../detectors/types.ts'
import type { Stall } from '../../../../src/selfcheck/stall.ts'
import type { Segment } from '../../../../src/window/segment.ts'
import { anomalyAt } from '../../../support/alerts.ts'

const adviceOn = (kind: string, overrides: Parameters<typeof anomalyAt>[1]) =>
  kindOf(kind)?.adviceOn?.(anomalyAt(1, { kind, ...overrides }))
const shareOf = (segment: Segment, share: number) => [{ segment, share, value: 0, expected: 1 }]

test.each([
  ['revenue_drop', 'category=shoes', /^Open this category/],
  ['revenue_drop', 'payment_method=paypal', /^Pay with this method/],
  ['traffic_drop', 'country=DE', /^Open the shop as a visitor from this country/],
  ['conversion_drop', 'device=mobile', /on this device/],
  ['revenue_drop', 'store=7', /^Look at what only this segment has/],
  ['revenue_drop', 'country=DE × payment_method=paypal', /^Look at what only this segment has/]
] as const)('%s of %s says to look there', (kind, segment, expected) => {
  expect(adviceOn(kind, { segment })).toMatch(expected)
  expect(adviceOn(kind, { explainedBy: shareOf(segment, 0.9) })).toMatch(expected)
})

test.each<[Evidence, RegExp | undefined]>([
  [{ orders_share: 0.3, events_share: 0.4 }, /^Open the shop from outside/],
  [{ orders_share: 0.95, events_share: 1 }, /^Compare the prices/],
  [{ orders_share: 0.1, events_share: 1 }, undefined],
  [{ orders_share: null, events_share: null }, undefined]
])('a drop of revenue with %o left says where to look', (evidence, expected) => {
  const found = adviceOn('revenue_drop', { evidence, explainedBy: shareOf('country=DE', 0.4) })
  if (expected === undefined) expect(found).toBeUndefined()
  else expect(found).toMatch(expected)
})

test('more of a category than usual, and a stalled pipeline, have advice of their own', () => {
  expect(adviceOn('category_imbalance', { value: 0.5, expected: 0.2 })).toMatch(
    /^See what sends people there/
  )
  expect(adviceOn('category_imbalance', { value: 0, expected: 0.2 })).toBeUndefined()
  expect(adviceOn('pipeline_stalled', { evidence: { cause: 'memory_full' } })).toMatch(/^Look at ClickHouse/)
})

const causesOfStalls: Readonly<Record<Stall['cause'], true>> = {
  broker_gone: true,
  topic_missing: true,
  partition_stuck: true,
  partition_holds: true,
  lag_grows: true,
  broker_slow: true,
  commits_refused: true,
  dead_letters_refused: true,
  nothing_closes: true,
  windows_wait: true,
  not_confirmed: true,
  schema_registry_away: true,
  memory_full: true,
  store_unavailable: true,
  not_joined: true
}

test('of a stalled pipeline there is one for each cause, and no two have the same', () => {
  const causes = Object.keys(causesOfStalls)
  const advice = causes.map(cause => adviceOn('pipeline_stalled', { evidence: { cause } }))
  expect(advice).not.toContain(undefined)
  expect(new Set(advice).size).toBe(causes.length)
})
