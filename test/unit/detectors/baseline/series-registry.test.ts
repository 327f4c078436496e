import { expect, test } from 'vitest'
import { createSeriesRegistry } from '../../../../detectors/baseline/series-registry.ts'
import { detectorDefaults } from '../../../support/detector-defaults.ts'
import { minuteMs, startMs } from '../shop-windows.ts'

function minuteOf(visits: number, complete = true) {
  const value = { value: visits, numerator: visits, denominator: 1, sampleSize: visits, squares: 0 }
  const values = new Map([['visits', value]])
  return { start: startMs, end: startMs + minuteMs, complete, records: visits, segments: [], values }
}

const newShop = () => createSeriesRegistry({ baseline: detectorDefaults.baseline, windowMs: minuteMs })

test('one visit in a window is not counted among the further ones', () => {
  const shop = newShop()
  shop.over([1]).further('visits')
  expect([0, 1, 9].map(visits => shop.followed[0]?.read(minuteOf(visits)))).toEqual([
    { count: 0, exposure: 1 },
    { count: 0, exposure: 1 },
    { count: 8, exposure: 1 }
  ])
})

test('an incomplete window and a metric that is not there say nothing', () => {
  const shop = newShop()
  shop.over([1]).count('visits')
  shop.over([1]).count('events')
  const [visits, events] = shop.followed
  expect(visits?.read(minuteOf(9, false))).toBeUndefined()
  expect(events?.read(minuteOf(9))).toBeUndefined()
})

test('a series is made when it is first asked for, and then shared', () => {
  const shop = newShop()
  expect(shop.followed).toEqual([])
  const visits = shop.over([1, 10]).count('visits')
  expect(shop.over([1, 10]).count('visits')).toBe(visits)
  expect(shop.followed.map(({ series }) => series)).toEqual([visits])
  const others = [
    shop.over([1, 20]).count('visits'),
    shop.over([1, 10]).count('events'),
    shop.over([1, 10]).further('visits'),
    shop.over([1, 10]).mean('visits'),
    shop.over([1, 10]).mean('visits', 5)
  ]
  expect(new Set([visits, ...others]).size).toBe(6)
  expect(shop.followed).toHaveLength(6)
})
