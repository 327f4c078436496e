import { expect, test } from 'vitest'
import { createRecentValues } from '../../../src/decide/recent-values.ts'
import { windowAt } from '../../support/decisions.ts'

const of = (value: number) => ({ value, numerator: value, denominator: 1, sampleSize: 1, squares: 0 })
const window = (minute: number, events: number, shoes?: number) =>
  windowAt(minute, {
    values: new Map([['events', of(events)]]),
    segments:
      shoes === undefined
        ? []
        : [{ metric: 'orders', dimension: 'category', segment: 'category=shoes', ...of(shoes) }]
  })

test('the last twenty windows are shown, oldest first, with a gap where one has no value', () => {
  const recent = createRecentValues()
  for (let minute = 0; minute < 25; minute++)
    recent.push(window(minute, minute, minute === 24 ? 7 : undefined))
  expect(recent.values('events', 'all')).toEqual(Array.from({ length: 20 }, (_, at) => at + 5))
  expect(recent.values('orders', 'category=shoes')).toEqual([...Array(19).fill(null), 7])
  expect(recent.values('orders', 'category=hats')).toEqual([])
  recent.clear()
  expect(recent.values('events', 'all')).toEqual([])
})
