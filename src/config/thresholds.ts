import { dimensionOf, type ThresholdRule } from '../../detectors/thresholds/options.ts'
import { shopMetrics } from '../metrics/catalogue.ts'
import { isSegmentedBy } from '../metrics/create.ts'
import { compileExpression } from '../metrics/expression/compile.ts'
import type { MetricDefinition } from '../metrics/types.ts'
import { dayMs } from '../time/units.ts'
import type { CrossIssue } from './errors.ts'
import { nearest } from './nearest.ts'
import type { Config } from './schema.ts'
import { dimensionNames } from './segments.ts'

type Checked = Pick<Config, 'metrics' | 'segments' | 'windows' | 'store' | 'detectors'>

/** Of segments the rows of three days are read back at a start, and sums of many windows cost time. */
const segmentDays = 2
const segmentWindows = 60

/** What is wrong with rules of `metric_threshold` only beside other sections. */
export function checkThresholds(config: Checked): readonly CrossIssue[] {
  return config.detectors.metric_threshold.rules.flatMap((rule, index) =>
    [...metricFaults(rule, config), ...spanFaults(rule, config)].map(([key, message]) => ({
      path: ['detectors', 'metric_threshold', 'rules', index, key],
      message
    }))
  )
}

type Fault = readonly [key: keyof ThresholdRule, message: string]

function metricFaults(rule: ThresholdRule, { metrics, segments }: Checked): readonly Fault[] {
  const own = Object.entries(metrics).map(([name, metric]) => compileExpression(name, metric, []))
  const known: readonly MetricDefinition[] = [...shopMetrics, ...own]
  const metric = known.find(({ name }) => name === rule.metric)
  if (metric === undefined) {
    const near = nearest(
      rule.metric,
      known.map(({ name }) => name)
    )
    const hint = near === undefined ? '' : ` (did you mean ${near}?)`
    return [['metric', `a built-in metric or one of your own${hint}`]]
  }
  if (metric.kind === 'quantile' || metric.kind === 'segment_share' || metric.kind === 'field_share')
    return [['metric', 'a metric that adds up over windows: a count, a sum, or a ratio of them']]
  const dimension = dimensionOf(rule)
  if (dimension === undefined) return []
  const rows = dimensionNames(segments).filter(name => isSegmentedBy(metric, name))
  if (rows.includes(dimension)) return []
  const key = rule.dimension === undefined ? 'segment' : 'dimension'
  const there = rows.length === 0 ? 'it has no segments' : `it has segments of ${rows.join(', ')}`
  return [[key, `a dimension of ${rule.metric}: ${there}`]]
}

function spanFaults(rule: ThresholdRule, { windows, store }: Checked): readonly Fault[] {
  const { over, direction, hours } = rule
  const ofSegments = dimensionOf(rule) !== undefined
  if (over.kind === 'span') {
    if (over.ms % windows.sizeMs !== 0) return [['over', 'a multiple of windows.size']]
    return ofSegments && over.ms > segmentWindows * windows.sizeMs
      ? [['over', `at most ${segmentWindows} windows of a segment, or day`]]
      : []
  }
  if (direction === 'below' && hours === undefined)
    return [['hours', 'the hours at which a day counts, such as 18']]
  if (ofSegments && over.days > segmentDays) return [['over', `at most ${segmentDays} days of a segment`]]
  return (over.days + 1) * dayMs > store.historyMs
    ? [['over', 'a day less than store.history at most: a restart reads that much back']]
    : []
}
