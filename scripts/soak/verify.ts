import { isDeepStrictEqual } from 'node:util'
import type { Inbox, InboxMessage } from '../../src/demo/inbox/inbox.ts'
import { clientOf } from '../../test/support/kafka-client.ts'
import { readToEnd, type StoredRecord } from '../../test/support/kafka-read.ts'
import { storedWindows } from '../../test/support/pipeline.ts'
import { type LogRecord, type RecountOptions, recount } from '../../test/support/recount.ts'

export type Rows = <Row>(sql: string) => Promise<Row[]>

export interface ValuesVerdict {
  readonly records: number
  readonly windows: number
  readonly values: number
  /** A line for each window that is not what the recount says. */
  readonly wrong: readonly string[]
  /** The records whose event time lies in those windows, as the recount read them. */
  readonly evidence: readonly StoredRecord[]
}

export interface ValuesOptions {
  readonly bootstrap: string
  readonly topic: string
  readonly ends: ReadonlyMap<number, number>
  readonly rows: Rows
  readonly pipeline: string
  readonly recountOptions: RecountOptions
  /** Windows from here on are still open. */
  readonly untilMs: number
}

const readMs = 600_000

/** Every stored value against a recount of the whole topic. */
export async function verifyValues(options: ValuesOptions): Promise<ValuesVerdict> {
  const { bootstrap, topic, ends, rows, pipeline, recountOptions, untilMs } = options
  const records = await readToEnd(clientOf(bootstrap), `recount-${topic}`, topic, ends, readMs)
  const written = [...ends.values()].reduce((sum, end) => sum + end, 0)
  if (records.length !== written)
    throw new Error(`the recount read ${records.length} records of the ${written} in the topic`)
  const logs = new Map<string, LogRecord[]>()
  for (const { partition, offset, timestamp, value } of records) {
    const log = logs.get(`${partition}`)
    const record = { offset, recordTime: timestamp, value }
    if (log === undefined) logs.set(`${partition}`, [record])
    else log.push(record)
  }
  const counted = recount(logs, recountOptions)
  const stored = await storedWindows(rows, pipeline)
  const wrong: string[] = []
  const wrongStarts = new Set<number>()
  let values = 0
  const starts = new Set([...counted.keys(), ...stored.keys()].filter(start => start < untilMs))
  for (const start of starts) {
    const expected = counted.get(start)
    const found = stored.get(start)
    values += Object.keys(expected ?? {}).length
    if (isDeepStrictEqual(expected, found) || (expected === undefined && found?.['records'] === 0)) continue
    wrongStarts.add(start)
    const names = Object.keys({ ...expected, ...found }).filter(name => expected?.[name] !== found?.[name])
    const told = names.slice(0, 5).map(name => `${name} is ${found?.[name]}, not ${expected?.[name]}`)
    wrong.push(`${new Date(start).toISOString()}: ${told.join(', ')}`)
  }
  const evidence = records.filter(({ value }) => wrongStarts.has(windowStartOf(value, recountOptions.sizeMs)))
  return { records: records.length, windows: starts.size, values, wrong, evidence }
}

function windowStartOf(value: string | null, sizeMs: number): number {
  const time = /"event_time":"([^"]+)"/.exec(value ?? '')?.[1]
  return Math.floor(Date.parse(time ?? '') / sizeMs) * sizeMs
}

export interface NotificationsVerdict {
  readonly decided: number
  readonly lost: readonly string[]
  readonly pagesOpenedTwice: number
  readonly slackDoubled: number
}

interface NotificationRow {
  readonly id: string
  readonly receiver: string
  readonly action: string
  readonly incident_id: string
  readonly dedup_key: string | null
  readonly outcome: string
  readonly answer: string
}

/** Every decided notification against what the receivers took. */
export async function verifyNotifications(
  inbox: Inbox,
  rows: Rows,
  pipeline: string
): Promise<NotificationsVerdict> {
  const decided = await rows<NotificationRow>(
    `SELECT id, receiver, action, incident_id, dedup_key, outcome, answer FROM realtime.notifications FINAL
     WHERE pipeline = '${pipeline}'`
  )
  const taken = countBy(inbox.messages.filter(({ accepted }) => accepted).map(nameOfMessage))
  const sent = countBy(decided.filter(({ outcome }) => outcome === 'sent').flatMap(nameOfRow))
  const unsent = decided
    .filter(({ outcome }) => outcome !== 'sent')
    .map(row => `${row.receiver} ${row.action} of ${row.incident_id}: ${row.outcome}, ${row.answer}`)
  const missing = [...sent]
    .filter(([name, count]) => (taken.get(name) ?? 0) < count)
    .map(([name, count]) => `${name}: sent ${count} times by the record, taken ${taken.get(name) ?? 0} times`)
  const doubled = [...taken]
    .filter(([name]) => name.startsWith('slack'))
    .reduce((sum, [name, count]) => sum + Math.max(0, count - (sent.get(name) ?? 0)), 0)
  return {
    decided: decided.length,
    lost: [...unsent, ...missing],
    pagesOpenedTwice: inbox.pages().filter(({ opened }) => opened > 1).length,
    slackDoubled: doubled
  }
}

/** Nothing is sent to PagerDuty of an end of what was never opened there. */
function nameOfRow({ id, receiver, action, incident_id, dedup_key }: NotificationRow): string[] {
  if (receiver === 'slack') return [`slack ${action} ${incident_id}`]
  if (action === 'resolve') return dedup_key === null ? [] : [`pagerduty resolve ${dedup_key}`]
  return [`pagerduty trigger ${dedup_key ?? `cartwatch-${id}`}`]
}

/** The same name for the message as for its row, from what stands in it. */
function nameOfMessage({ to, body }: InboxMessage): string {
  if (to === 'pagerduty') {
    const { event_action, dedup_key } = body as Readonly<Record<string, string>>
    return `pagerduty ${event_action} ${dedup_key}`
  }
  const text = JSON.stringify(body)
  const action = text.includes('✅ Resolved')
    ? 'resolve'
    : text.includes('Caught up: ')
      ? 'summary'
      : 'trigger'
  return `${to} ${action} ${/incident ([0-9a-f-]{36})/.exec(text)?.[1]}`
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
