import { expect, test } from 'vitest'
import { type CalendarEntry, createCalendar } from '../../../detectors/baseline/calendar.ts'
import { createDetection } from '../../../detectors/detection.ts'
import type { Verdict } from '../../../detectors/types.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { type Minute, minuteMs, silence, startMs, usualMinute, windowOf } from './shop-windows.ts'

const at = (minute: number) => startMs + minute * minuteMs

function run(entry: Partial<CalendarEntry>, minutes: number, change: (minute: Minute) => Partial<Minute>) {
  const calendar = createCalendar(() => [
    { name: 'Sale', fromMs: at(60), toMs: at(120), effect: 'mute', factor: 3, ...entry }
  ])
  const detection = createDetection({
    detectors: detectorDefaults,
    windowMs: minuteMs,
    timezone: 'UTC',
    currency: 'USD',
    calendar
  })
  const verdicts: Verdict[] = []
  for (let index = 0; index < minutes; index += 1) {
    const usual = usualMinute(index)
    const changed = index >= 60 && index < 120 ? { ...usual, ...change(usual) } : usual
    verdicts.push(detection.judge(windowOf(index, changed)))
  }
  return verdicts
}

const flood = ({ events }: Minute) => ({ events: 2 * events })
const outage = () => ({ orders: 0 })
const kindsIn = (verdicts: readonly Verdict[]) => [
  ...new Set(verdicts.flatMap(({ findings }) => findings.map(({ kind }) => kind)))
]

test('in a muted time nothing is found nor judged, and its end is no drop', () => {
  const verdicts = run({}, 150, flood)
  expect(kindsIn(verdicts)).toEqual([])
  expect(verdicts[90]?.judged).toEqual(['data_loss'])
  expect(verdicts[140]?.judged).toContain('traffic_spike')
})

test('silence is found in a muted time', () => {
  expect(kindsIn(run({}, 70, () => silence))).toEqual(['data_loss'])
})

test('a kind that is muted by name leaves the others to speak', () => {
  const kinds = kindsIn(run({ kinds: ['revenue_drop'] }, 90, outage))
  expect(kinds).toContain('checkout_failure')
  expect(kinds).not.toContain('revenue_drop')
})

test('in a widened time what is told has to be further out, and says what day it is', () => {
  const rise = ({ events }: Minute) => ({ events: Math.round(1.6 * events) })
  expect(kindsIn(run({ fromMs: 0, toMs: 1 }, 90, rise))).toContain('traffic_spike')
  expect(kindsIn(run({ effect: 'widen' }, 90, rise))).not.toContain('traffic_spike')
  const findings = run({ effect: 'widen' }, 90, outage).flatMap(({ findings }) => findings)
  expect(findings.find(({ kind }) => kind === 'revenue_drop')?.evidence).toMatchObject({ calendar: 'Sale' })
})
