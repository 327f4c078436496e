import type { Anomaly, Sentence, Verdict } from '../../detectors/types.ts'
import { phrase } from '../language/phrase.ts'
import { spoken } from '../language/translator.ts'
import type { Routing } from '../routing/router.ts'
import { isOpen } from './alert.ts'
import { assignmentOf } from './assignment.ts'
import { type CatchUpSummary, createCatchUpSummary } from './catch-up-summary.ts'
import type { GroupingRules } from './grouping.ts'
import { createIncidentTable, type IncidentTable } from './incident-table.ts'
import { inhibitorsFirst } from './inhibition.ts'
import { acknowledge, type LifecycleRules } from './lifecycle.ts'
import type { Notification } from './notification.ts'
import { readNotificationLog } from './notification-log.ts'
import { createNotificationPolicy, type NotificationPolicySettings } from './notification-policy.ts'
import { type Notified, notifyAcknowledgement } from './notify.ts'
import { endSilentOnes, observeServiceAlert } from './observe-service.ts'
import { isSelfCheck, observeWindow } from './observe-window.ts'
import { createRotation, type RotationTask } from './rotation.ts'
import type { ServiceAlert } from './service-alert.ts'
import { createSilences } from './silences.ts'
import { createTimeliness } from './timeliness.ts'
import type { NotificationRecord, OperatorAction, StoredIncident } from './types.ts'

export type IncidentRules = LifecycleRules &
  GroupingRules &
  NotificationPolicySettings['rules'] & {
    /** An older finding gets no notification of its own: it goes into a summary. */
    readonly catchUpAfterMs: number
    /** An incident that another service raised ends once nothing was heard of it for so long. */
    readonly serviceResolveAfterMs: number
  }

/** An alert of another service, and the anomaly that it is. */
export interface RaisedAlert {
  readonly alert: ServiceAlert
  readonly anomaly: Anomaly
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
  /** Takes in what other services raised, in order; what was taken in before changes nothing. */
  serviceAlerts(alerts: readonly RaisedAlert[], nowMs: number): IncidentChanges
  /** The past is read to its end: sends the summary of what was found too late. */
  endCatchUp(nowMs: number): IncidentChanges
  /** What is due by the wall clock alone: reminders, the end of a silence, a route of another hour. */
  tick(nowMs: number): IncidentChanges
  /** Applies what people did, in the order of time; the same action twice changes nothing. */
  act(actions: readonly OperatorAction[], nowMs: number): IncidentChanges
  reconfigure(rules: IncidentRules, routing: Routing): void
  open(): readonly StoredIncident[]
}

// oxlint-disable-next-line max-lines-per-function -- one table of incidents, and all that changes it
export function createIncidentManager(
  firstRules: IncidentRules,
  firstRouting: Routing,
  isDelivered: NotificationPolicySettings['isDelivered']
): IncidentManager {
  let rules = firstRules
  let routing = firstRouting
  let log = readNotificationLog([])
  const table = createIncidentTable()
  const summary = createCatchUpSummary()
  const silences = createSilences()
  const timeliness = createTimeliness(() => rules.catchUpAfterMs)
  const policy = createNotificationPolicy(() => ({ rules, routing, log, isDelivered }), silences, table)

  const rotation = createRotation(table)
  const betweenWindows = { windowEnd: null, allowed: timeliness.betweenWindows }

  const summaries = (nowMs: number) =>
    summary.take(
      incident => routing.summaryTo(incident, nowMs, assignmentOf(incident, log)).map(({ name }) => name),
      incident => policy.silencedBy(incident, nowMs) !== undefined
    )

  /** Evaluates the next open incidents; the rest of many waits for the next tick. */
  function evaluateNext(nowMs: number) {
    const changes = collectChanges(table, summary)
    const { incidents = [], task } = rotation.take() ?? {}
    if (task === undefined) return changes
    const at = { windowEnd: task.windowEnd, nowMs }
    for (const incident of incidents)
      changes.apply(policy.notify(incident, at, task.allowed(incident, nowMs)))
    return changes
  }

  function evaluateAnew(task: RotationTask, nowMs: number) {
    rotation.begin(task)
    return evaluateNext(nowMs)
  }

  return {
    restore(incidents, records, startedAt) {
      timeliness.start(startedAt)
      log = readNotificationLog(records)
      table.restore(incidents)
      rotation.forget()
      summary.restore([...incidents, ...table.byId.values()], log)
    },

    window(verdict, anomalies, nowMs) {
      const ofStream = !isSelfCheck(verdict, anomalies)
      if (ofStream) timeliness.enterWindow(verdict)
      const allowed = timeliness.atWindow(verdict, nowMs)
      const at = { windowEnd: verdict.windowEnd, nowMs }
      const { ended, open } = observeWindow(table, verdict, anomalies, rules)
      const changes = collectChanges(table, summary)
      for (const incident of open) changes.put(incident)
      for (const incident of ended)
        changes.apply(policy.notifyEnd(incident, knownEnd(verdict) ?? unknownEnd(verdict, incident), nowMs))
      for (const incident of inhibitorsFirst(open)) changes.apply(policy.notify(incident, at, allowed))
      if (allowed.notify && ofStream) changes.add(summaries(nowMs))
      return changes.all()
    },

    serviceAlerts(alerts, nowMs) {
      const changes = collectChanges(table, summary)
      for (const { alert, anomaly } of alerts) {
        const incident = observeServiceAlert(table, alert, anomaly, rules)
        if (incident === undefined) continue
        changes.put(incident)
        const at = { windowEnd: alert.at, nowMs }
        changes.apply(
          isOpen(incident)
            ? policy.notify(incident, at, { notify: true, page: true })
            : policy.notifyEnd(incident, alert, nowMs)
        )
      }
      return changes.all()
    },

    endCatchUp(nowMs) {
      const changes = evaluateAnew(
        { windowEnd: Number.POSITIVE_INFINITY, allowed: timeliness.afterCatchUp },
        nowMs
      )
      changes.add(summaries(nowMs))
      return changes.all()
    },

    tick(nowMs) {
      const silent = endSilentOnes(table, nowMs, rules.serviceResolveAfterMs)
      const changes = collectChanges(table, summary)
      for (const incident of silent) {
        changes.put(incident)
        changes.apply(policy.notifyEnd(incident, spoken([phrase('end.silent')]), nowMs))
      }
      if (rotation.isOver()) rotation.begin(betweenWindows)
      return joined(changes.all(), evaluateNext(nowMs).all())
    },

    act(actions, nowMs) {
      // All actions are applied before anything is decided: a later one may end a silence that an earlier one made.
      const changed = actions.map(silences.add).some(isChange => isChange)
      const changes = changed ? evaluateAnew(betweenWindows, nowMs) : collectChanges(table, summary)
      for (const action of actions) {
        const before = openById(table, action)
        if (before && action.action === 'escalate') {
          changes.apply(policy.escalate(before, action, nowMs))
          continue
        }
        const incident = acknowledge(before, action)
        if (!incident) continue
        changes.put(incident)
        const isTakenOver = before?.acknowledged !== null
        changes.add(notifyAcknowledgement(incident, log, isTakenOver, policy.silencedBy(incident, nowMs)))
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

const joined = (first: IncidentChanges, then: IncidentChanges): IncidentChanges => ({
  incidents: [...first.incidents, ...then.incidents],
  notifications: [...first.notifications, ...then.notifications]
})

/** What is said at the end of an incident of which windows did not say that it is over. */
function unknownEnd({ isGap, judged }: Verdict, { kind }: StoredIncident): Sentence | undefined {
  if (judged.includes(kind)) return undefined
  return spoken([isGap ? phrase('end.events_missing') : phrase('end.not_judged', { kind })])
}

const knownEnd = ({ over, overSaid }: Verdict): Sentence | undefined =>
  over === undefined ? undefined : { details: over, said: overSaid }

/** The open incident that an action means, as it is now. */
function openById(table: IncidentTable, { incidentId }: OperatorAction): StoredIncident | undefined {
  const incident = incidentId === null ? undefined : table.byId.get(incidentId)
  return incident && isOpen(incident) ? incident : undefined
}

/** Collects what one call changes, and brings it into the table and the summary. */
function collectChanges(table: IncidentTable, summary: CatchUpSummary) {
  const changed = new Map<string, StoredIncident>()
  const notifications: Notification[] = []

  function put(incident: StoredIncident): void {
    if (!table.put(incident)) return
    changed.set(incident.id, incident)
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
