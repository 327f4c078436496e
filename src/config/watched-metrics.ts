import { shopMetrics } from '../metrics/catalogue.ts'
import { nearest } from './nearest.ts'

interface Watching {
  readonly metrics: Readonly<Record<string, unknown>>
  readonly detectors: Readonly<
    Record<'metric_change' | 'metric_drift', { readonly metrics: readonly string[] }>
  >
}

interface Mistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Metrics that a kind is to watch and that there are none of: a misspelled one would never be told of. */
export function checkWatched({ metrics, detectors }: Watching): readonly Mistake[] {
  const known = [...shopMetrics.map(({ name }) => name), ...Object.keys(metrics)]
  return (['metric_change', 'metric_drift'] as const).flatMap(kind =>
    detectors[kind].metrics.flatMap((name, index) => {
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
  )
}
