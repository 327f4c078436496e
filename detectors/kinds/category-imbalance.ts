import { english } from '../../src/language/translator.ts'
import { defineKind } from '../kind.ts'
import { enabled, maxPValue, section, severity } from '../rules/options.ts'

/** The dimension whose mix is tested as a whole. */
export const mixedDimension = 'category'

/** Found in detectors/segments: a value that dropped, or the mix of all values. */
export const categoryImbalance = defineKind({
  kind: 'category_imbalance',
  metric: 'category_share',
  summary: 'Events come from other categories than usual, or a category is gone.',
  adviceOn: ({ value, expected }, t = english) => (value > expected ? t('advice.category_rise') : undefined),
  area: 'technical',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  foundInSegments: true,
  options: section({
    enabled,
    improbable: maxPValue(),
    severity: severity('low'),
    /** Of a category that lost half of its events or more, by `segments.drop`. */
    gone_severity: severity('medium')
  })
})
