import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { detectorsSchema } from '../../../src/config/detectors.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'

const errorsOf = (section: unknown) => {
  const result = detectorsSchema.safeParse(section)
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('the detectors section', () => {
  test('an empty section gives the shipped defaults', () => {
    expect(detectorsSchema.parse({})).toEqual(detectorDefaults)
  })

  test('an absent section gives the shipped defaults', () => {
    expect(detectorsSchema.parse(undefined)).toEqual(detectorDefaults)
  })

  test('the thresholds are 30 % of revenue, 3 and 2.5 standard deviations, and 3 % conversion', () => {
    expect(detectorsSchema.parse({})).toMatchObject({
      revenue_drop: { drop: 0.3, severity: 'high', raiseDrop: [{ severity: 'critical', from: 0.5 }] },
      traffic_spike: { zScore: 3, severity: 'medium' },
      traffic_drop: { zScore: 3, severity: 'medium' },
      cart_abandonment_spike: { zScore: 2.5, above: 0.7, severity: 'medium' },
      conversion_drop: {
        below: 0.03,
        severity: 'medium',
        raiseDrop: [
          { severity: 'high', from: 0.4 },
          { severity: 'critical', from: 0.8 }
        ]
      }
    })
  })

  test('the documentation shows the shipped defaults', () => {
    const guide = readFileSync(new URL('../../../docs/detectors.md', import.meta.url), 'utf8')
    const shown = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
    expect(detectorsSchema.parse(parse(shown).detectors)).toEqual(detectorDefaults)
  })

  test('shares and durations are written as people write them', () => {
    const options = detectorsSchema.parse({
      baseline: { warm_up: '2h' },
      revenue_drop: { drop: '25%', raise_drop: { critical: '60%' }, spans: [2, 4] },
      pipeline_stalled: { raise_after: { critical: '10m' } }
    })
    expect(options.baseline.warmupMs).toBe(7_200_000)
    expect(options.revenue_drop).toMatchObject({
      drop: 0.25,
      raiseDrop: [{ severity: 'critical', from: 0.6 }],
      spans: [2, 4]
    })
    expect(options.pipeline_stalled.raiseAfterMs).toEqual([{ severity: 'critical', from: 600_000 }])
  })

  test('a severity that comes before a milder one is refused at its path', () => {
    expect(errorsOf({ traffic_spike: { severity: 'low', raise_z_score: { high: 6, critical: 5 } } })).toEqual(
      ['traffic_spike.raise_z_score.critical: critical from 5 is milder than high from 6']
    )
  })

  test('a raised severity below the rule or not worse than the base is refused', () => {
    expect(errorsOf({ revenue_drop: { drop: '60%' } })).toEqual([
      'revenue_drop.raise_drop.critical: critical from 0.5 is milder than high from 0.6'
    ])
    expect(errorsOf({ checkout_failure: { raise_drop: { medium: '90%' } } })).toEqual([
      'checkout_failure.raise_drop.medium: a severity worse than severity: high'
    ])
  })

  test('spans that fall, or are all shorter than min_windows, are refused', () => {
    expect(errorsOf({ traffic_drop: { spans: [5, 3] } })).toEqual([
      'traffic_drop.spans: spans in base windows, each longer than the one before'
    ])
    expect(errorsOf({ traffic_drop: { spans: [1, 2], min_windows: 3 } })).toEqual([
      'traffic_drop.spans: a span of at least min_windows: 3 windows'
    ])
  })

  test('an unknown key, a share below 0 and a bad duration are all reported together', () => {
    expect(
      errorsOf({
        revenue_drop: { dorp: 1 },
        checkout_failure: { drop: '-50%' },
        baseline: { warm_up: 'soon' }
      })
    ).toEqual([
      'baseline.warm_up: a duration such as 30s, 15m, 1h or 7d',
      'revenue_drop: Unrecognized key: "dorp"',
      'checkout_failure.drop: a share above 0% and below 100%'
    ])
  })
})
