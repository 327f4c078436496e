import { serviceKinds } from '../../../detectors/service-kinds.ts'
import { quoteText } from '../quoting.ts'
import { type Anonymise, anonymisedState, anonymisedTexts } from './state.ts'

/** A row with its columns, as ClickHouse writes it as JSON. */
export type RawRow = Readonly<Record<string, unknown>>

/** What of a table is anonymised. */
export interface AnonymisedTable {
  readonly name: string
  /** What makes two rows versions of one. */
  readonly key: string
  /** Which rows are old enough and need nothing more of what they say; `before` is a time in SQL. */
  readonly where: (before: string, database: string) => string
  /** The columns that change. */
  readonly change: (row: RawRow, anonymise: Anonymise) => RawRow
}

function textOf(row: RawRow, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : ''
}

const stateOf = (row: RawRow, anonymise: Anonymise): string =>
  JSON.stringify(anonymisedState(JSON.parse(textOf(row, 'state')), anonymise))

const openIncidents = (database: string): string =>
  `(SELECT id FROM ${database}.incidents FINAL WHERE status = 'open')`

const saidByServices = serviceKinds.map(({ kind }) => quoteText(kind)).join(', ')

export const anonymisedTables: readonly AnonymisedTable[] = [
  {
    name: 'actions',
    key: '(pipeline, id)',
    // A silence in force is read back with who asked for it and why.
    where: before => `at < ${before} AND ifNull(silence_ends_at, at) < ${before}`,
    change: (row, anonymise) => ({
      by: anonymise(textOf(row, 'by')),
      reason: anonymise(textOf(row, 'reason')),
      state: stateOf(row, anonymise)
    })
  },
  {
    name: 'changes',
    key: '(pipeline, id)',
    where: before => `at < ${before}`,
    change: (row, anonymise) => ({ by: anonymise(textOf(row, 'by')) })
  },
  {
    name: 'incidents',
    key: '(pipeline, id)',
    where: before => `status = 'resolved' AND last_window_end < ${before}`,
    change: (row, anonymise) => ({
      acknowledged_by: row['acknowledged_by'] === null ? null : anonymise(textOf(row, 'acknowledged_by')),
      state: stateOf(row, anonymise)
    })
  },
  {
    name: 'notifications',
    key: '(pipeline, id)',
    where: (before, database) =>
      `updated_at < ${before} AND outcome != 'pending' AND incident_id NOT IN ${openIncidents(database)}`,
    change: (row, anonymise) => ({
      answer: anonymise(textOf(row, 'answer')),
      state: stateOf(row, anonymise)
    })
  },
  {
    name: 'service_alerts',
    key: '(pipeline, id)',
    where: (before, database) => `at < ${before} AND incident_id NOT IN ${openIncidents(database)}`,
    change: (row, anonymise) => ({
      details: anonymise(textOf(row, 'details')),
      state: stateOf(row, anonymise)
    })
  },
  {
    name: 'anomalies_log',
    key: '(pipeline, id)',
    where: before => `detected_at < ${before} AND anomaly_type IN (${saidByServices})`,
    change: (row, anonymise) => ({
      details: anonymise(textOf(row, 'details')),
      evidence: JSON.stringify(anonymisedTexts(JSON.parse(textOf(row, 'evidence')), anonymise))
    })
  },
  {
    name: 'audit',
    key: '(chain, seq, hash)',
    where: before => `at < ${before} AND (actor != '' OR origin != '')`,
    // Without the salt nobody can try names against the hash that the chain covers.
    change: (row, anonymise) => ({
      actor: anonymise(textOf(row, 'actor')),
      origin: anonymise(textOf(row, 'origin')),
      who_salt: ''
    })
  }
]
