import { defineKind } from '../kind.ts'
import { enabled, section } from '../rules/options.ts'
import { thresholdRules } from '../thresholds/options.ts'

/** A metric beyond a bound that the configuration names. Judged by detectors/thresholds: it learns nothing. */
export const metricThreshold = defineKind({
  kind: 'metric_threshold',
  metric: 'revenue',
  summary: 'A metric is above or below a threshold of the configuration, such as a budget.',
  area: 'technical',
  about: 'shop',
  source: 'windows',
  separatesRules: true,
  options: section({ enabled, rules: thresholdRules })
})
