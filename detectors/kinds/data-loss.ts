import { phrase } from '../../src/language/phrase.ts'
import { evidenceOf } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { countOf } from '../rules/measurement.ts'
import { enabled, maxPValue, positive, section, severity, spans } from '../rules/options.ts'
import { whole } from '../rules/ranges.ts'
import { watchOf } from '../rules/watch.ts'
import type { ScanOptions } from '../rules/window-scan.ts'

/** No event at all, where there should have been many. The one finding that a single window can make. */
export const dataLoss = defineKind({
  kind: 'data_loss',
  metric: 'events',
  summary: 'No event at all where many were expected.',
  area: 'technical',
  about: 'pipeline',
  source: 'windows',
  inhibits: { symptomsOf: 'missing_events' },
  tuning: { key: 'min_expected', stricter: 'higher', unit: 'number' },
  options: section({
    enabled,
    spans: spans(),
    /** Events that were expected in the empty windows. */
    min_expected: positive(25),
    improbable: maxPValue(),
    severity: severity('critical')
  }),
  create(series, options) {
    const events = series.count('events')
    const measure = countOf(events)
    const share = options.maxPValue / options.spans.length
    const oneEmptyWindow: ScanOptions = {
      direction: 'drop',
      measure,
      rule: ({ observed, expected }) => observed <= 0 && expected >= options.minExpected,
      mildRule: () => true,
      span: { ...options, minWindows: 1 }
    }
    return {
      trainedWindows: events.trainedWindows,
      watches: [watchOf('events', oneEmptyWindow)],
      judge({ figure }) {
        for (const span of options.spans) {
          const measured = measure(whole(span))
          if (!measured || measured.windows < span) continue
          if (measured.observed > 0) return undefined
          if (measured.expected < options.minExpected) continue
          const probability = measured.probability('drop')
          if (probability > share) continue
          return {
            metric: 'events',
            severity: options.severity,
            span,
            value: 0,
            expected: measured.expected,
            measure,
            said: [
              phrase('finding.data_loss.no_event', {
                span: figure.span(span),
                expected: figure.count(measured.expected)
              }),
              phrase('finding.data_loss.possible')
            ],
            evidence: evidenceOf({ span, measured, probability }),
            excludeFromTraining: 'all'
          }
        }
        return undefined
      }
    }
  }
})
