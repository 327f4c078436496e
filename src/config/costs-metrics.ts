import { shopMetrics } from '../metrics/catalogue.ts'
import type { CrossIssue } from './errors.ts'
import { nearest } from './nearest.ts'
import type { Config } from './schema.ts'
import { dimensionNames } from './segments.ts'

/** Metrics that reports about costs read and that have no such rows: they would tell nobody anything, ever. */
export function checkCosts({
  costs,
  metrics,
  segments
}: Pick<Config, 'costs' | 'metrics' | 'segments'>): readonly CrossIssue[] {
  const { idle, summary, resource } = costs
  if (idle === null && summary === null) return []
  const read = idle === null ? (['cost'] as const) : (['cost', 'utilization'] as const)
  const known = [...shopMetrics.map(({ name }) => name), ...Object.keys(metrics)]
  const isCounted = (name: string) => {
    const own = metrics[name]?.segments
    return own === true ? dimensionNames(segments).includes(resource) : own?.includes(resource) === true
  }
  return read.flatMap((key): CrossIssue[] => {
    const name = costs[key]
    if (!known.includes(name)) {
      const near = nearest(name, known)
      const hint = near === undefined ? '' : ` (did you mean ${near}?)`
      return [{ path: ['costs', key], message: `a built-in metric or one of your own${hint}` }]
    }
    if (idle === null || isCounted(name)) return []
    return [{ path: ['costs', 'resource'], message: `a dimension that ${name} has rows of` }]
  })
}
