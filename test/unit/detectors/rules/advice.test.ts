import { expect, test } from 'vitest'
import { kindOf } from '../../../../detectors/kind-of.ts'
import type { Evidence } from '../../../../detectors/types.ts'
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
