import { type AuditEvent, type AuditHead, type AuditRow, referenceOf, rowHashOf, whoHashOf } from './row.ts'

interface SealParts {
  readonly chain: string
  readonly pipeline: string
  /** The last row of the chain so far. */
  readonly last: AuditHead | undefined
  /** Last rows of other chains: the first row names them. */
  readonly heads: readonly AuditHead[]
  readonly newSalt: () => string
}

/** The rows that carry a chain on, each with the hash of the one before it. */
export function seal(events: readonly AuditEvent[], parts: SealParts): readonly AuditRow[] {
  const { chain, pipeline, heads, newSalt } = parts
  let { last } = parts
  return events.map((event, index) => {
    const { action, at, actor = '', via = '', origin = '', subject = '', details = {} } = event
    const who = { whoSalt: newSalt(), actor, origin }
    const unsealed = {
      chain,
      seq: last === undefined ? 0 : last.seq + 1,
      ...{ at, pipeline, action, via, subject },
      details: JSON.stringify(details),
      ...who,
      whoHash: whoHashOf(who),
      heads: index === 0 ? heads.map(referenceOf) : [],
      previousAt: last?.at ?? at,
      previous: last?.hash ?? '',
      anonymised: false
    }
    const row = { ...unsealed, hash: rowHashOf(unsealed) }
    last = row
    return row
  })
}
