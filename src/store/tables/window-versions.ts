import { z } from 'zod'
import type { WindowMetrics } from '../../metrics/types.ts'
import type { StoredWindow } from '../types.ts'

/** One line a window: how full its rows are, and what they measure. */
export const versionColumns = [
  'toUnixTimestamp64Milli(window_start) AS start_ms',
  'max(records) AS most_records',
  'argMax(complete, records)',
  'groupUniqArray((metric, dimension, records))'
].join(', ')

const versionLine = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.array(z.tuple([z.string(), z.string(), z.number()]))
])

export function versionOfLine(line: string): readonly [number, StoredWindow] {
  const [start, records, complete, measured] = versionLine.parse(JSON.parse(line))
  const ofFullest = measured.filter(([, , version]) => version === records)
  const names = ofFullest.map(([metric, dimension]) => measuredName(metric, dimension))
  return [start, { records, complete: complete === 1, measured: new Set(names) }]
}

/** What a window has rows of, in the words of `StoredWindow`. */
export function measuredIn({ values, segments }: WindowMetrics): ReadonlySet<string> {
  return new Set([
    ...[...values.keys()].map(metric => measuredName(metric, 'all')),
    ...segments.map(({ metric, dimension }) => measuredName(metric, dimension))
  ])
}

const measuredName = (metric: string, dimension: string) => `${metric} by ${dimension}`
