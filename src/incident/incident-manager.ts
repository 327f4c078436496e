import { isOfPipeline } from '../../detectors/kind-of.ts'
import type { Anomaly, Verdict } from '../../detectors/types.ts'
import type { Routing } from '../routing/router.ts'
import { minuteMs } from '../time/units.ts'
import { createCatchUpSummary } from './catch-up-summary.ts'
import { inhibitorsFirst, inhibits, isDataIntegrity } from './inhibition.ts'
import { wasNotified } from './last-notified.ts'
import { type LifecycleRules, observe } from './lifecycle.ts'
import { type Notification, noReceiver } from './notification.ts'
import { type NotificationLog, readNotificationLog } from './notification-log.ts'
import { type Notified, notify, notifyAcknowledgement, notifyEnd } from './notify.ts'
import type { EvaluationTime, NotifyRules } from './notify-reason.ts'
import { rank } from './severity.ts'
import { createSilences } from './silences.ts'
import type { NotificationRecord, OperatorAction, Silence, StoredIncident } from './types.ts'

export interface IncidentRules extends LifecycleRules, NotifyRules {
  readonly catchUpAfterMs: number
  /** An incident that another one inhibits is not sent to receivers that were notified of that one. */
  readonly inhibit: boolean
}

export interface IncidentChanges {
  /** Incidents whose state changed. */
  readonly incidents: readonly StoredIncident[]
  readonly notifications: readonly Notification[]
}

export interface IncidentManager {
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
  window(verdict: Verdict, anomalies: readonly Anomaly[], nowMs: number): IncidentChanges
  /** The past is read to its end: what was too old to be told one by one is told now. */
  endCatchUp(nowMs: number): IncidentChanges
  /** What the wall clock alone makes due: reminders, ends of silences, routes of another hour. */
  tick(nowMs: number): IncidentChanges
  /** Takes over what people did, in the order of time; the same action twice changes nothing. */
  act(actions: readonly OperatorAction[], nowMs: number): IncidentChanges
  reconfigure(rules: IncidentRules, routing: Routing): void
  open(): readonly StoredIncident[]
}

/** How far a trusted event time may run ahead of the clock, and a window so close early. */
const aheadMs = minuteMs
const keyOf = (kind: string, segment: string): string => JSON.stringify([kind, segment])

/** The state machine of incidents and their messages: a function of the windows and actions given and of what was stored. */
export function createIncidentManager(firstRules: IncidentRules, firstRouting: Routing): IncidentManager {
  let rules = firstRules
  let routing = firstRouting
  const current = new Map<string, StoredIncident>()
  let log: NotificationLog = readNotificationLog([])
  let startedAt = Number.NEGATIVE_INFINITY
  // Of the windows of the stream: between two of them none is late.
  let windowMs = 0
  const summary = createCatchUpSummary()
  const silences = createSilences()

  const openNow = () => [...current.values()].filter(({ status }) => status === 'open')

  const silenceOf = (incident: StoredIncident, nowMs: number): Silence | undefined =>
    silences.active(nowMs).find(({ matchers }) => routing.matches(matchers, incident))

  /** The kind of an open incident that inhibits this one and that the receiver was notified of; of the pipeline's own, anybody. */
  function inhibitedTo(receiver: string, incident: StoredIncident): string | undefined {
    if (!rules.inhibit) return undefined
    return openNow().find(
      other => inhibits(other, incident) && wasNotified(other, isDataIntegrity(other) ? null : receiver)
    )?.kind
  }

  function notified(
    incident: StoredIncident,
    at: EvaluationTime,
    may: { notify: boolean; page: boolean }
  ): Notified {
    const { nowMs } = at
    const to = routing.to(incident, nowMs)
    const inhibited = rules.inhibit ? openNow().filter(other => inhibits(incident, other)) : []
    return notify(incident, {
      rules,
      log,
      at,
      targets: {
        channels: to.flatMap(({ name, isPager }) => (isPager ? [] : [name])),
        pagers: to.flatMap(({ name, isPager }) => (isPager ? [name] : []))
      },
      mayNotify: may.notify,
      mayPage: may.page,
      silencedBy: silenceOf(incident, nowMs)?.id,
      inhibitedBy: receiver => inhibitedTo(receiver, incident),
      inhibits: inhibited.map(({ lastAnomaly }) => lastAnomaly.details)
    })
  }

  function summarise(nowMs: number): readonly Notification[] {
    return summary.take(
      incident => routing.summaryTo(incident, nowMs).map(({ name }) => name),
      incident => silenceOf(incident, nowMs) !== undefined
    )
  }

  /** Gathers what comes of one call. */
  function collecting() {
    const changed = new Map<string, StoredIncident>()
    const notifications: Notification[] = []
    return {
      put(key: string, state: StoredIncident): void {
        if (state === current.get(key)) return
        current.set(key, state)
        changed.set(key, state)
        summary.update(state)
      },
      take(key: string, { state, notifications: decided, waitsForSummary }: Notified): void {
        this.put(key, state)
        notifications.push(...decided)
        if (waitsForSummary) summary.add(state)
      },
      add: (more: readonly Notification[]) => void notifications.push(...more),
      done: (): IncidentChanges => ({ incidents: [...changed.values()], notifications })
    }
  }

  function notifyOpen(
    nowMs: number,
    windowEnd: number | null,
    mayNotify: (incident: StoredIncident) => boolean
  ) {
    const all = collecting()
    for (const incident of openNow().sort(inhibitorsFirst)) {
      const notify = mayNotify(incident)
      // Idle partitions may still close windows that an earlier run had closed: a page waits for the first new one.
      const page = notify && incident.lastWindowEnd > startedAt + aheadMs
      const key = keyOf(incident.kind, incident.segment)
      all.take(key, notified(incident, { windowEnd, nowMs }, { notify, page }))
    }
    return all
  }

  return {
    restore(incidents, records, since) {
      startedAt = since
      log = readNotificationLog(records)
      for (const [key, { kind }] of current) if (!isOfPipeline(kind)) current.delete(key)
      for (const incident of incidents) {
        const key = keyOf(incident.kind, incident.segment)
        const other = current.get(key)
        if (!other || incident.lastWindowEnd >= other.lastWindowEnd) current.set(key, incident)
      }
      summary.restore([...incidents, ...current.values()], log)
    },

    window(verdict, anomalies, nowMs) {
      const { windowStart, windowEnd, judged, over } = verdict
      const all = collecting()
      const found = mostSevereByKey(anomalies)
      const named = [...judged, ...anomalies.map(({ kind }) => kind)]
      const ofSelf = named.length > 0 && named.every(kind => isOfPipeline(kind))
      if (!ofSelf) windowMs = windowEnd - windowStart
      const life = ofSelf ? { ...rules, flapping: null } : rules
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
        if (isOfPipeline(kind) !== ofSelf) continue
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
        all.take(keyOf(incident.kind, incident.segment), notifyEnd(incident, tellsEnd(incident), log, over))
      for (const { incident, mayPage } of lasting.sort((a, b) => inhibitorsFirst(a.incident, b.incident))) {
        const key = keyOf(incident.kind, incident.segment)
        all.take(key, notified(incident, { windowEnd, nowMs }, { notify: mayNotify, page: mayPage }))
      }
      if (mayNotify && !ofSelf) all.add(summarise(nowMs))
      return all.done()
    },

    endCatchUp(nowMs) {
      const all = notifyOpen(nowMs, Number.POSITIVE_INFINITY, () => true)
      all.add(summarise(nowMs))
      return all.done()
    },

    tick: nowMs => notifyOpen(nowMs, null, isRecent(nowMs)).done(),

    act(actions, nowMs) {
      // A silence may have been ended since: all are known before any counts.
      const changes = actions.map(action => silences.apply(action)).some(isChange => isChange)
      const all = changes ? notifyOpen(nowMs, null, isRecent(nowMs)) : collecting()
      for (const { action, incidentId, severity, by, via, at } of actions) {
        const incident = openNow().find(({ id }) => id === incidentId)
        const seen = severity ?? incident?.severity
        if (action !== 'acknowledge' || !incident || incident.acknowledged || !seen) continue
        if (rank(seen) < rank(incident.severity)) continue
        const state = { ...incident, acknowledged: { by, via, at, severity: seen } }
        all.put(keyOf(incident.kind, incident.segment), state)
        all.add(notifyAcknowledgement(state, log))
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
    return receiver => receiver !== noReceiver && routing.sendsResolved(receiver, kind)
  }

  /** What stands still is not told of: nobody knows whether it is still so. */
  function isRecent(nowMs: number): (incident: StoredIncident) => boolean {
    return ({ kind, lastWindowEnd }) =>
      isOfPipeline(kind) || nowMs - lastWindowEnd <= rules.catchUpAfterMs + windowMs
  }
}

function mostSevereByKey(anomalies: readonly Anomaly[]): Map<string, Anomaly> {
  const mostSevere = new Map<string, Anomaly>()
  for (const anomaly of anomalies) {
    const key = keyOf(anomaly.kind, anomaly.segment)
    const other = mostSevere.get(key)
    if (!other || rank(anomaly.severity) > rank(other.severity)) mostSevere.set(key, anomaly)
  }
  return mostSevere
}
