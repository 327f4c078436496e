import { evidenceOf } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { shareOf } from '../rules/measurement.ts'
import { section } from '../rules/options.ts'
import { rising, scanShareRise } from '../rules/share-rise.ts'

/** Events that came after their windows had closed. */
export const lateSpike = defineKind({
  kind: 'late_spike',
  title: 'Late spike',
  metric: 'late_rate',
  summary: 'Far more events than usual come too late for their windows.',
  checkFirst: 'Look for a client or a queue that holds events back, and for clocks that are wrong.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  judgesIncomplete: true,
  options: section(rising(0.05, 3)),
  create(series, options) {
    const late = series.rate('late_rate')
    const measure = shareOf(late)
    return {
      trainedWindows: late.trainedWindows,
      judge(words) {
        const found = scanShareRise(measure, options)
        if (!found) return undefined
        const { observed, expected, exposure } = found.measured
        const usual = words.smallShare(expected / exposure)
        return {
          metric: 'late_rate',
          severity: options.severity,
          span: found.span,
          value: observed / exposure,
          expected: expected / exposure,
          details: `${words.smallShare(observed / exposure)} of ${words.count(exposure)} events in ${words.span(found.span)} came late, usually ${usual}. The windows they belong to lack them. Possible delay in a producer, or a clock that is wrong.`,
          evidence: evidenceOf(found)
        }
      }
    }
  }
})
