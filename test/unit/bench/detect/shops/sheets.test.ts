import { expect, it } from 'vitest'
import type { FaultOutcome, StreamOutcome } from '../../../../../bench/detect/shops/outcome.ts'
import { falseSheet, faultSheet, shopSheet } from '../../../../../bench/detect/shops/sheets.ts'
import { minuteMs } from '../../../../../src/time/units.ts'

const missed: FaultOutcome = {
  name: 'leak',
  isTouching: true,
  delayMs: undefined,
  incidents: 0,
  isNamedRight: false,
  isOverTooEarly: false,
  lagMs: undefined
}
const found: FaultOutcome = {
  ...missed,
  name: 'outage',
  delayMs: 6 * minuteMs,
  incidents: 1,
  isNamedRight: true,
  lagMs: 9 * minuteMs
}
const outcome: StreamOutcome = {
  faults: [
    found,
    { ...found, delayMs: 20 * minuteMs, incidents: 2, isNamedRight: false, isOverTooEarly: true },
    { ...missed, name: 'outage', isTouching: false },
    missed
  ],
  falseIncidents: [
    { kind: 'traffic_drop', isAboveLow: true, hour: 6 },
    { kind: 'traffic_drop', isAboveLow: true, hour: 6 },
    { kind: 'traffic_drop', isAboveLow: true, hour: 4 },
    { kind: 'metric_drift', isAboveLow: false, hour: 9 }
  ],
  weeks: 2
}

it('counts faults by their name, without those that touch too little', () => {
  expect(faultSheet([outcome], () => true).rows).toEqual([
    ['leak', '0 of 1', '', '', '0 of 0', '0 of 0', '0 of 0', ''],
    ['outage', '2 of 2', '13', '20', '1 of 2', '1 of 2', '1 of 2', '9'],
    ['all', '2 of 3', '13', '20', '1 of 2', '1 of 2', '1 of 2', '9']
  ])
  expect(faultSheet([outcome], name => name === 'leak').rows.map(([name]) => name)).toEqual(['leak', 'all'])
})

it('counts false incidents a week by kind, with the hours of those above low in their order', () => {
  expect(falseSheet([outcome]).rows).toEqual([
    ['metric_drift', '0.00', '0.50', ''],
    ['traffic_drop', '1.50', '0.00', '4, 6 (2)'],
    ['all', '1.50', '0.50', '4, 6 (2)']
  ])
})

it('has a row for each shop', () => {
  expect(shopSheet([['funnel', outcome]]).rows).toEqual([['funnel', '2 of 3', '1.50', '0.50']])
})
