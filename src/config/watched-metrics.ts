import { type DetectorsOptions, kinds } from '../../detectors/catalogue.ts'
import { shopMetrics } from '../metrics/catalogue.ts'
import { nearest } from './nearest.ts'

interface Watching {
  readonly metrics: Readonly<Record<string, unknown>>
  readonly detectors: DetectorsOptions
}

interface WatchedIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Metrics that a kind should watch and that do not exist: a misspelled one would be watched in vain. */
export function checkWatched({ metrics, detectors }: Watching): readonly WatchedIssue[] {
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
