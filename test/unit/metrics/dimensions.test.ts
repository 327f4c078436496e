import { expect, test } from 'vitest'
import { createCombination, createDimension } from '../../../src/metrics/dimensions.ts'
import { labelsOf } from '../../../src/routing/matchers.ts'
import { shopEvent } from '../../support/shop-event.ts'

test.each([
  ['shoes × team=nobody', 'shoes x team=nobody'],
  ['a × × b × c=d', 'a x x b x c=d'],
  ['shoes\u00a0×\u2003team=nobody', 'shoes\u00a0x\u2003team=nobody'],
  ['2×4 planks', '2×4 planks']
])('a category %j is no combination, and sets no label but its own', (category, cleaned) => {
  const dimension = createDimension('category', [])
  const value = dimension.clean(category)
  expect(value).toBe(cleaned)
  const none = { labels: { team: 'shop' }, labelsOfKinds: new Map() }
  expect(labelsOf(none, 'revenue_drop', dimension.label(value))).toEqual({ team: 'shop', category: cleaned })
})

test('a combination has the labels of its own two fields only', () => {
  const both = createCombination(['country', 'payment_method'], [])
  const value = both.of(shopEvent(0, { country: 'DE', paymentMethod: 'paypal × team=nobody' })) ?? ''
  const none = { labels: {}, labelsOfKinds: new Map() }
  expect(labelsOf(none, 'revenue_drop', both.label(value))).toEqual({
    country: 'DE',
    payment_method: 'paypal x team=nobody'
  })
})
