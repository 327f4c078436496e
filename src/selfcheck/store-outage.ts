import { storeUnavailable } from '../../detectors/kinds/store-unavailable.ts'
import { isAbove } from '../../detectors/rules/severity.ts'
import type { Severity, Verdict } from '../../detectors/types.ts'
import type { StoredIncident } from '../incident/types.ts'
import { type Phrase, phrase } from '../language/phrase.ts'
import { inEnglish } from '../language/translator.ts'
import type { StoreFault } from '../store/reasons.ts'
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
      const overSaid = [overPhrase(backlog.writtenWindows)]
      return { ...span, findings: [], judged, over: inEnglish(overSaid), overSaid }
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
      said: [
        phrase('store.outage', {
          duration: durationPhrase(lastsMs),
          reason: phrase(`store.reason.${reason}`),
          waiting
        })
      ],
      evidence: { reason, since: new Date(since).toISOString(), waiting }
    })
    return { windowStart: since, windowEnd: now, findings: [finding], judged }
  }
}

/** Of an outage that an earlier run saw, only its end is known. */
const overPhrase = (windows: number): Phrase =>
  windows === 0 ? phrase('store.over') : phrase('store.over_late', { windows })

function durationPhrase(ms: number): Phrase {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return phrase('duration.s', { count: seconds })
  const minutes = Math.round(seconds / 60)
  return minutes < 120
    ? phrase('duration.min', { count: minutes })
    : phrase('duration.h', { count: Math.round(minutes / 60) })
}
