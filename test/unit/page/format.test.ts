import { describe, expect, test } from 'vitest'
import { formatOf } from '../../../web/format/amount.ts'
import { answerText } from '../../../web/format/answer.ts'
import { foundDrops } from '../../../web/format/drops.ts'
import { thresholdText } from '../../../web/format/threshold.ts'
import { axisTime, durationText } from '../../../web/format/time.ts'
import { counted, segmentText, words } from '../../../web/format/words.ts'

describe('an amount', () => {
  test.each([
    ['money', 'USD', 1_849.6, '$1,850'],
    ['money', 'EUR', 12.5, '€12.50'],
    ['money', 'JPY', 12.5, '¥13'],
    ['money', 'USD', 0, '$0'],
    ['money', null, 1_849.6, '1,849.6'],
    ['share', null, 0.0234, '2.3%'],
    ['count', null, 75_685, '75,685'],
    ['seconds', null, 1.25, '1.3 sec'],
    ['number', null, 2.34567, '2.346'],
    ['count', null, null, '–']
  ])('in %s of %s: %d is %s', (unit, currency, value, text) => {
    expect(formatOf(unit, currency).full(value)).toBe(text)
  })

  test('is short on an axis', () => {
    expect(formatOf('money', 'USD').short(4_000)).toBe('$4K')
    expect(formatOf('count', null).short(1_200_000)).toBe('1.2M')
    expect(formatOf('share', null).short(0.5)).toBe('50%')
  })
})

test.each([
  [45_000, '45 s'],
  [12 * 60_000, '12 min'],
  [3 * 3_600_000, '3 h'],
  [200 * 60_000, '3 h 20 min'],
  [5 * 86_400_000, '5 days'],
  [-1, '0 s']
])('%d ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

test('a time axis has days where it spans days, and the day where one begins', () => {
  const noon = Date.UTC(2026, 10, 28, 12) / 1_000
  expect(axisTime([noon, noon + 86_400, noon + 2 * 86_400])).toEqual(['28 Nov', '29 Nov', '30 Nov'])
  const [first, second, third] = axisTime([noon, noon + 43_200, noon + 86_400])
  expect(first).toMatch(/^\d\d:\d\d$/)
  expect([second, third]).toContain('29 Nov')
})

test('names are words', () => {
  expect(words('cart_abandonment_rate')).toBe('Cart abandonment rate')
  expect(segmentText('all')).toBe('whole shop')
  expect(segmentText('payment_method=paypal')).toBe('payment method paypal')
  expect(counted(1, 'event')).toBe('1 event')
  expect(counted(1_200, 'event')).toBe('1,200 events')
})

test.each([
  ['sent: 202 {"status":"success","message":"Event processed","dedup_key":"a"}', 'sent: 202 Event processed'],
  ['200 ok', '200 ok'],
  ['400 {"errors":["no"]}', '400 {"errors":["no"]}'],
  ['400 {"message":"cut o…', '400 {"message":"cut o…']
])('the answer %s is shown as %s', (text, shown) => {
  expect(answerText(text)).toBe(shown)
})

test('a threshold is written in its unit', () => {
  expect([0.07, 0.35, 0.125].map(value => thresholdText(value, { unit: 'share' }))).toEqual([
    '7 %',
    '35 %',
    '12.5 %'
  ])
  expect(thresholdText(4.2, { unit: 'number' })).toBe('4.2')
})

test('drops of several depths are counted together, each delay as often as it was found', () => {
  const drop = (depth: number, found: number, minutes: number | null) => ({
    ...{ depth, drops: 5, found },
    median_ms: minutes === null ? null : minutes * 60_000
  })
  const drops = [drop(0.3, 0, null), drop(0.4, 1, 20), drop(0.5, 3, 8), drop(0.9, 5, 2)]
  expect(foundDrops(drops, { from: 0.35, below: 0.65 })).toEqual({ found: 4, of: 10, minutes: 8 })
  expect(foundDrops(drops, { from: 0, below: 1 })).toEqual({ found: 9, of: 20, minutes: 2 })
  expect(foundDrops(drops, { from: 0.05, below: 0.35 })).toEqual({ found: 0, of: 5, minutes: null })
  expect(foundDrops([drop(0.4, 1, 20), drop(0.5, 1, 8)], { from: 0, below: 1 }).minutes).toBe(14)
})
