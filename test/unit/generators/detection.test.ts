import { beforeAll, describe, expect, test } from 'vitest'
import { type Measured, measureStream } from '../../generators/measure.ts'
import { streamOf } from '../../generators/streams.ts'

/** One seed a size; of more: `npm run false-alarms -- --generator market --incidents --weeks 3 --seeds 11-20`. */
describe.each([
  [1, 11],
  [6, 12]
])('eighteen days of a market with %d orders a minute', (ordersPerMinute, seed) => {
  let measured: Measured
  beforeAll(() => {
    measured = measureStream(streamOf('market', { seed, ordersPerMinute, days: 18, incidents: true }))
  })

  test('raise at most one false alarm a week, with summer time and a promotion day among them', () => {
    expect(measured.falseAlarmsAWeek).toBeLessThanOrEqual(1)
  })

  test('show what is done to them in nine of ten cases, each gap and outage, by a kind that fits', () => {
    const { incidents } = measured.score
    const missed = incidents.flatMap(({ foundBy, label }) => (foundBy === undefined ? [label.kind] : []))
    expect(incidents).toHaveLength(12)
    expect(missed.length, `missed: ${missed.join(', ')}`).toBeLessThanOrEqual(
      Math.floor(incidents.length / 10)
    )
    expect(missed).not.toContain('gap')
    expect(missed).not.toContain('outage')
  })
})
