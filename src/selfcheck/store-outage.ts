import { storeUnavailable } from '../../detectors/kinds/store-unavailable.ts'
import { isAbove } from '../../detectors/rules/severity.ts'
import type { Severity, Verdict } from '../../detectors/types.ts'
import type { StoredIncident } from '../incident/types.ts'
import type { StoreFault, StoreReason } from '../store/reasons.ts'
import { type SelfCheckRule, selfFinding, severityAfter } from './self-finding.ts'

export interface OutageRule extends SelfCheckRule {
  /** For how long nothing could be stored before an incident is opened. */
  readonly afterMs: number
}

/** What waited while nothing could be stored, once the store accepts rows again. */
export interface Backlog {
  /** Some of it is still to be written. */
  readonly isDraining: boolean
  readonly writtenWindows: number
}

/** The store at one moment. */
export interface StoreState {
  readonly now: number
  /** Why decisions cannot be stored; undefined while they can. */
  readonly fault: StoreFault | undefined
  /** Closed windows that wait. */
  readonly waiting: number
  readonly backlog: Backlog
  /** Nothing is judged because the past cannot be read: that is a stall of the pipeline, which notifies instead. */
  readonly isBlind: boolean
}

export type OutageVerdicts = (
  state: StoreState,
  open: Pick<StoredIncident, 'severity' | 'openedAt'> | undefined
) => Verdict | undefined

const judged = [storeUnavailable.kind]

/** Turns the state of the store into verdicts: one when the outage reaches a severity, and one when it is over. */
export function createOutageVerdicts(
  rule: OutageRule,
  isSuppressed: (fromMs: number, toMs: number) => boolean = () => false
): OutageVerdicts {
  let lastFound: { readonly since: number; readonly severity: Severity } | undefined

  return function verdictOf({ now, fault, waiting, backlog, isBlind }, open) {
    if (!rule.enabled) return undefined
    if (fault === undefined) {
      if (open === undefined || backlog.isDraining) return undefined
      const span = { windowStart: Math.min(open.openedAt, now - 1), windowEnd: now }
      return { ...span, findings: [], judged, over: overText(backlog.writtenWindows) }
    }
    const { since, reason } = fault
    const lastsMs = now - since
    if (lastsMs < rule.afterMs || (isBlind && open === undefined) || isSuppressed(since, now))
      return undefined
    const severity = severityAfter(rule, lastsMs)
    const isKnown = lastFound?.since === since && lastFound.severity === severity
    if (isKnown || (open !== undefined && !isAbove(severity, open.severity))) return undefined
    lastFound = { since, severity }
    const finding = selfFinding(storeUnavailable, {
      severity,
      windowStart: since,
      windowEnd: now,
      value: waiting,
      details: `Nothing could be stored for ${durationText(lastsMs)}: ${reasonTexts[reason]} ${countText(waiting)} in memory; alerts continue, and Kafka keeps what is not stored.`,
      evidence: { reason, since: new Date(since).toISOString(), waiting }
    })
    return { windowStart: since, windowEnd: now, findings: [finding], judged }
  }
}

/** What is wrong, and what to do. */
const reasonTexts: Readonly<Record<StoreReason, string>> = {
  unreachable: 'ClickHouse cannot be reached. Start it, or check store.url and the network.',
  timeout: 'ClickHouse does not answer in time. Check whether it hangs, or what keeps it busy.',
  refused: 'ClickHouse refuses the user. Correct the user, the password or the rights.',
  read_only: 'ClickHouse allows only reads. Check the user, its profile, or the replica.',
  out_of_disk: 'ClickHouse has no disk space left. Make room, or shorten store.retention.',
  out_of_memory: 'ClickHouse has reached its memory limit. Raise it, or check what else it runs.',
  overloaded: 'ClickHouse has too much to do. Check who inserts or queries so much.',
  tables_missing: 'Tables are missing and cannot be created. Check the rights of the user.',
  newer_schema: 'A newer cartwatch has migrated the database. Run that version.',
  folder: 'The folder of the embedded engine cannot be used. Check which process uses it, and the disk.',
  query: 'ClickHouse refuses the insert. The log and /readyz have its error.',
  unknown: 'An error in cartwatch. The log has its text.'
}

/** Of an outage that an earlier run saw, only its end is known. */
function overText(windows: number): string {
  if (windows === 0) return 'The store accepts rows again.'
  const written = `${windows.toLocaleString('en')} ${windows === 1 ? 'window was' : 'windows were'} written late`
  return `The store accepts rows again: ${written}, none is missing.`
}

const countText = (windows: number) =>
  `${windows.toLocaleString('en')} ${windows === 1 ? 'window waits' : 'windows wait'}`

function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
