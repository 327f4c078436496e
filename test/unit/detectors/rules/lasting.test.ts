import { describe, expect, test } from 'vitest'
import { rateSeries } from '../../../../detectors/baseline/rate-series.ts'
import { createLastingKinds } from '../../../../detectors/lasting-kinds.ts'
import { type Lasting, type LastingMeasure, lastingOf } from '../../../../detectors/rules/lasting.ts'
import { countOf, type Measured } from '../../../../detectors/rules/measurement.ts'
import { whole } from '../../../../detectors/rules/ranges.ts'
import { minuteMs } from '../../../support/alerts.ts'
import { detectorDefaults } from '../../../support/detector-defaults.ts'

/** A drop found in the first two of `counts`, where each window has so many as a rule; how it stands at the last. */
function standsAfter(counts: readonly number[], usual = 20): Lasting {
  const spans = [1, 2, 3, 5, 10, 20, 40]
  const series = rateSeries({ baseline: detectorDefaults.baseline, spans, windowMs: minuteMs })
  const enter = (window: number, count: number) =>
    series.enter({ window, localMs: window * minuteMs }, { count, exposure: 100 })
  for (let window = 1_000; window < 1_120; window += 1) {
    enter(window, window % 2 === 0 ? usual * 0.9 : usual * 1.1)
    series.train()
  }
  let lasting: LastingMeasure | undefined
  counts.forEach((count, i) => {
    enter(1_120 + i, count)
    if (i === 1) lasting = lastingOf(countOf(series), 'drop', countOf(series)(whole(2)) as Measured)
    if (i < counts.length - 1) series.forget(1, true)
  })
  return (lasting as LastingMeasure)('expected')
}

describe('a condition that was found', () => {
  test.each<[string, readonly number[], Lasting]>([
    ['lasts as it was', [4, 4, 4, 4, 4, 4, 4], 'lasts'],
    ['lasts at half of its change', [4, 4, 11, 11, 11, 11, 11], 'lasts'],
    ['is over near its baseline', [4, 4, 19, 21, 20, 18, 20], 'over'],
    ['is over where less than half of it is left', [4, 4, 15, 15, 15, 15, 15], 'over']
  ])('%s', (_, counts, expected) => {
    expect(standsAfter(counts)).toBe(expected)
  })

  test('is looked at over more windows where few events come', () => {
    expect(standsAfter([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0.5)).toBe('lasts')
    expect(standsAfter([0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0], 0.5)).toBe('over')
  })

  test('is unknown where no span has enough events to tell', () => {
    expect(standsAfter([0, 0, 0, 0, 0, 0], 0.02)).toBe('unknown')
  })
})

describe('kinds whose conditions last', () => {
  const nothing = { lasting: [], back: [] }
  const lasting = { lasting: ['revenue_drop'], back: [] }
  const found = (lasting: LastingMeasure) => [
    {
      kind: 'revenue_drop',
      found: {
        metric: 'revenue',
        severity: 'high',
        span: 2,
        value: 1,
        expected: 2,
        details: '',
        evidence: {},
        lasting
      }
    } as const
  ]
  const at = (minute: number) => minute * minuteMs

  test('are those that were found before and are neither found now nor over', () => {
    let stands: Lasting = 'lasts'
    const kinds = createLastingKinds()
    expect(
      kinds.after(
        found(() => stands),
        at(1)
      )
    ).toEqual(nothing)
    expect(kinds.after([], at(2))).toEqual(lasting)
    stands = 'unknown'
    expect(kinds.after([], at(3))).toEqual(lasting)
    stands = 'over'
    expect(kinds.after([], at(4))).toEqual(nothing)
    stands = 'lasts'
    expect(kinds.after([], at(5))).toEqual(nothing)
  })

  test('last no longer than two hours without a finding', () => {
    const kinds = createLastingKinds()
    kinds.after(
      found(() => 'lasts'),
      at(0)
    )
    expect(kinds.after([], at(120))).toEqual(lasting)
    expect(kinds.after([], at(121))).toEqual(nothing)
  })

  test('are measured against what was before, once their level is believed', () => {
    let former: Lasting = 'lasts'
    const kinds = createLastingKinds()
    kinds.after(
      found(against => (against === 'former' ? former : 'over')),
      at(0)
    )
    kinds.believe()
    expect(kinds.after([], at(1))).toEqual(lasting)
    former = 'unknown'
    expect(kinds.after([], at(2))).toEqual(lasting)
    former = 'over'
    expect(kinds.after([], at(3))).toEqual({ lasting: [], back: ['revenue_drop'] })
    expect(kinds.after([], at(4))).toEqual({ lasting: [], back: ['revenue_drop'] })
    former = 'lasts'
    expect(kinds.after([], at(5))).toEqual(lasting)
  })

  test('are not back where their level is believed and stays', () => {
    const kinds = createLastingKinds()
    kinds.after(
      found(() => 'lasts'),
      at(0)
    )
    kinds.believe()
    expect(kinds.after([], at(121))).toEqual(nothing)
  })
})
