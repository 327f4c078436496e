import Table from 'cli-table3'
import type { Label } from '../../producer/plan.ts'
import type { AnomalyRow } from '../store/types.ts'
import { visible } from '../telemetry/visible-text.ts'
import type { PerCause } from './per-cause.ts'
import { episodesOf, type Score, type ScoredAnomaly, scoreAnomalies } from './score.ts'

export type DemoScore = Score<Label>

/** Compares rows of `realtime.anomalies` with the incidents of the stream. */
export function scoreRows(rows: readonly AnomalyRow[], labels: readonly Label[]): DemoScore {
  return scoreAnomalies(rows.map(scoredOf), labels)
}

function scoredOf(row: AnomalyRow): ScoredAnomaly {
  return {
    kind: row.anomaly_type,
    severity: row.severity,
    windowStart: Date.parse(row.window_start),
    windowEnd: Date.parse(row.window_end)
  }
}

/** Runs of rows of one kind with the most severe of each: an anomaly is found at every close while it lasts. */
export function episodeTable(rows: readonly AnomalyRow[], width: number): string {
  const table = plainTable(['from – to (UTC)', 'kind', 'severity', 'rows', 'most severe anomaly'], width)
  for (const { kind, severity, startMs, endMs } of episodesOf(rows.map(scoredOf))) {
    const within = rows.filter(row => {
      const { kind: own, windowStart, windowEnd } = scoredOf(row)
      return own === kind && windowStart >= startMs && windowEnd <= endMs
    })
    const mostSevere = within.find(row => row.severity === severity)
    const segments = new Set(within.map(row => row.segment))
    segments.delete('all')
    // The long spans behind an incident reach back to before it: it began where the first to be raised begins.
    const [first] = within.map(scoredOf).sort((a, b) => a.windowEnd - b.windowEnd)
    const fromMs = first?.windowStart ?? startMs
    table.push([
      `${day(fromMs)} ${timeOfDay(fromMs)} – ${timeOfDay(endMs)}`,
      [kind, ...[...segments].map(visible)].join('\n'),
      severity,
      within.length,
      visible(mostSevere?.details ?? '')
    ])
  }
  return `${table.toString()}\n`
}

/** The incidents of the stream, and which anomalies found them. */
export function scoreTable({ incidents, falseAlarms }: DemoScore, width: number): string {
  const table = plainTable(
    ['incident', 'from – to (UTC)', 'depth', 'found by', 'after', 'kinds raised'],
    width
  )
  for (const { label, foundBy, delayMs, kinds } of incidents) {
    const { kind, startMs, endMs, depth } = label
    const delay = delayMs === undefined ? '' : delayText(delayMs)
    table.push([
      kind,
      `${timeOfDay(startMs)} – ${timeOfDay(endMs)}`,
      `${Math.round(depth * 100)} %`,
      foundBy ?? 'MISSED',
      delay,
      kinds.join(', ')
    ])
  }
  const alarms = falseAlarms.map(
    ({ kind, severity, startMs, endMs }) =>
      `  ${timeOfDay(startMs)} – ${timeOfDay(endMs)} ${kind}, ${severity}\n`
  )
  return `${table.toString()}\n${alarms.length > 0 ? `False alarms:\n${alarms.join('')}` : ''}`
}

/** What was sent of each incident of the stream. */
export function perCauseTable(causes: readonly PerCause<Label>[], width: number): string {
  const table = plainTable(['incident', 'incidents', 'pages', 'messages', 'likely cause'], width)
  for (const { label, incidents, pages, messages, named } of causes)
    table.push([label.kind, incidents, pages, messages, visible(named ?? '')])
  return `${table.toString()}\n`
}

export function verdictLine({ incidents, falseAlarms }: DemoScore): string {
  const found = incidents.filter(({ foundBy }) => foundBy !== undefined).length
  return `${found} of ${incidents.length} incidents found, ${incidents.length - found} missed, ${falseAlarms.length} false alarms`
}

export function plainTable(head: string[], width: number) {
  const last = Math.max(30, width - 92)
  return new Table({
    head,
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: head.map((_, at) => (at === head.length - 1 ? last : null))
  })
}

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)

export const timeOfDay = (ms: number) => new Date(ms).toISOString().slice(11, 16)

export function delayText(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}
