import type { MeasureName } from './measures.ts'
import type { MetricDefinition } from './types.ts'

/** A metric made of listed measures, or one that brings its own. */
export type ListedMetric =
  | MetricDefinition<MeasureName>
  | (MetricDefinition & Required<Pick<MetricDefinition, 'measures'>>)
