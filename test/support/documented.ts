import { readFileSync } from 'node:fs'
import type { Kind } from '../../detectors/kind.ts'
import { isSegmentedBy } from '../../src/metrics/create.ts'
import { fieldDimension } from '../../src/metrics/fields.ts'
import { scaleOf } from '../../src/metrics/scale.ts'
import type { MetricDefinition } from '../../src/metrics/types.ts'

export const docs = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

const row = (...cells: readonly string[]) => `|${cells.map(cell => (cell ? ` ${cell} ` : ' ')).join('|')}|`

/** The row of docs/detectors.md that says what is known of a kind. */
export const kindRow = ({
  kind,
  about,
  area,
  symptomOf,
  summary,
  checkFirst
}: Omit<Kind, 'options' | 'create'>) =>
  row(`\`${kind}\``, summary, about, `slack-${area}`, symptomOf ? 'yes' : '', checkFirst)

/** The row of docs/metrics.md that says what a metric is. */
export function metricRow(metric: MetricDefinition): string {
  const { unit, additive } = scaleOf(metric)
  const bad = metric.bad === 'either' ? '' : metric.bad
  return row(`\`${metric.name}\``, unit, additive ? 'yes' : '', bad, segmentsOf(metric), metric.description)
}

function segmentsOf(metric: MetricDefinition): string {
  if (metric.kind === 'segment_share') return metric.dimension
  if (metric.kind === 'field_share') return fieldDimension
  if (metric.kind === 'ratio' && metric.fault !== undefined) return 'event_type'
  return isSegmentedBy(metric, 'category') ? 'all' : ''
}

/** The rows of the table with this heading, in their order. */
export function rowsUnder(text: string, heading: string): readonly string[] {
  const lines = text.split('\n')
  const first = lines.findIndex(line => line.startsWith(heading)) + 2
  const end = lines.findIndex((line, at) => at >= first && !line.startsWith('|'))
  return first < 2 ? [] : lines.slice(first, end)
}
