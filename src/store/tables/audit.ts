import { z } from 'zod'
import type { AuditHead, AuditRow } from '../../audit/row.ts'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import { versioned } from './json-version.ts'
import { dateTime, type Table, viewOf } from './table.ts'

const columns = {
  chain: ({ chain }) => chain,
  seq: ({ seq }) => seq,
  at: ({ at }) => dateTime(at),
  pipeline: ({ pipeline }) => pipeline,
  action: ({ action }) => action,
  actor: ({ actor }) => actor,
  via: ({ via }) => via,
  origin: ({ origin }) => origin,
  subject: ({ subject }) => subject,
  details: ({ details }) => details,
  who_salt: ({ whoSalt }) => whoSalt,
  who_hash: ({ whoHash }) => whoHash,
  heads: ({ heads }) => heads,
  previous_at: ({ previousAt }) => dateTime(previousAt),
  previous: ({ previous }) => previous,
  hash: ({ hash }) => hash,
  anonymised: ({ anonymised }) => (anonymised ? 1 : 0)
} satisfies Table<AuditRow>['columns']

const auditTable = { name: 'audit', columns }

/** The columns of `realtime.audit`. */
export const viewOfAudit = (row: AuditRow) => versioned(viewOf(auditTable, row))

const selected = `chain, seq, toUnixTimestamp64Milli(at), pipeline, action, actor, via, origin, subject, details,
  who_salt, who_hash, heads, toUnixTimestamp64Milli(previous_at), previous, hash, anonymised`

const rowLine = z.tuple([
  ...[z.string(), z.number(), z.number(), z.string(), z.string(), z.string(), z.string(), z.string()],
  ...[z.string(), z.string(), z.string(), z.string(), z.array(z.string()), z.number()],
  ...[z.string(), z.string(), z.number()]
] as const)

function readRow(line: string): AuditRow {
  const cells = rowLine.parse(JSON.parse(line))
  const [chain, seq, at, pipeline, action, actor, via, origin, subject, details, ...rest] = cells
  const [whoSalt, whoHash, heads, previousAt, previous, hash, anonymised] = rest
  return {
    ...{ chain, seq, at, pipeline, action, actor, via, origin, subject, details },
    ...{ whoSalt, whoHash, heads, previousAt, previous, hash, anonymised: anonymised === 1 }
  }
}

const referenceLine = z.tuple([z.string()])
const headLine = z.tuple([z.string(), z.number(), z.number(), z.string()])

function readHead(line: string): AuditHead {
  const [chain, seq, at, hash] = headLine.parse(JSON.parse(line))
  return { chain, seq, at, hash }
}

type AuditCalls = Pick<Store, 'insertAudit' | 'auditTips' | 'auditRows' | 'auditReferences' | 'auditPage'>

export const auditCalls = ({ database, write, select }: Requests): AuditCalls => ({
  // Every writer has its own chain, at work or not.
  insertAudit: rows => write(auditTable, rows),

  auditTips: limit =>
    select(
      `SELECT chain, seq, toUnixTimestamp64Milli(at), hash FROM ${database}.audit FINAL
        WHERE (chain, seq) IN (SELECT chain, max(seq) FROM ${database}.audit GROUP BY chain)
          AND hash NOT IN (SELECT splitByChar(' ', arrayJoin(heads))[1] FROM ${database}.audit)
        ORDER BY at, chain LIMIT {limit:UInt64}`,
      { limit },
      readHead
    ),

  auditRows: ({ sinceMs, limit }) =>
    select(
      `SELECT ${selected} FROM ${database}.audit FINAL
        WHERE at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
        ORDER BY at DESC, chain, seq DESC LIMIT {limit:UInt64}`,
      { since: timeParam(sinceMs ?? 0), limit },
      readRow
    ),

  auditReferences: () =>
    select(
      `SELECT DISTINCT arrayJoin(heads) FROM ${database}.audit`,
      {},
      line => referenceLine.parse(JSON.parse(line))[0]
    ),

  // Without FINAL: what was put beside a row must be seen.
  auditPage: (after, limit) =>
    select(
      `SELECT ${selected} FROM ${database}.audit WHERE (chain, seq) > ({chain:String}, {seq:UInt64})
        ORDER BY chain, seq LIMIT {limit:UInt64} WITH TIES`,
      { chain: after?.chain ?? '', seq: after?.seq ?? 0, limit },
      readRow
    )
})
