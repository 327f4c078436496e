import { evidenceOf } from '../../../detectors/detector.ts'
import { defineKind } from '../../../detectors/kind.ts'
import { countOf } from '../../../detectors/rules/measurement.ts'
import { part, scanning, section, severity } from '../../../detectors/rules/options.ts'
import { droppedBy } from '../../../detectors/rules/thresholds.ts'
import { scanWindows } from '../../../detectors/rules/window-scan.ts'

/** Fewer searches than usual. */
export const searchDrop = defineKind({
  kind: 'search_drop',
  title: 'Search drop',
  metric: 'searches',
  summary: 'Far fewer searches than usual.',
  checkFirst:
    'Search for something yourself. Then look at the search service, and at what was deployed last.',
  area: 'technical',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  options: section({ ...scanning(), drop: part(0.5), severity: severity('medium') }),
  create(series, options) {
    const searches = series.count('searches')
    const measure = countOf(searches)
    return {
      trainedWindows: searches.trainedWindows,
      judge(words) {
        const found = scanWindows({
          direction: 'drop',
          measure,
          rule: droppedBy(options.drop),
          mildRule: droppedBy(options.drop / 2),
          span: options
        })
        if (!found) return undefined
        const { observed, expected } = found.measured
        return {
          metric: 'searches',
          severity: options.severity,
          span: found.span,
          value: observed,
          expected,
          measure,
          details: `${words.count(observed)} searches in ${words.span(found.span)}, usually ${words.count(expected)}.`,
          evidence: evidenceOf(found)
        }
      }
    }
  }
})
