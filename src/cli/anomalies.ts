import { Command, Option } from 'commander'
import { kinds } from '../../detectors/catalogue.ts'
import { severities } from '../../detectors/types.ts'
import type { AnomalyRow } from '../store/types.ts'
import { type Clock, wallClock } from '../telemetry/clock.ts'
import { visible, visibleJson } from '../telemetry/visible.ts'
import { parseLimit, parseSince } from './since.ts'
import { textTable } from './table.ts'
import { type OpenStore, type StoreChoice, withStore } from './with-store.ts'

interface AnomaliesOptions extends StoreChoice {
  readonly since?: number
  readonly kind?: string
  readonly severity?: string
  readonly limit: number
  readonly json?: true
}

const examples = `
Examples:
  cartwatch anomalies                                the 50 latest
  cartwatch anomalies --since 24h --severity critical
  cartwatch anomalies --since 2026-11-20 --kind revenue_drop --json
  cartwatch anomalies --store ./replayed             those of an embedded store`

export function anomaliesCommand(open: OpenStore, clock: Clock = wallClock): Command {
  return new Command('anomalies')
    .description('list anomalies, the latest first')
    .option(
      '--since <when>',
      'only those detected since then: a duration such as 24h, or a date such as 2026-11-20',
      text => parseSince(text, clock.now())
    )
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(kinds.map(({ kind }) => kind)))
    .addOption(new Option('--severity <severity>', 'only of this severity').choices(severities))
    .option('--limit <count>', 'list at most this many', parseLimit, 50)
    .option('--json', 'one JSON object per line, with the columns of realtime.anomalies')
    .option('--config <file>', 'the configuration file')
    .option('--store <folder>', 'a folder with an embedded store, instead of the configured store')
    .addHelpText('after', examples)
    .action((options: AnomaliesOptions) => withStore(open, options, store => list(store, options)))
}

async function list(
  store: Awaited<ReturnType<OpenStore>>,
  { since, kind, severity, limit, json }: AnomaliesOptions
): Promise<void> {
  const rows = await store.anomalies({
    limit,
    ...(since === undefined ? {} : { sinceMs: since }),
    ...(kind === undefined ? {} : { kind }),
    ...(severity === undefined ? {} : { severity })
  })
  const width = process.stdout.columns ?? 120
  process.stdout.write(
    json ? rows.map(row => `${visibleJson(JSON.stringify(row))}\n`).join('') : anomaliesText(rows, width)
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
