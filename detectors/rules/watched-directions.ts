import { shopMetrics } from '../../src/metrics/catalogue.ts'
import type { MetricDefinition } from '../../src/metrics/types.ts'
import type { Direction } from '../stats/significance.ts'

const both: readonly Direction[] = ['drop', 'rise']

/** A listed metric is watched in both directions; one of the user's own only in the one that its `bad` names. */
export function watchedDirections(definition: MetricDefinition | undefined): readonly Direction[] {
  const isOwn = definition !== undefined && shopMetrics.every(({ name }) => name !== definition.name)
  return isOwn && definition.bad !== 'either' ? [definition.bad] : both
}
