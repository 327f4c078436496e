import { Command, Option } from 'commander'
import { formatReason } from '../incident/reason.ts'
import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import { viewOfNotification } from '../store/tables/notifications.ts'
import type { Store } from '../store/types.ts'
import { type Clock, wallClock } from '../telemetry/clock.ts'
import { visibleJson } from '../telemetry/visible.ts'
import { findIncident } from './incident-of.ts'
import { shortId } from './incidents.ts'
import { parseLimit, parseSince } from './since.ts'
import { textTable } from './table.ts'
import { shownTime } from './times.ts'
import { type OpenStore, type StoreChoice, withStore } from './with-store.ts'

interface NotificationsOptions extends StoreChoice {
  readonly incident?: string
  readonly receiver?: string
  readonly outcome?: NotificationOutcome
  readonly since?: number
  readonly limit: number
  readonly json?: true
}

const outcomes: readonly NotificationOutcome[] = ['pending', 'sent', 'refused', 'expired', 'off', 'muted']

const examples = `
Notifications that were decided but not sent are listed too. The outcome "muted" means a silence or an inhibiting incident,
"off" means "alerts: off" or no receiver.

Examples:
  cartwatch notifications                          the 50 latest
  cartwatch notifications --incident 3f2a91        those of one incident; cartwatch explain says why
  cartwatch notifications --outcome pending
  cartwatch notifications --receiver slack --since 24h --json`

export function notificationsCommand(open: OpenStore, clock: Clock = wallClock): Command {
  return new Command('notifications')
    .description('list notifications with receiver and outcome, the latest decided first')
    .option('--incident <id>', 'only of this incident: its id, or the first 6 characters or more')
    .option('--receiver <name>', 'only to this receiver')
    .addOption(new Option('--outcome <outcome>', 'only with this outcome').choices(outcomes))
    .option(
      '--since <when>',
      'only those decided since then: a duration such as 24h, or a date such as 2026-11-20',
      text => parseSince(text, clock.now())
    )
    .option('--limit <count>', 'list at most this many', parseLimit, 50)
    .option('--json', 'one JSON object per line, with the columns of realtime.notifications')
    .option('--config <file>', 'the configuration file')
    .option('--store <folder>', 'a folder with an embedded store, instead of the configured store')
    .addHelpText('after', examples)
    .action((options: NotificationsOptions) => withStore(open, options, store => list(store, options)))
}

async function list(
  store: Store,
  { incident, receiver, outcome, since, limit, json }: NotificationsOptions
): Promise<void> {
  const of = incident === undefined ? undefined : await findIncident(store, incident)
  const records = await store.findNotifications({
    limit,
    ...(of && { incidentId: of.id }),
    ...(receiver !== undefined && { receiver }),
    ...(outcome !== undefined && { outcome }),
    ...(since !== undefined && { sinceMs: since })
  })
  process.stdout.write(
    json
      ? records.map(one => `${visibleJson(JSON.stringify(viewOfNotification(one)))}\n`).join('')
      : notificationsText(records, process.stdout.columns ?? 120)
  )
}

/** A narrower terminal has no room for the incident, the tries and the latency. */
const leastWithAll = 130

/** A table for a terminal of that many columns, 80 or more. */
export function notificationsText(records: readonly NotificationRecord[], width: number): string {
  if (records.length === 0) return 'No notifications.\n'
  const isWide = width >= leastWithAll
  const head = [
    'decided (UTC)',
    ...(isWide ? ['incident'] : []),
    'receiver',
    'message',
    'outcome',
    ...(isWide ? ['attempts', 'latency'] : []),
    'answer'
  ]
  const rows = records.map(record => [
    shownTime(record.decidedAt),
    ...(isWide ? [shortId(record.incidentId)] : []),
    record.receiver,
    messageText(record),
    record.outcome,
    ...(isWide ? [String(record.attempts), took(record)] : []),
    answerText(record)
  ])
  return `${textTable(head, rows, width, head.indexOf('message'))}\n`
}

/** `trigger critical revenue_drop of category=shoes (severity_rose)`. */
function messageText({ action, severity, kind, segment, reason }: NotificationRecord): string {
  const what = segment === 'all' ? kind : `${kind} of ${segment}`
  return `${action} ${severity} ${what} (${formatReason(reason)})`
}

/** From the decision to the receiver's yes. */
export const took = ({ latencyMs }: NotificationRecord): string =>
  latencyMs === null ? '' : latencyMs < 10_000 ? `${latencyMs} ms` : `${Math.round(latencyMs / 1_000)} s`

/** What the receiver said, and what it calls the request. */
export const answerText = ({ answer, requestId }: NotificationRecord): string =>
  requestId === null ? answer : `${answer} (request ${requestId})`
