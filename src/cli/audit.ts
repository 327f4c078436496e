import { Command } from '@commander-js/extra-typings'
import type { AuditRow } from '../audit/row.ts'
import { type AuditVerdict, createAuditCheck } from '../audit/verify.ts'
import { viewOfAudit } from '../store/tables/audit.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { shownTime } from '../time/shown-time.ts'
import { counted } from '../time/texts.ts'
import { dayMs } from '../time/units.ts'
import { overview } from './overview.ts'
import { onRows, printRows, sinceOption } from './rows.ts'
import { textTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { type OpenStore, onStore, type StoreChoice, withStore } from './with-store.ts'

export interface AuditDeps extends Omit<Terminal, 'columns'> {
  readonly open: OpenStore
  /** How many days the store keeps rows of the audit log. */
  readonly keptDays: (options: StoreChoice) => number
  readonly clock: Clock
}

const examples = `
Examples:
  cartwatch audit                             the 50 latest rows
  cartwatch audit --since 30d --json
  cartwatch audit verify                      check that nothing was changed or removed`

const verifyExamples = `
Examples:
  cartwatch audit verify
  cartwatch audit verify --head 5d1f…         and that a row is still there whose hash was written down earlier

Prints the first row that differs: changed, missing, inserted or forked. It also prints the hashes of the last rows; write them
down elsewhere, because rows that are removed from an end are missed by nobody else. docs/audit.md says what this proves.

Exit code: 0 if every row is as it was written, 1 if one is not or the store cannot be read.`

export function auditCommand(deps: AuditDeps) {
  const command = new Command('audit')
    .description(overview.audit.summary)
    .addOption(sinceOption('only what was done', deps.clock))
  return onRows(command, 'audit', examples)
    .action(options =>
      withStore(deps.open, options, async store => {
        const { json, limit, since: sinceMs } = options
        printRows(await store.auditRows({ sinceMs, limit }), json, viewOfAudit, auditText)
      })
    )
    .addCommand(verifyCommand(deps))
}

function verifyCommand({ open, keptDays, clock, print, complain, setExitCode }: AuditDeps) {
  const command = new Command('verify')
    .description('check that no row of the audit log was changed, removed or put in')
    .option('--head <hash...>', 'a hash that an earlier run printed')
  return onStore(command, verifyExamples).action(options =>
    withStore(open, options, async store => {
      // A day more for clocks that differ.
      const keptFromMs = clock.now() - (keptDays(options) - 1) * dayMs
      const { head: keptHeads = [] } = options
      const references = await store.auditReferences()
      const verdict = await verifyStored(store, createAuditCheck({ references, keptFromMs, keptHeads }))
      for (const line of headLines(verdict)) print(line)
      if (verdict.breaks.length === 0) print(`OK: ${countsText(verdict)}, all as they were written`)
      else {
        for (const line of breakLines(verdict)) complain(line)
        setExitCode(1)
      }
    })
  )
}

const rowsAtOnce = 10_000

async function verifyStored(
  store: Pick<Store, 'auditPage'>,
  check: ReturnType<typeof createAuditCheck>
): Promise<AuditVerdict> {
  let last: AuditRow | undefined
  for (;;) {
    const page = await store.auditPage(last, rowsAtOnce)
    for (const row of page) check.take(row)
    last = page.at(-1)
    if (last === undefined) return check.end()
  }
}

const headLines = ({ heads }: AuditVerdict): readonly string[] =>
  heads.map(({ hash, chain, seq, at }) => `head ${hash}  row ${seq} of ${chain}, ${shownTime(at)} UTC`)

const mostBreaks = 20

function breakLines({ breaks, ...counts }: AuditVerdict): readonly string[] {
  const lines = breaks.slice(0, mostBreaks).map(({ kind, chain, seq, at, what }) => {
    const row =
      chain === '' ? '' : ` row ${seq} of ${chain}${at === undefined ? '' : `, ${shownTime(at)} UTC`}`
    return `${kind}:${row}${row && ':'} ${what}`
  })
  const more = breaks.length - lines.length
  return [...lines, ...(more > 0 ? [`and ${more} more`] : []), `Not as it was written: ${countsText(counts)}`]
}

function countsText({ rows, chains, anonymised }: Omit<AuditVerdict, 'breaks'>): string {
  const names = anonymised > 0 ? `, of which ${anonymised} without names` : ''
  return `${counted(rows, 'row')} of ${counted(chains, 'chain')}${names}`
}

/** A table for a terminal of that many columns, 80 or more. */
function auditText(rows: readonly AuditRow[], width: number): string {
  if (rows.length === 0) return 'Nothing in the audit log.\n'
  const cells = rows.map(row => [shownTime(row.at), row.action, whoText(row), whatText(row)])
  return `${textTable(['at (UTC)', 'what', 'who', 'details'], cells, width, 2)}\n`
}

const whoText = ({ actor, via, origin, chain }: AuditRow): string =>
  [actor || chain, ...(via ? [`via ${via}`] : []), ...(origin ? [`from ${origin}`] : [])].join(' ')

const whatText = ({ subject, details }: AuditRow): string =>
  [subject, details === '{}' ? '' : details].filter(text => text !== '').join(' ')
