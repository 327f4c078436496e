import { expect, test } from 'vitest'
import { depthAt, type Incident, meanDepth } from '../../../producer/incident.ts'

const outage: Incident = { kind: 'payment_outage', startMs: 60_000, endMs: 150_000, depth: 0.8 }
const flood: Incident = { kind: 'bot_flood', startMs: 0, endMs: 60_000, depth: 3 }

test('an incident has its depth from its start until before its end', () => {
  expect([59_999, 60_000, 149_999, 150_000].map(at => depthAt([outage], 'payment_outage', at))).toEqual([
    0, 0.8, 0.8, 0
  ])
  expect(depthAt([outage], 'bot_flood', 60_000)).toBe(0)
})

test('an incident with a segment has its depth there alone', () => {
  const paypal: Incident = { ...outage, kind: 'method_outage', segment: 'payment_method=paypal' }
  const depths = ['payment_method=paypal', 'payment_method=card', undefined].map(segment => [
    depthAt([paypal], 'method_outage', 60_000, segment),
    meanDepth([paypal], 'method_outage', 120_000, 180_000, segment)
  ])
  expect(depths).toEqual([
    [0.8, 0.4],
    [0, 0],
    [0, 0]
  ])
})

test('a slow leak grows from nothing to its depth', () => {
  const leak: Incident = { kind: 'slow_leak', startMs: 0, endMs: 180_000, depth: 0.6 }
  expect([0, 90_000, 180_000].map(at => depthAt([leak], 'slow_leak', at))).toEqual([0, 0.3, 0])
  expect(meanDepth([leak], 'slow_leak', 120_000, 180_000)).toBeCloseTo(0.5)
  expect(meanDepth([leak], 'slow_leak', 150_000, 210_000)).toBeCloseTo(0.275)
})

test('a minute that an incident fills in part has a part of its depth', () => {
  expect(meanDepth([outage], 'payment_outage', 120_000, 180_000)).toBeCloseTo(0.4)
  expect(meanDepth([outage], 'payment_outage', 180_000, 240_000)).toBe(0)
})

test('a flood may be deeper than the usual traffic, a share may not', () => {
  expect(meanDepth([flood], 'bot_flood', 0, 60_000)).toBe(3)
  expect(meanDepth([outage, outage], 'payment_outage', 60_000, 120_000)).toBe(1)
})
