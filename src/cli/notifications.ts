import { Command, Option } from '@commander-js/extra-typings'
import { answerText, shortId, took } from '../explain/words.ts'
import { formatReason } from '../incident/reason.ts'
import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import { viewOfNotification } from '../store/tables/notifications.ts'
import { type Clock, wallClock } from '../telemetry/clock.ts'
import { shownTime } from '../time/shown-time.ts'
import { findIncident } from './incident-of.ts'
import { overview } from './overview.ts'
import { onRows, printRows, sinceOption } from './rows.ts'
import { textTable } from './table.ts'
import { type OpenStore, withStore } from './with-store.ts'

const outcomes: readonly NotificationOutcome[] = ['pending', 'sent', 'refused', 'expired', 'off', 'muted']

const examples = `
Notifications that were decided but not sent are listed too. The outcome "muted" means a silence or an inhibiting incident,
"off" means "alerts: off" or no receiver.

Examples:
  cartwatch notifications                          the 50 latest
  cartwatch notifications --incident 3f2a91        those of one incident; cartwatch explain says why
  cartwatch notifications --outcome pending
  cartwatch notifications --receiver slack --since 24h --json`

export function notificationsCommand(open: OpenStore, clock: Clock = wallClock) {
  const command = new Command('notifications')
    .description(overview.notifications.summary)
    .option('--incident <id>', 'only of this incident: its id, or the first 6 characters or more')
    .option('--receiver <name>', 'only to this receiver')
    .addOption(new Option('--outcome <outcome>', 'only with this outcome').choices(outcomes))
    .addOption(sinceOption('only those decided', clock))
  return onRows(command, 'notifications', examples).action(options =>
    withStore(open, options, async store => {
      const { json, limit, since: sinceMs, incident, receiver, outcome } = options
      const incidentId = incident === undefined ? undefined : (await findIncident(store, incident)).id
      const records = await store.findNotifications({ limit, incidentId, receiver, outcome, sinceMs })
      printRows(records, json, viewOfNotification, notificationsText)
    })
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
