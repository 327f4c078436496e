import { type AuditHead, type AuditRow, readReference, rowHashOf, whoHashOf } from './row.ts'

/** What differs from what was written. */
export interface AuditBreak {
  readonly kind: 'changed' | 'missing' | 'inserted' | 'forked'
  readonly chain: string
  readonly seq: number
  /** Of the row; of a missing one as another row names it. */
  readonly at: number | undefined
  readonly what: string
}

export interface AuditVerdict {
  readonly rows: number
  readonly chains: number
  /** Rows whose names were replaced: what stood there is not known any more. */
  readonly anonymised: number
  /** The first in time comes first. */
  readonly breaks: readonly AuditBreak[]
  /** Last rows of chains that no row names: nothing in the table shows if they are gone. */
  readonly heads: readonly AuditHead[]
}

export interface AuditCheckOptions {
  /** Last rows of chains as other chains name them, read before the rows: writers go on meanwhile. */
  readonly references: readonly string[]
  /** Rows of before then may have been removed by the retention. */
  readonly keptFromMs: number
  /** Hashes that were written down elsewhere. */
  readonly keptHeads?: readonly string[]
}

type BreakAt = (kind: AuditBreak['kind'], at: Omit<AuditHead, 'hash'>, what: string) => void

/** Checks rows that come in the order of their chains and places. */
export function createAuditCheck({ references, keptFromMs, keptHeads = [] }: AuditCheckOptions) {
  const breaks: AuditBreak[] = []
  const breakAt: BreakAt = (kind, { chain, seq, at }, what) =>
    void breaks.push({ kind, chain, seq, at, what })
  const places = createPlaceCheck(keptFromMs, breakAt)
  const heads = references.flatMap(text => readReference(text) ?? [])
  // Of all rows only those that somebody names: a log of years fits into memory.
  const wanted = new Set([...heads.map(({ hash }) => hash), ...keptHeads])
  const found = new Set<string>()
  const named = new Set<string>()
  let rows = 0
  let anonymised = 0

  function checkNamed(): void {
    for (const head of heads) {
      if (found.has(head.hash) || head.at < keptFromMs) continue
      const lastSeq = places.lastSeqs.get(head.chain)
      const isThere = lastSeq !== undefined && head.seq <= lastSeq
      if (isThere && breaks.some(({ chain, seq }) => chain === head.chain && seq === head.seq)) continue
      const why = lastSeq === undefined ? 'its whole chain is gone' : `its chain ends at row ${lastSeq}`
      if (isThere) breakAt('changed', head, 'it is not the row that another chain names')
      else breakAt('missing', head, `another chain names it, and ${why}`)
    }
  }

  return {
    take(row: AuditRow): void {
      checkContent(row, breakAt)
      if (wanted.has(row.hash)) found.add(row.hash)
      for (const reference of row.heads) named.add(readReference(reference)?.hash ?? '')
      // Written twice, it is one row.
      if (!places.take(row)) return
      rows += 1
      if (row.anonymised) anonymised += 1
    },
    end(): AuditVerdict {
      const tips = places.end()
      checkNamed()
      for (const hash of keptHeads)
        if (!found.has(hash))
          breaks.push({
            kind: 'missing',
            chain: '',
            seq: 0,
            at: undefined,
            what: `no row has the hash ${hash}`
          })
      return {
        rows,
        chains: places.lastSeqs.size,
        anonymised,
        breaks: breaks.toSorted((one, other) => (one.at ?? Infinity) - (other.at ?? Infinity)),
        heads: tips.filter(({ hash }) => !named.has(hash))
      }
    }
  }
}

function checkContent(row: AuditRow, breakAt: BreakAt): void {
  if (rowHashOf(row) !== row.hash) breakAt('changed', row, 'its content does not give its hash')
  else if (row.anonymised ? !isAnonymised(row) : whoHashOf(row) !== row.whoHash)
    breakAt('changed', row, 'its actor or origin is not the one that was written')
}

/** Whether each row goes on from the one before it. */
function createPlaceCheck(keptFromMs: number, breakAt: BreakAt) {
  const lastSeqs = new Map<string, number>()
  const tips: AuditHead[] = []
  /** Different rows of one place, and those of the place before it. */
  let group: AuditRow[] = []
  let before: readonly AuditRow[] = []

  function checkPlace(next: readonly AuditRow[], first: AuditRow): void {
    const last = before[0]
    const expected = last?.chain === first.chain ? last.seq + 1 : 0
    if (first.seq > expected) {
      reportFork(before, breakAt)
      if (first.previousAt >= keptFromMs) reportGap(first, expected, breakAt)
      return
    }
    if (last === undefined) {
      if (first.previous !== '')
        breakAt('changed', first, 'it is the first of its chain and names one before it')
      return
    }
    for (const row of next)
      if (!before.some(({ hash, at }) => hash === row.previous && at === row.previousAt))
        breakAt('changed', last, `it is not the row that row ${row.seq} names`)
    resolveFork(before, next, breakAt)
  }

  function endGroup(): void {
    const [first] = group
    if (first === undefined) return
    if (before[0]?.chain !== first.chain) endChain()
    checkPlace(group, first)
    before = group
    group = []
  }

  function endChain(): void {
    reportFork(before, breakAt)
    tips.push(...before)
    const [last] = before
    if (last) lastSeqs.set(last.chain, last.seq)
    before = []
  }

  return {
    /** The last place of each chain. */
    lastSeqs,
    /** False where the same row came before. */
    take(row: AuditRow): boolean {
      const [held] = group
      if (held && (held.chain !== row.chain || held.seq !== row.seq)) endGroup()
      if (group.some(({ hash }) => hash === row.hash)) return false
      group.push(row)
      return true
    },
    /** The last rows of the chains. */
    end(): readonly AuditHead[] {
      endGroup()
      endChain()
      return tips
    }
  }
}

function reportGap({ chain, seq, previousAt }: AuditRow, expected: number, breakAt: BreakAt): void {
  const which = seq - expected === 1 ? `row ${expected} is gone` : `rows ${expected} to ${seq - 1} are gone`
  breakAt('missing', { chain, seq: seq - 1, at: previousAt }, which)
}

/** Of several rows at one place, those that the next one does not name were put in. */
function resolveFork(rows: readonly AuditRow[], next: readonly AuditRow[], breakAt: BreakAt): void {
  const unnamed = rows.filter(row => !next.some(({ previous }) => previous === row.hash))
  if (rows.length - unnamed.length !== 1) reportFork(rows, breakAt)
  else
    for (const row of unnamed) breakAt('inserted', row, `row ${row.seq + 1} names another one at its place`)
}

function reportFork(rows: readonly AuditRow[], breakAt: BreakAt): void {
  const [row] = rows
  if (rows.length > 1 && row) breakAt('forked', row, `${rows.length} different rows have its place`)
}

/** Names that were replaced have no salt, and cannot be checked. */
const isAnonymised = ({ whoSalt, actor, origin }: AuditRow): boolean =>
  whoSalt === '' && [actor, origin].every(text => text === '' || text.startsWith('anon:'))
