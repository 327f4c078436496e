import type { Anomaly, Verdict } from '../../detectors/types.ts'
import type { Routing } from '../routing/router.ts'
import { createBacklog } from './catch-up-summary.ts'
import { causesFirst, explains, isBlinding } from './inhibition.ts'
import { isTold } from './last-notified.ts'
import { type LifeRules, observe } from './lifecycle.ts'
import { type Notice, noReceiver } from './notification.ts'
import { type History, readHistory } from './notification-log.ts'
import { type Settled, settle, settleAcknowledgement, settleEnd } from './notify.ts'
import type { DueRules, Moment } from './notify-reason.ts'
import { wallKinds } from './self-kinds.ts'
import { rank } from './severity.ts'
import { createSilences } from './silences.ts'
import type { NotificationRecord, OperatorAction, Silence, StoredIncident } from './types.ts'

export interface DecisionRules extends LifeRules, DueRules {
  readonly catchUpAfterMs: number
  /** What another incident explains is not told to those who heard of that one. */
  readonly explain: boolean
}

export interface Decision {
  /** Incidents whose state changed. */
  readonly incidents: readonly StoredIncident[]
  readonly notices: readonly Notice[]
}

export interface Decider {
  /**
   * Takes over what earlier runs stored, in place of what is known here. `startedAt` (by the clock that `window` gets)
   * bounds what they may have decided without having been able to store it.
   */
  restore(
    incidents: readonly StoredIncident[],
    records: readonly NotificationRecord[],
    startedAt: number
  ): void
  /** Judges one window, in order; `anomalies` are those of the verdict's findings. No I/O. */
  window(verdict: Verdict, anomalies: readonly Anomaly[], nowMs: number): Decision
  /** The past is read to its end: what was too old to be told one by one is told now. */
  caughtUp(nowMs: number): Decision
  /** What the wall clock alone makes due: reminders, ends of silences, routes of another hour. */
  tick(nowMs: number): Decision
  /** Takes over what people did, in the order of time; the same action twice changes nothing. */
  act(actions: readonly OperatorAction[], nowMs: number): Decision
  reconfigure(rules: DecisionRules, routing: Routing): void
  open(): readonly StoredIncident[]
}

/** How far a trusted event time may run ahead of the clock, and a window so close early. */
const aheadMs = 60_000
const keyOf = (kind: string, segment: string): string => JSON.stringify([kind, segment])

/** The state machine of incidents and their messages: a function of the windows and actions given and of what was stored. */
export function createDecider(firstRules: DecisionRules, firstRouting: Routing): Decider {
  let rules = firstRules
  let routing = firstRouting
  const current = new Map<string, StoredIncident>()
  let history: History = readHistory([])
  let startedAt = Number.NEGATIVE_INFINITY
  // Of the windows of the stream: between two of them none is late.
  let windowMs = 0
  const backlog = createBacklog()
  const silences = createSilences()

  const openNow = () => [...current.values()].filter(({ status }) => status === 'open')

  const silenceOf = (incident: StoredIncident, nowMs: number): Silence | undefined =>
    silences.active(nowMs).find(({ matchers }) => routing.fits(matchers, incident))

  /** The kind of an incident that explains this one and that the receiver, or anybody where it is of the line, heard of. */
  function explainedTo(receiver: string, incident: StoredIncident): string | undefined {
    if (!rules.explain) return undefined
    return openNow().find(
      cause => explains(cause, incident) && isTold(cause, isBlinding(cause) ? null : receiver)
    )?.kind
  }

  function settled(
    incident: StoredIncident,
    moment: Moment,
    may: { notify: boolean; page: boolean }
  ): Settled {
    const { nowMs } = moment
    const to = routing.to(incident, nowMs)
    const effects = rules.explain ? openNow().filter(effect => explains(incident, effect)) : []
    return settle(incident, {
      rules,
      history,
      moment,
      targets: {
        channels: to.flatMap(({ name, isPager }) => (isPager ? [] : [name])),
        pagers: to.flatMap(({ name, isPager }) => (isPager ? [name] : []))
      },
      mayNotify: may.notify,
      mayPage: may.page,
      silencedBy: silenceOf(incident, nowMs)?.id,
      explainedBy: receiver => explainedTo(receiver, incident),
      explains: effects.map(({ lastAnomaly }) => lastAnomaly.details)
    })
  }

  function takeBacklog(nowMs: number): readonly Notice[] {
    return backlog.take(
      incident => routing.summaryTo(incident, nowMs).map(({ name }) => name),
      incident => silenceOf(incident, nowMs) !== undefined
    )
  }

  /** Gathers what comes of one call. */
  function collecting() {
    const changed = new Map<string, StoredIncident>()
    const notices: Notice[] = []
    return {
      put(key: string, state: StoredIncident): void {
        if (state === current.get(key)) return
        current.set(key, state)
        changed.set(key, state)
        backlog.update(state)
      },
      take(key: string, { state, notices: decided, waits }: Settled): void {
        this.put(key, state)
        notices.push(...decided)
        if (waits) backlog.add(state)
      },
      add: (more: readonly Notice[]) => void notices.push(...more),
      done: (): Decision => ({ incidents: [...changed.values()], notices })
    }
  }

  function settleOpen(
    nowMs: number,
    windowEnd: number | null,
    mayNotify: (incident: StoredIncident) => boolean
  ) {
    const all = collecting()
    for (const incident of openNow().sort(causesFirst)) {
      const notify = mayNotify(incident)
      // Idle partitions may still close windows that an earlier run had closed: a page waits for the first new one.
      const page = notify && incident.lastWindowEnd > startedAt + aheadMs
      const key = keyOf(incident.kind, incident.segment)
      all.take(key, settled(incident, { windowEnd, nowMs }, { notify, page }))
    }
    return all
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
      const all = collecting()
      const found = gravestByKey(anomalies)
      const named = [...judged, ...anomalies.map(({ kind }) => kind)]
      const ofTheWall = named.length > 0 && named.every(kind => wallKinds.has(kind))
      if (!ofTheWall) windowMs = windowEnd - windowStart
      const life = ofTheWall ? { ...rules, flapping: null } : rules
      const mayNotify = nowMs - windowEnd <= rules.catchUpAfterMs
      const beyondEarlierRuns = windowEnd > startedAt + aheadMs
      // Younger than one window: no earlier run can have closed the window behind it, and ended or raised the page.
      const fresh = nowMs < windowEnd + (windowEnd - windowStart)
      const ends: StoredIncident[] = []
      const lasting: { incident: StoredIncident; mayPage: boolean }[] = []

      for (const key of new Set([...current.keys(), ...found.keys()])) {
        const before = current.get(key)
        const anomaly = found.get(key)
        const kind = anomaly?.kind ?? before?.kind ?? ''
        if (wallKinds.has(kind) !== ofTheWall) continue
        const isOver = over !== undefined
        const seen = { windowStart, windowEnd, judged: judged.includes(kind), anomaly, isOver }
        const after = observe(before, seen, life)
        if (!after) continue
        if (after.status === 'resolved') {
          if (before?.status === 'open') ends.push(after)
          continue
        }
        if (after !== before) all.put(key, after)
        lasting.push({ incident: after, mayPage: mayNotify && (beyondEarlierRuns || fresh) })
      }
      for (const incident of ends)
        all.take(
          keyOf(incident.kind, incident.segment),
          settleEnd(incident, tellsEnd(incident), history, over)
        )
      for (const { incident, mayPage } of lasting.sort((a, b) => causesFirst(a.incident, b.incident))) {
        const key = keyOf(incident.kind, incident.segment)
        all.take(key, settled(incident, { windowEnd, nowMs }, { notify: mayNotify, page: mayPage }))
      }
      if (mayNotify && !ofTheWall) all.add(takeBacklog(nowMs))
      return all.done()
    },

    caughtUp(nowMs) {
      const all = settleOpen(nowMs, Number.POSITIVE_INFINITY, () => true)
      all.add(takeBacklog(nowMs))
      return all.done()
    },

    tick: nowMs => settleOpen(nowMs, null, isRecent(nowMs)).done(),

    act(actions, nowMs) {
      // A silence may have been ended since: all are known before any counts.
      const changes = actions.map(action => silences.apply(action)).some(isChange => isChange)
      const all = changes ? settleOpen(nowMs, null, isRecent(nowMs)) : collecting()
      for (const { action, incidentId, severity, by, via, at } of actions) {
        const incident = openNow().find(({ id }) => id === incidentId)
        const seen = severity ?? incident?.severity
        if (action !== 'acknowledge' || !incident || incident.acknowledged || !seen) continue
        if (rank(seen) < rank(incident.severity)) continue
        const state = { ...incident, acknowledged: { by, via, at, severity: seen } }
        all.put(keyOf(incident.kind, incident.segment), state)
        all.add(settleAcknowledgement(state, history))
      }
      return all.done()
    },

    reconfigure(nextRules, nextRouting) {
      rules = nextRules
      routing = nextRouting
    },

    open: openNow
  }

  function tellsEnd({ kind }: StoredIncident): (receiver: string) => boolean {
    return receiver => receiver !== noReceiver && routing.tellsEnd(receiver, kind)
  }

  /** What stands still is not told of: nobody knows whether it is still so. */
  function isRecent(nowMs: number): (incident: StoredIncident) => boolean {
    return ({ kind, lastWindowEnd }) =>
      wallKinds.has(kind) || nowMs - lastWindowEnd <= rules.catchUpAfterMs + windowMs
  }
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
