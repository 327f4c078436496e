import { kinds } from '../../detectors/catalogue.ts'
import { shopMetrics } from '../metrics/catalogue.ts'
import type { CrossIssue } from './errors.ts'
import { nearest } from './nearest.ts'
import type { Config } from './schema.ts'
import { dimensionNames } from './segments.ts'

/** Metrics that a kind should watch and that do not exist: a misspelled one would be watched in vain. */
export function checkWatched({
  metrics,
  detectors
}: Pick<Config, 'metrics' | 'detectors'>): readonly CrossIssue[] {
  const known = [...shopMetrics.map(({ name }) => name), ...Object.keys(metrics)]
  return kinds.flatMap(({ kind }) => {
    const options = detectors[kind]
    return ('metrics' in options ? options.metrics : []).flatMap((name, index) => {
      if (known.includes(name)) return []
      const near = nearest(name, known)
      const hint = near === undefined ? '' : ` (did you mean ${near}?)`
      return [
        {
          path: ['detectors', kind, 'metrics', index],
          message: `a built-in metric or one of your own${hint}`
        }
      ]
    })
  })
}

/** Dimensions that a metric should have rows of and that do not exist. */
export function checkSegments({
  metrics,
  segments
}: Pick<Config, 'metrics' | 'segments'>): readonly CrossIssue[] {
  const known = dimensionNames(segments)
  return Object.entries(metrics).flatMap(([name, { segments: own }]) =>
    (own === undefined || own === true ? [] : own).flatMap((dimension, index) =>
      known.includes(dimension)
        ? []
        : [
            {
              path: ['metrics', name, 'segments', index],
              message: `one of the dimensions or combinations: ${known.join(', ')}`
            }
          ]
    )
  )
}
