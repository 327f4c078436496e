import type { Anomaly, Verdict } from '../../detectors/types.ts'
import type { Routing } from '../routing/router.ts'
import { type CatchUpSummary, createCatchUpSummary } from './catch-up-summary.ts'
import { createIncidentTable, type IncidentTable, keyOf } from './incident-table.ts'
import { inhibitorsFirst } from './inhibition.ts'
import { acknowledge, type LifecycleRules } from './lifecycle.ts'
import type { Notification } from './notification.ts'
import { readNotificationLog } from './notification-log.ts'
import { createNotificationPolicy, type NotificationPolicySettings } from './notification-policy.ts'
import { type Notified, notifyAcknowledgement } from './notify.ts'
import type { EvaluationTime } from './notify-reason.ts'
import { isSelfCheck, observeWindow } from './observe-window.ts'
import { createSilences } from './silences.ts'
import { type Allowed, createTimeliness } from './timeliness.ts'
import type { NotificationRecord, OperatorAction, StoredIncident } from './types.ts'

export type IncidentRules = LifecycleRules &
  NotificationPolicySettings['rules'] & {
    /** An older finding gets no notification of its own: it goes into a summary. */
    readonly catchUpAfterMs: number
  }

export interface IncidentChanges {
  /** Incidents whose state changed. */
  readonly incidents: readonly StoredIncident[]
  /** In the order of sending. */
  readonly notifications: readonly Notification[]
}

/** The state machine of incidents. It does no I/O: the same windows, actions and stored state give the same result. */
export interface IncidentManager {
  /**
   * Replaces what is known by what earlier runs stored. They may have decided, without storing it, on windows that had
   * closed by `startedAt`.
   */
  restore(
    incidents: readonly StoredIncident[],
    records: readonly NotificationRecord[],
    startedAt: number
  ): void
  /** Takes in one window, in order; `anomalies` are those of the verdict's findings. */
  window(verdict: Verdict, anomalies: readonly Anomaly[], nowMs: number): IncidentChanges
  /** The past is read to its end: sends the summary of what was found too late. */
  endCatchUp(nowMs: number): IncidentChanges
  /** What is due by the wall clock alone: reminders, the end of a silence, a route of another hour. */
  tick(nowMs: number): IncidentChanges
  /** Applies what people did, in the order of time; the same action twice changes nothing. */
  act(actions: readonly OperatorAction[], nowMs: number): IncidentChanges
  reconfigure(rules: IncidentRules, routing: Routing): void
  open(): readonly StoredIncident[]
}

export function createIncidentManager(firstRules: IncidentRules, firstRouting: Routing): IncidentManager {
  let rules = firstRules
  let routing = firstRouting
  let log = readNotificationLog([])
  const table = createIncidentTable()
  const summary = createCatchUpSummary()
  const silences = createSilences()
  const timeliness = createTimeliness(() => rules.catchUpAfterMs)
  const policy = createNotificationPolicy(() => ({ rules, routing, log }), silences, table.open)

  const summaries = (nowMs: number) =>
    summary.take(
      incident => routing.summaryTo(incident, nowMs).map(({ name }) => name),
      incident => policy.isSilenced(incident, nowMs)
    )

  function evaluateOpen(at: EvaluationTime, allowed: (incident: StoredIncident) => Allowed) {
    const changes = collectChanges(table, summary)
    for (const incident of table.open().sort(inhibitorsFirst))
      changes.apply(policy.notify(incident, at, allowed(incident)))
    return changes
  }

  const evaluateBetweenWindows = (nowMs: number) =>
    evaluateOpen({ windowEnd: null, nowMs }, incident => timeliness.betweenWindows(incident, nowMs))

  return {
    restore(incidents, records, startedAt) {
      timeliness.start(startedAt)
      log = readNotificationLog(records)
      table.restore(incidents)
      summary.restore([...incidents, ...table.byKey.values()], log)
    },

    window(verdict, anomalies, nowMs) {
      const ofStream = !isSelfCheck(verdict, anomalies)
      if (ofStream) timeliness.enterWindow(verdict)
      const allowed = timeliness.atWindow(verdict, nowMs)
      const at = { windowEnd: verdict.windowEnd, nowMs }
      const { ended, open } = observeWindow(table, verdict, anomalies, rules)
      const changes = collectChanges(table, summary)
      for (const incident of open) changes.put(incident)
      for (const incident of ended) changes.apply(policy.notifyEnd(incident, verdict.over))
      for (const incident of open.toSorted(inhibitorsFirst))
        changes.apply(policy.notify(incident, at, allowed))
      if (allowed.notify && ofStream) changes.add(summaries(nowMs))
      return changes.all()
    },

    endCatchUp(nowMs) {
      const changes = evaluateOpen({ windowEnd: Number.POSITIVE_INFINITY, nowMs }, timeliness.afterCatchUp)
      changes.add(summaries(nowMs))
      return changes.all()
    },

    tick: nowMs => evaluateBetweenWindows(nowMs).all(),

    act(actions, nowMs) {
      // All actions are applied before anything is decided: a later one may end a silence that an earlier one made.
      const changed = actions.map(silences.add).some(isChange => isChange)
      const changes = changed ? evaluateBetweenWindows(nowMs) : collectChanges(table, summary)
      for (const action of actions) {
        const incident = acknowledge(table.open(), action)
        if (!incident) continue
        changes.put(incident)
        changes.add(notifyAcknowledgement(incident, log))
      }
      return changes.all()
    },

    reconfigure(nextRules, nextRouting) {
      rules = nextRules
      routing = nextRouting
    },

    open: table.open
  }
}

/** Collects what one call changes, and brings it into the table and the summary. */
function collectChanges(table: IncidentTable, summary: CatchUpSummary) {
  const changed = new Map<string, StoredIncident>()
  const notifications: Notification[] = []

  function put(incident: StoredIncident): void {
    if (!table.put(incident)) return
    changed.set(keyOf(incident), incident)
    summary.update(incident)
  }

  return {
    put,
    apply({ state, notifications: decided, waitsForSummary }: Notified): void {
      put(state)
      notifications.push(...decided)
      if (waitsForSummary) summary.add(state)
    },
    add: (more: readonly Notification[]) => void notifications.push(...more),
    all: (): IncidentChanges => ({ incidents: [...changed.values()], notifications })
  }
}
