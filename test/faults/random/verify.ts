import { isDeepStrictEqual } from 'node:util'
import type { Inbox } from '../../../src/demo/inbox/inbox.ts'
import type { TestKafka } from '../../support/kafka-client.ts'
import { defaultDimensions, logsOf, storedWindows } from '../../support/pipeline.ts'
import { placementsOf, type RecountOptions, recount } from '../../support/recount.ts'
import type { ShopOptions } from '../../support/window-stream.ts'
import { rates } from './config.ts'
import { acceptedOf, compare, nameOf } from './messages.ts'
import type { Records } from './records.ts'
import type { Totals } from './totals.ts'

export type Rows = <Row>(sql: string) => Promise<Row[]>

export interface Finding {
  readonly what: string
  readonly expected?: unknown
  readonly found?: unknown
}

type Counted<Name extends keyof Totals> = Pick<Totals, Name>

const recountOptions = ({ sizeMs, graceMs }: ShopOptions): RecountOptions => ({
  currency: 'USD',
  rates: new Map(Object.entries(rates)),
  sizeMs,
  graceMs,
  dimensions: defaultDimensions
})

export interface ValuesOptions {
  readonly kafka: TestKafka
  readonly topic: string
  readonly pipeline: string
  readonly rows: Rows
  readonly shop: ShopOptions
  /** Windows from here on are still open. */
  readonly until: number
  readonly note: (finding: Finding) => void
}

/** Every stored value against the recount of the log, and every dead letter against the dead-letter topic. */
export async function verifyValues({
  kafka,
  topic,
  pipeline,
  rows,
  shop,
  until,
  note
}: ValuesOptions): Promise<Counted<'windows' | 'valuesWrong' | 'deadLettersLost'>> {
  const logs = await logsOf(kafka, topic)
  const options = recountOptions(shop)
  const counted = recount(logs, options)
  const stored = await storedWindows(rows, pipeline)
  let valuesWrong = 0
  const starts = [...counted.keys(), ...stored.keys()].filter(start => start < until)
  for (const start of new Set(starts)) {
    const expected = counted.get(start)
    const found = stored.get(start)
    const isEmpty = expected === undefined && found?.['records'] === 0
    if (isEmpty || isDeepStrictEqual(expected, found)) continue
    valuesWrong++
    note({ what: `the window of ${new Date(start).toISOString()}`, expected, found })
  }
  const dead = [...logs].flatMap(([partition, log]) =>
    placementsOf(log, options)
      .filter(({ kind, windowStart }) => kind === 'dead' && windowStart < until)
      .map(({ offset }) => `${partition}/${offset}`)
  )
  const kept = new Set(
    (await kafka.readToEnd(`${topic}.dlq`)).map(
      ({ headers: { partition, offset } }) => `${topic}/${partition}/${offset}`
    )
  )
  const missing = dead.filter(name => !kept.has(name))
  for (const name of missing) note({ what: `the dead letter ${name} is not kept` })
  return { windows: new Set(starts).size, valuesWrong, deadLettersLost: missing.length }
}

/** The anomalies that are stored against those of a run over the same log without faults. */
export async function verifyAnomalies(
  pipeline: string,
  rows: Rows,
  calmDatabase: string,
  note: (finding: Finding) => void
): Promise<Counted<'anomaliesWrong'>> {
  const of = async (database: string) => {
    const found = await rows<{ name: string }>(
      `SELECT concat(anomaly_type, ' ', segment, ' ', severity, ' ', toString(window_start), ' ', toString(window_end), ' ',
         toString(metric_value)) AS name
       FROM ${database}.anomalies
       WHERE pipeline = '${pipeline}' AND anomaly_type NOT IN ('pipeline_stalled', 'store_unavailable')`
    )
    return found.map(({ name }) => name).sort()
  }
  const [expected, found] = [await of(calmDatabase), await of('realtime')]
  const missing = expected.filter(name => !found.includes(name))
  const added = found.filter((name, at) => !expected.includes(name) || found.indexOf(name) !== at)
  for (const name of missing) note({ what: 'an anomaly is missing', expected: name })
  for (const name of added) note({ what: 'an anomaly is not of this log, or there twice', found: name })
  return { anomaliesWrong: missing.length + added.length }
}

export interface NotificationsOptions {
  readonly inbox: Inbox
  readonly calm: Inbox
  readonly records: Records
  /** When the work was last taken over before a moment. */
  readonly takenOverAt: (before: number) => number | undefined
  readonly note: (finding: Finding) => void
}

/** What is read back at a take-over is read within this time of its log line. */
const restoreMs = 5_000

/** Every message that receivers accepted against those of a run over the same log without faults. */
export function verifyNotifications({
  inbox,
  calm,
  records,
  takenOverAt,
  note
}: NotificationsOptions): Counted<
  | 'notifications'
  | 'notificationsLost'
  | 'notificationsUnexpected'
  | 'keysOpenedTwice'
  | 'doubled'
  | 'doubledForNoReason'
> {
  const { lost, unexpected, doubled } = compare(inbox.messages, calm.messages)
  for (const name of lost) note({ what: 'a notification is lost', expected: name })
  for (const name of unexpected) note({ what: 'a notification is unexpected', found: name })
  const slack = doubled.filter(({ type }) => type === 'slack')
  const forNoReason = slack.filter(message => {
    const recordedAt = records.recordedAt(nameOf(message))
    const takenOver = takenOverAt(message.at)
    const first = acceptedOf(inbox.messages).find(one => nameOf(one) === nameOf(message))
    const bySameOwner = takenOver === undefined || (first !== undefined && first.at > takenOver)
    return bySameOwner || (recordedAt !== undefined && recordedAt < takenOver - restoreMs)
  })
  for (const { at, body } of forNoReason)
    note({ what: `a Slack message came twice, at ${new Date(at).toISOString()}`, found: body })
  const twice = inbox.pages().filter(({ opened }) => opened > 1)
  for (const page of twice) note({ what: 'a PagerDuty key was opened twice', found: page })
  return {
    notifications: acceptedOf(inbox.messages).length,
    notificationsLost: lost.length,
    notificationsUnexpected: unexpected.length,
    keysOpenedTwice: twice.length,
    doubled: slack.length - forNoReason.length,
    doubledForNoReason: forNoReason.length
  }
}
