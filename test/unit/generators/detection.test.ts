import { beforeAll, describe, expect, test } from 'vitest'
import { type Measured, measureStream } from '../../generators/measure.ts'
import { streamOf } from '../../generators/streams.ts'

const seeds = [11, 12]

describe.each([1, 2, 6])('three weeks of a market with %d orders a minute', ordersPerMinute => {
  let measured: readonly Measured[] = []
  beforeAll(() => {
    measured = seeds.map(seed =>
      measureStream(streamOf('market', { seed, ordersPerMinute, days: 21, incidents: true }))
    )
  })

  test('raise at most one false alarm a week, with summer time and a promotion day among them', () => {
    const perWeek = measured.map(({ falseAlarmsAWeek }) => falseAlarmsAWeek)
    expect(perWeek.reduce((sum, value) => sum + value, 0) / seeds.length).toBeLessThanOrEqual(1)
  })

  test('show what is done to them in nine of ten cases, each gap and outage, by a kind that fits', () => {
    const incidents = measured.flatMap(({ score }) => score.incidents)
    const missed = incidents.flatMap(({ foundBy, label }) => (foundBy === undefined ? [label.kind] : []))
    expect(incidents).toHaveLength(12 * seeds.length)
    expect(missed.length, `missed: ${missed.join(', ')}`).toBeLessThanOrEqual(
      Math.floor(incidents.length / 10)
    )
    expect(missed).not.toContain('gap')
    expect(missed).not.toContain('outage')
  })
})
