import { evidenceOf } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { shareOf } from '../rules/measurement.ts'
import { section } from '../rules/options.ts'
import { rising, scanShareRise } from '../rules/share-rise.ts'

/** Events that came more than once, by their ids, within a window. */
export const duplicateSpike = defineKind({
  kind: 'duplicate_spike',
  title: 'Duplicate spike',
  metric: 'duplicate_rate',
  summary: 'Far more events than usual come twice.',
  checkFirst:
    'Look for a producer that retries without idempotence, or a job that sends what it sent before.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  options: section(rising(0.05, 3)),
  create(series, options) {
    const duplicates = series.rate('duplicate_rate')
    const measure = shareOf(duplicates)
    return {
      trainedWindows: duplicates.trainedWindows,
      judge(words) {
        const found = scanShareRise(measure, options)
        if (!found) return undefined
        const { observed, expected, exposure } = found.measured
        const usual = words.smallShare(expected / exposure)
        return {
          metric: 'duplicate_rate',
          severity: options.severity,
          span: found.span,
          value: observed / exposure,
          expected: expected / exposure,
          details: `${words.smallShare(observed / exposure)} of ${words.count(exposure)} events in ${words.span(found.span)} came before, usually ${usual}. Counts and revenue are too high. Possible producer that sends again.`,
          evidence: evidenceOf(found)
        }
      }
    }
  }
})
