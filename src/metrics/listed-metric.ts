import { type CountedFault, eventsOf, faultOf, type MeasureName, type PricedType } from './measures.ts'
import type { MetricDefinition, Term, Unit } from './types.ts'

/** A metric made of listed measures, or one that brings its own. */
export type ListedMetric =
  | MetricDefinition<MeasureName>
  | (MetricDefinition & Required<Pick<MetricDefinition, 'measures'>>)

type Traits = Pick<MetricDefinition, 'bad' | 'description' | 'additive' | 'learntOfSegments'> & {
  readonly segmented?: true
}

/** A measure under its own name: a count unless `unit` says otherwise. */
export const plainMetric = (
  kind: 'count' | 'distinct' | 'sum',
  name: MeasureName,
  traits: Traits & { readonly unit?: Unit }
): ListedMetric => ({ name, kind, of: name, unit: 'count', ...traits })

/** Measures ÷ measures: a share unless `unit` says otherwise. */
export const ratioMetric = (
  name: string,
  numerator: readonly Term<MeasureName>[],
  denominator: readonly Term<MeasureName>[],
  traits: Traits & { readonly unit?: Unit; readonly floor?: number }
): ListedMetric => ({ name, kind: 'ratio', numerator, denominator, unit: 'share', ...traits })

/** Of the events of some types: those with a fault. */
export function faultMetric(
  fault: CountedFault,
  types: readonly PricedType[],
  description: string
): ListedMetric {
  return {
    name: `${fault}_rate`,
    kind: 'ratio',
    numerator: types.map(type => faultOf(fault, type)),
    denominator: types.map(type => eventsOf[type]),
    unit: 'share',
    bad: 'rise',
    learntOfSegments: true,
    fault,
    description
  }
}
