import type { Dimension, Measure } from '../window/measure.ts'
import { shopMetrics } from './catalogue.ts'
import { createCombination, createDimension, isContractText } from './dimensions.ts'
import { compileExpression, extraFieldsOf, readFieldsOf } from './expression/compile.ts'
import type { OwnMetric } from './expression/types.ts'
import { type CountedFault, faultOf, pricedTypes, shopMeasures } from './measures.ts'
import type { MetricDefinition } from './types.ts'

export interface ShopMetricsOptions {
  readonly segments: SegmentsOptions
  /** The user's own metrics, by name. */
  readonly metrics: Readonly<Record<string, OwnMetric>>
}

interface SegmentsOptions {
  /** Fields whose values are segments: of the contract, or further ones by their path. */
  readonly dimensions: readonly string[]
  /** Two fields each. */
  readonly combinations: readonly (readonly [string, string])[]
  /** Values of a dimension that have rows of their own. */
  readonly top: number
  /** Values of a dimension that are counted apart; twice as many for a moment. */
  readonly maxValues: number
}

/** What the windows add up, and the metrics that the evaluation makes of it. */
export interface ShopMetrics extends Pick<SegmentsOptions, 'top' | 'maxValues'> {
  readonly measures: readonly Measure[]
  readonly metrics: readonly MetricDefinition[]
  /** Those that are kept for each segment. */
  readonly segmentMeasures: readonly Measure[]
  readonly dimensions: readonly Dimension[]
  /** Paths of the fields beyond the contract, in the order in which events have them as `extra`. */
  readonly extraFields: readonly string[]
  /** Fields whose values dimensions and metrics of one's own ask for. */
  readonly readFields: ReadonlySet<string>
}

export function createShopMetrics({ segments, metrics }: ShopMetricsOptions): ShopMetrics {
  const { dimensions, combinations, top, maxValues } = segments
  const extraFields = furtherFieldsOf({ segments, metrics })
  const own = Object.entries(metrics).map(([name, metric]) => compileExpression(name, metric, extraFields))
  const all = [...shopMetrics, ...own]
  const measures = [...shopMeasures, ...all.flatMap(metric => metric.measures ?? [])]
  const segmented = new Set(all.filter(metric => segmentsOf(metric) !== undefined).flatMap(measureNamesOf))
  return {
    measures,
    metrics: all,
    segmentMeasures: measures.filter(({ name }) => segmented.has(name)),
    dimensions: [
      ...dimensions.map(field => createDimension(field, extraFields)),
      ...combinations.map(pair => createCombination(pair, extraFields))
    ],
    top,
    maxValues,
    extraFields,
    readFields: readFields({ segments, metrics })
  }
}

const readFields = ({ segments: { dimensions, combinations }, metrics }: ShopMetricsOptions) =>
  new Set([...dimensions, ...combinations.flat(), ...Object.values(metrics).flatMap(readFieldsOf)])

/** The fields beyond the contract that dimensions and metrics ask for. */
export function furtherFieldsOf({
  segments: { dimensions, combinations },
  metrics
}: ShopMetricsOptions): readonly string[] {
  const ofSegments = [...dimensions, ...combinations.flat()].filter(field => !isContractText(field))
  return [...new Set([...ofSegments, ...Object.values(metrics).flatMap(extraFieldsOf)])]
}

const segmentsOf = (metric: MetricDefinition) => ('segmented' in metric ? metric.segmented : undefined)

/** There are rows of it for each segment of the dimension, too. */
export function isSegmentedBy(metric: MetricDefinition, dimension: string): boolean {
  const segments = segmentsOf(metric)
  return segments === true || segments?.includes(dimension) === true
}

const faultsOf = (fault: CountedFault | undefined) =>
  fault === undefined ? [] : pricedTypes.map(type => faultOf(fault, type))

export function measureNamesOf(metric: MetricDefinition): readonly string[] {
  const bare = (terms: readonly string[]) => terms.map(term => term.replace(/^-/, ''))
  switch (metric.kind) {
    case 'count':
    case 'distinct':
    case 'sum':
    case 'mean':
    case 'quantile':
      return [metric.of]
    case 'balance':
      return bare(metric.of)
    case 'ratio':
      return [...bare([...metric.numerator, ...metric.denominator]), ...faultsOf(metric.fault)]
    case 'segment_share':
    case 'field_share':
      return []
    default:
      return metric satisfies never
  }
}
