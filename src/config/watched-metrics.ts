import { type DetectorsOptions, kinds } from '../../detectors/catalogue.ts'
import { shopMetrics } from '../metrics/catalogue.ts'
import { nearest } from './nearest.ts'

interface Watching {
  readonly metrics: Readonly<Record<string, unknown>>
  readonly detectors: DetectorsOptions
}

interface Mistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Metrics that a kind is to watch and that do not exist: a misspelled one would never be found. */
export function checkWatched({ metrics, detectors }: Watching): readonly Mistake[] {
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
          message: `a metric of cartwatch or one of your own${hint}`
        }
      ]
    })
  })
}
