import { expect, test } from 'vitest'
import { createDetection } from '../../../detectors/detection.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { minuteMs, usualMinute, windowOf } from './shop-windows.ts'

const options = { detectors: detectorDefaults, windowMs: minuteMs, timezone: 'UTC', currency: 'USD' }
const usualShare = 0.002

/** A minute of which a share came late; those are missing from its events and orders. */
function minuteOf(index: number, share: number, complete: boolean) {
  const minute = usualMinute(index)
  const late = Math.round(minute.events * share)
  const left = { ...minute, events: minute.events - late, orders: Math.round(minute.orders * (1 - share)) }
  const window = windowOf(index, left, complete)
  const denominator = minute.events
  const rate = {
    value: late / denominator,
    numerator: late,
    denominator,
    sampleSize: denominator,
    squares: 0
  }
  return { ...window, values: new Map([...window.values, ['late_rate', rate]]) }
}

/** Kinds found, and kinds judged, in each of the last minutes: an hour and a half as usual, then half of all late. */
function afterUsual(minutes: number, complete: boolean) {
  const detection = createDetection(options)
  for (let index = 0; index < 90; index++) detection.judge(minuteOf(index, usualShare, true))
  return Array.from({ length: minutes }, (_, index) =>
    detection.judge(minuteOf(90 + index, 0.5, complete))
  ).map(({ findings, judged }) => ({ found: findings.map(({ kind }) => kind), judged }))
}

test('of a window that is incomplete only its late events are judged', () => {
  const verdicts = afterUsual(5, false)
  expect(verdicts.map(({ judged }) => judged)).toEqual(Array(5).fill(['late_spike']))
  expect(new Set(verdicts.flatMap(({ found }) => found))).toEqual(new Set(['late_spike']))
})

test('what such windows lack would else be a drop of the shop', () => {
  expect(afterUsual(5, true).flatMap(({ found }) => found)).toContain('traffic_drop')
})

test('such windows are no part of what is usual: what comes behind them is judged as if they had not been', () => {
  const kindsFound = (isDisturbed: boolean) => {
    const detection = createDetection(options)
    return Array.from({ length: 260 }, (_, index) => {
      const isDelayed = isDisturbed && index >= 90 && index < 120
      const share = isDelayed || index >= 250 ? 0.5 : usualShare
      return detection.judge(minuteOf(index, share, !isDelayed)).findings.map(({ kind }) => kind)
    })
  }
  for (const found of [kindsFound(true), kindsFound(false)]) {
    expect(found.slice(130, 250).flat()).toEqual([])
    expect(found.at(-1)).toContain('late_spike')
  }
})
