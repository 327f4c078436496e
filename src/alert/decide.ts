import type { Anomaly, Verdict } from '../detect/types.ts'
import { createBacklog } from './backlog.ts'
import { channelDue } from './due.ts'
import { type History, readHistory } from './history.ts'
import { dedupKeyOf } from './identity.ts'
import { observe } from './incident.ts'
import { type Notice, noticeOf, pageReason, type Told } from './notice.ts'
import { rank } from './severity.ts'
import type { NotificationRecord, StoredIncident } from './types.ts'
import { wallKinds } from './wall-kinds.ts'

export interface DecisionRules {
  readonly repeatAfterMs: number
  readonly resolveAfter: number
  readonly catchUpAfterMs: number
}

export interface Decision {
  /** Incidents whose state changed. */
  readonly incidents: readonly StoredIncident[]
  readonly notices: readonly Notice[]
}

export interface Decider {
  /**
   * Takes over what earlier runs stored, in place of what is known here. `startedAt` (by the clock that `window` gets) bounds what they may have
   * decided without having been able to store it.
   */
  restore(
    incidents: readonly StoredIncident[],
    records: readonly NotificationRecord[],
    startedAt: number
  ): void
  /** Judges one window, in order; `anomalies` are those of the verdict's findings. No I/O. */
  window(verdict: Verdict, anomalies: readonly Anomaly[], nowMs: number): Decision
  /** The past is read to its end: what was too old to be told one by one is told now. */
  caughtUp(): Decision
  reconfigure(rules: DecisionRules, routing: Told): void
  open(): readonly StoredIncident[]
}

/** How far a trusted event time may run ahead of the clock, and a window so close early. */
const aheadMs = 60_000
const keyOf = (kind: string, segment: string): string => JSON.stringify([kind, segment])

/** The state machine of incidents and their messages: a function of the windows given and of what was stored. */
export function createDecider(firstRules: DecisionRules, firstRouting: Told): Decider {
  let rules = firstRules
  let routing = firstRouting
  const current = new Map<string, StoredIncident>()
  let history: History = readHistory([])
  let startedAt = Number.NEGATIVE_INFINITY
  const backlog = createBacklog(subject => routing.channels(subject))

  /** `mayNotify`: the window is not an old one. `mayPage`: no earlier run can have paged for it and ended that. */
  function settle(incident: StoredIncident, windowEnd: number, mayNotify: boolean, mayPage: boolean) {
    const notices: Notice[] = []
    let state = incident
    const reason = channelDue(state, windowEnd, rules.repeatAfterMs)
    if (reason) {
      const notice = noticeOf(state, 'trigger', reason, null, routing.channels(state))
      const told = history.told(notice.name)
      if (told ? told.windowEnd <= state.lastAnomalyAt : mayNotify) {
        const notifiedAt = told?.windowEnd ?? state.lastAnomalyAt
        state = { ...state, notifiedAt, notifiedSeverity: state.severity }
        const pagedOnly = notice.receivers.length === 0 && routing.pagers(state).length > 0
        if (!told && !pagedOnly) notices.push(notice)
      } else if (!told) backlog.add(state)
    }
    const dedupKey = dedupKeyOf(state.id, state.severity)
    if (state.clearWindows === 0 && state.dedupKey !== dedupKey) {
      const pageDue = pageReason(state, windowEnd)
      const notice = noticeOf(state, 'trigger', pageDue, dedupKey, routing.pagers(state))
      const told = history.told(notice.name)
      if (told || (mayPage && notice.receivers.length)) {
        if (!told) notices.push(notice)
        // The new key first: at no time is nothing open.
        notices.push(...endOfPage(state, 'severity_rose'))
        state = { ...state, dedupKey, dedupReceivers: told?.receivers ?? notice.receivers }
      }
    }
    return { state, notices }
  }

  function endOfPage(incident: StoredIncident, reason: string): Notice[] {
    if (incident.dedupKey === null) return []
    const notice = noticeOf(incident, 'resolve', reason, incident.dedupKey, incident.dedupReceivers)
    return history.told(notice.name) ? [] : [notice]
  }

  /** `over`: what is said instead of the last finding. */
  function end(incident: StoredIncident, over: string | undefined) {
    const notices = endOfPage(incident, 'recovered')
    const wasTold = incident.notifiedAt !== null && incident.notifiedAt >= incident.openedAt
    const receivers = wasTold ? routing.endChannels(incident) : []
    const ended = noticeOf(saying(incident, over), 'resolve', 'recovered', null, receivers)
    if (receivers.length && !history.told(ended.name)) notices.push(ended)
    return { state: { ...incident, dedupKey: null, dedupReceivers: [] }, notices }
  }

  function decide(
    changed: Map<string, StoredIncident>,
    notices: Notice[],
    key: string,
    result: { state: StoredIncident; notices: readonly Notice[] }
  ): void {
    if (result.state !== current.get(key)) {
      current.set(key, result.state)
      changed.set(key, result.state)
      backlog.update(result.state)
    }
    notices.push(...result.notices)
  }

  return {
    restore(incidents, records, since) {
      startedAt = since
      history = readHistory(records)
      for (const [key, { kind }] of current) if (!wallKinds.has(kind)) current.delete(key)
      for (const incident of incidents) {
        const key = keyOf(incident.kind, incident.segment)
        const other = current.get(key)
        if (!other || incident.lastWindowEnd >= other.lastWindowEnd) current.set(key, incident)
      }
      backlog.restore([...incidents, ...current.values()], history)
    },

    window(verdict, anomalies, nowMs) {
      const { windowStart, windowEnd, judged, over } = verdict
      const life = over === undefined ? rules : { ...rules, resolveAfter: 1 }
      const changed = new Map<string, StoredIncident>()
      const notices: Notice[] = []
      const found = gravestByKey(anomalies)
      const named = [...judged, ...anomalies.map(({ kind }) => kind)]
      const ofTheWall = named.length > 0 && named.every(kind => wallKinds.has(kind))
      const mayNotify = nowMs - windowEnd <= rules.catchUpAfterMs
      const beyondEarlierRuns = windowEnd > startedAt + aheadMs
      // Younger than one window: no earlier run can have closed the window behind it, and ended or raised the page.
      const fresh = nowMs < windowEnd + (windowEnd - windowStart)

      for (const key of new Set([...current.keys(), ...found.keys()])) {
        const before = current.get(key)
        const anomaly = found.get(key)
        const kind = anomaly?.kind ?? before?.kind ?? ''
        if (wallKinds.has(kind) !== ofTheWall) continue
        const after = observe(before, { windowEnd, judged: judged.includes(kind), anomaly }, life)
        if (!after) continue
        if (after.status === 'resolved') {
          if (before?.status === 'open') decide(changed, notices, key, end(after, over))
          continue
        }
        const mayPage = mayNotify && (beyondEarlierRuns || fresh)
        decide(changed, notices, key, settle(after, windowEnd, mayNotify, mayPage))
      }
      if (mayNotify && !ofTheWall) notices.push(...backlog.take())
      return { incidents: [...changed.values()], notices }
    },

    caughtUp() {
      const changed = new Map<string, StoredIncident>()
      const notices: Notice[] = []
      for (const [key, incident] of current) {
        if (incident.status !== 'open') continue
        // Idle partitions may still close windows that an earlier run had closed: a page waits for the first new one.
        const mayPage = incident.lastWindowEnd > startedAt + aheadMs
        decide(changed, notices, key, settle(incident, Number.POSITIVE_INFINITY, true, mayPage))
      }
      return { incidents: [...changed.values()], notices: [...notices, ...backlog.take()] }
    },

    reconfigure(nextRules, nextRouting) {
      rules = nextRules
      routing = nextRouting
    },

    open: () => [...current.values()].filter(({ status }) => status === 'open')
  }
}

function saying(incident: StoredIncident, details: string | undefined): StoredIncident {
  return details === undefined ? incident : { ...incident, lastAnomaly: { ...incident.lastAnomaly, details } }
}

function gravestByKey(anomalies: readonly Anomaly[]): Map<string, Anomaly> {
  const gravest = new Map<string, Anomaly>()
  for (const anomaly of anomalies) {
    const key = keyOf(anomaly.kind, anomaly.segment)
    const other = gravest.get(key)
    if (!other || rank(anomaly.severity) > rank(other.severity)) gravest.set(key, anomaly)
  }
  return gravest
}
