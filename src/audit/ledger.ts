import { randomBytes } from 'node:crypto'
import type { AuditEvent, AuditHead, AuditRow } from './row.ts'
import { seal } from './seal.ts'

interface AuditStore {
  insertAudit(rows: readonly AuditRow[]): Promise<void>
  /** Last rows of chains that no row names yet, the oldest first. */
  auditTips(limit: number): Promise<readonly AuditHead[]>
}

export interface LedgerOptions {
  /** Who writes, such as a host and process. The chain gets a name of its own. */
  readonly writer: string
  readonly pipeline: string
  readonly store: AuditStore
  readonly now: () => number
  /** Events that are kept while the store is away; those beyond are lost, and a row counts them. */
  readonly most?: number
}

/** The audit log of one writer. */
export interface Ledger {
  record(event: Omit<AuditEvent, 'at'> & { readonly at?: number }): void
  /** Stores what waits; rejects with the store's error, and what waits stays. */
  flush(): Promise<void>
  /** Adds a row that names the last rows of other chains, where there are any that no row names. */
  anchor(): Promise<void>
  /** How many events wait to be stored. */
  waiting(): number
}

const mostWaiting = 10_000
const rowsAtOnce = 500
/** Named in one row; the next names further ones. */
const mostHeads = 100

export function createLedger({ writer, pipeline, store, now, most = mostWaiting }: LedgerOptions): Ledger {
  // Two writers never have one chain, also after a restart.
  const chain = `${writer}/${randomBytes(6).toString('hex')}`
  const newSalt = () => randomBytes(16).toString('hex')
  let last: AuditHead | undefined
  let events: AuditEvent[] = []
  let lost = 0
  // What was sealed keeps its hash: the store may have taken it although its answer was lost.
  let sealed: readonly AuditRow[] = []
  let flushing: Promise<void> = Promise.resolve()

  const tipsOfOthers = async () => (await store.auditTips(mostHeads)).filter(tip => tip.chain !== chain)

  function record(event: Omit<AuditEvent, 'at'> & { readonly at?: number }): void {
    if (events.length >= most) lost += 1
    else events.push({ at: now(), ...event })
  }

  async function sealNext(): Promise<void> {
    const heads = await tipsOfOthers()
    const taken = events.slice(0, rowsAtOnce)
    sealed = seal(taken, { chain, pipeline, last, heads, newSalt })
    last = sealed.at(-1)
    events = events.slice(taken.length)
    if (lost > 0) {
      events.push({ action: 'rows_lost', at: now(), details: { rows: lost } })
      lost = 0
    }
  }

  async function writeAll(): Promise<void> {
    while (sealed.length > 0 || events.length > 0) {
      if (sealed.length === 0) await sealNext()
      await store.insertAudit(sealed)
      sealed = []
    }
  }

  function flush(): Promise<void> {
    const done = flushing.then(writeAll)
    flushing = done.catch(() => {})
    return done
  }

  return {
    record,
    flush,
    async anchor() {
      if ((await tipsOfOthers()).length > 0) record({ action: 'anchored' })
      await flush()
    },
    waiting: () => events.length + sealed.length
  }
}
