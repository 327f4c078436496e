import { Command } from '@commander-js/extra-typings'
import { versioned } from '../store/tables/json-version.ts'
import type { AnomalyRow } from '../store/types.ts'
import { type Clock, wallClock } from '../telemetry/clock.ts'
import { visible } from '../telemetry/visible-text.ts'
import { overview } from './overview.ts'
import { kindOption, segmentOption, severityOption } from './patterns.ts'
import { onRows, printRows, sinceOption } from './rows.ts'
import { textTable } from './table.ts'
import { type OpenStore, withStore } from './with-store.ts'

const examples = `
Examples:
  cartwatch anomalies                                the 50 latest
  cartwatch anomalies --since 24h --severity critical
  cartwatch anomalies --since 2026-11-20 --kind revenue_drop --json
  cartwatch anomalies --segment 'category=*' --kind '*_drop'
  cartwatch anomalies --store ./replayed             those of an embedded store`

export function anomaliesCommand(open: OpenStore, clock: Clock = wallClock) {
  const command = new Command('anomalies')
    .description(overview.anomalies.summary)
    .addOption(sinceOption('only those detected', clock))
    .addOption(kindOption('only of these kinds'))
    .addOption(severityOption('only of these severities'))
    .addOption(segmentOption('only of these segments'))
  return onRows(command, 'anomalies', examples).action(options =>
    withStore(open, options, async store => {
      const { json, limit, since: sinceMs, kind, severity, segment } = options
      const rows = await store.anomalies({ limit, sinceMs, like: { kind, severity, segment } })
      printRows(rows, json, versioned, anomaliesText)
    })
  )
}

/** A narrower terminal has no room for segments beside the details: there they lead them. */
const leastWithSegments = 110
const longestSegment = 36

/** A table that fits a terminal of that many columns, 80 or more; its details give way. */
export function anomaliesText(rows: readonly AnomalyRow[], width: number): string {
  if (rows.length === 0) return 'No anomalies.\n'
  const hasSegments = width >= leastWithSegments && rows.some(({ segment }) => segment !== 'all')
  const head = ['detected (UTC)', 'severity', 'kind', ...(hasSegments ? ['segment'] : []), 'details']
  const cells = rows.map(row => [
    row.detected_at.replace('T', ' ').slice(0, 19),
    row.severity,
    row.anomaly_type,
    ...(hasSegments ? [shortened(visible(row.segment))] : []),
    detailsOf(row, !hasSegments)
  ])
  return `${textTable(head, cells, width, 0, false)}\n`
}

/** What happened and, where segments explain it, in which of them. */
function detailsOf(
  { segment, details, explained_by: explainedBy = [] }: AnomalyRow,
  withSegment: boolean
): string {
  const lead = withSegment && segment !== 'all' ? `${segment}: ` : ''
  const where = explainedBy.length > 0 ? ` Where: ${explainedBy.join(', ')}` : ''
  return `${lead}${details}${where}`
}

const shortened = (segment: string): string =>
  segment.length > longestSegment ? `${segment.slice(0, longestSegment - 1)}…` : segment
