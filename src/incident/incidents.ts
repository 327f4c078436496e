import type { Anomaly, Verdict } from '../../detectors/types.ts'
import type { ReceiverSettings } from '../routing/receiver.ts'
import { createRouting, type Groups, type Route, type RoutingContext } from '../routing/router.ts'
import { type Change, createRecentChanges } from './changes.ts'
import { notificationIdOf } from './ids.ts'
import {
  createIncidentManager,
  type IncidentChanges,
  type IncidentRules,
  type RaisedAlert
} from './incident-manager.ts'
import { byDecision, type Notification, noReceiver, notYetSent } from './notification.ts'
import type { NotificationPolicySettings } from './notification-policy.ts'
import { isSuppression } from './reason.ts'
import type {
  NotificationAction,
  NotificationOutcome,
  NotificationRecord,
  OperatorAction,
  StoredIncident
} from './types.ts'

/** What is read at a start: the latest state of incidents, notifications and actions since a time in milliseconds. */
export interface IncidentMemory {
  incidents(pipeline: string, sinceMs: number): Promise<readonly StoredIncident[]>
  notifications(pipeline: string, sinceMs: number): Promise<readonly NotificationRecord[]>
  actions(pipeline: string, sinceMs: number): Promise<readonly OperatorAction[]>
  /** Absent where nobody tells of changes. */
  changes?(pipeline: string, fromMs: number): Promise<readonly Change[]>
}

/** The settings that a reload can change. */
export interface IncidentsSettings {
  readonly rules: IncidentRules
  readonly routes: readonly Route[]
  readonly receivers: ReadonlyMap<string, ReceiverSettings>
  readonly context: RoutingContext
  readonly groups?: Groups
  /** False with `alerts: off`: everything is decided, nothing is sent. */
  readonly sending: boolean
}

export interface IncidentsOptions extends IncidentsSettings {
  readonly pipeline: string
  readonly memory: IncidentMemory
  /** A receiver has accepted a notification of an incident at a severity. Absent where nothing is sent: as if one had. */
  readonly isDelivered?: NotificationPolicySettings['isDelivered']
}

export interface IncidentRecords {
  readonly incidents: readonly StoredIncident[]
  /** In the order of sending; to be stored before the incidents, then handed to the delivery. */
  readonly notifications: readonly NotificationRecord[]
}

/** What earlier runs stored. */
export interface Restored {
  /** Those of the records that are still to be sent, in the order of their decisions. */
  readonly pending: readonly NotificationRecord[]
  readonly records: readonly NotificationRecord[]
  /** To be given to `onActions`. */
  readonly actions: readonly OperatorAction[]
}

/** The values of an anomaly's metric and segment over the last windows, oldest first; empty where none are known. */
type RecentValues = (anomaly: Anomaly) => readonly (number | null)[]

export interface Incidents {
  /**
   * Continues from what earlier runs stored since `sinceMs`. Called at a start and whenever partitions are assigned.
   * Rejects with the store's error.
   */
  restore(sinceMs: number, nowMs: number): Promise<Restored>
  /** Decides on one closed window, in order of window time; no I/O. */
  onWindow(
    verdict: Verdict,
    anomalies: readonly Anomaly[],
    nowMs: number,
    recent?: RecentValues
  ): IncidentRecords
  /** Takes in what other services raised, in the order of time; what is known already changes nothing. */
  onServiceAlerts(alerts: readonly RaisedAlert[], nowMs: number): IncidentRecords
  /** Ends a catch-up, once the past is read to its end, without waiting for a new window. */
  endCatchUp(nowMs: number, recent?: RecentValues): IncidentRecords
  /** What is due by the wall clock alone, between windows. */
  tick(nowMs: number, recent?: RecentValues): IncidentRecords
  /** What people did, in the order of time; what is known already changes nothing. */
  onActions(actions: readonly OperatorAction[], nowMs: number, recent?: RecentValues): IncidentRecords
  /** Deploys, campaigns and the like, which messages of incidents that begin behind them name. */
  onChanges(changes: readonly Change[]): void
  /** Uses other settings from now on; open incidents and their notifications stay. */
  reconfigure(settings: IncidentsSettings): void
  openIncidents(): readonly StoredIncident[]
}

/** Also of what a bot edits a message into: the change stays in it. */
const hasChanges: ReadonlySet<NotificationAction> = new Set(['trigger', 'acknowledge'])

const noneKnown: RecentValues = () => []

export function createIncidents(options: IncidentsOptions): Incidents {
  const { pipeline, memory, isDelivered = () => true } = options
  const manager = createIncidentManager(options.rules, routingOf(options), isDelivered)
  let { sending } = options
  // After a crash the same summary may be decided again: no incident's state knows of it, only its record.
  let recorded: ReadonlySet<string> = new Set()
  const changes = createRecentChanges()

  function recordsOf(
    { incidents, notifications }: IncidentChanges,
    nowMs: number,
    recent = noneKnown
  ): IncidentRecords {
    const records = notifications.map(one => recordOf(one, nowMs, recent))
    return { incidents, notifications: records.filter(({ id }) => !recorded.has(id)) }
  }

  function recordOf(notification: Notification, nowMs: number, recent: RecentValues): NotificationRecord {
    const { name, ...rest } = notification
    const last = notification.anomalies.at(-1)
    const before = hasChanges.has(notification.action) ? changes.before(notification.incident) : []
    return {
      ...rest,
      ...(before.length > 0 && { changes: before }),
      id: notificationIdOf(`${pipeline}|${name}`, notification.receiver),
      pipeline,
      ...notYetSent(nowMs),
      outcome: outcomeOf(notification),
      recent: last && notification.action !== 'summary' ? recent(last) : []
    }
  }

  function outcomeOf({ receiver, reason }: Notification): NotificationOutcome {
    if (isSuppression(reason)) return 'muted'
    return sending && receiver !== noReceiver ? 'pending' : 'off'
  }

  return {
    async restore(sinceMs, nowMs) {
      const incidents = await memory.incidents(pipeline, sinceMs)
      const records = await memory.notifications(pipeline, sinceMs)
      const actions = await memory.actions(pipeline, sinceMs)
      changes.add((await memory.changes?.(pipeline, sinceMs)) ?? [])
      manager.restore(incidents, records, nowMs)
      recorded = new Set(records.map(({ id }) => id))
      const pending = sending ? records.filter(({ outcome }) => outcome === 'pending').sort(byDecision) : []
      return { pending, records, actions }
    },
    onWindow: (verdict, anomalies, nowMs, recent) =>
      recordsOf(manager.window(verdict, anomalies, nowMs), nowMs, recent),
    onServiceAlerts: (alerts, nowMs) => recordsOf(manager.serviceAlerts(alerts, nowMs), nowMs),
    endCatchUp: (nowMs, recent) => recordsOf(manager.endCatchUp(nowMs), nowMs, recent),
    tick: (nowMs, recent) => recordsOf(manager.tick(nowMs), nowMs, recent),
    onActions: (actions, nowMs, recent) => recordsOf(manager.act(actions, nowMs), nowMs, recent),
    onChanges: changes.add,
    reconfigure(settings) {
      sending = settings.sending
      manager.reconfigure(settings.rules, routingOf(settings))
    },
    openIncidents: manager.open
  }
}

const routingOf = ({ routes, receivers, context, groups }: IncidentsSettings) =>
  createRouting(routes, receivers, context, groups)
