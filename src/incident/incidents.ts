import type { Anomaly, Verdict } from '../../detectors/types.ts'
import type { ReceiverSettings } from '../routing/receiver.ts'
import { createRouting, type Route, type RoutingContext } from '../routing/router.ts'
import { isMute, notificationIdOf } from './ids.ts'
import { createDecider, type Decision, type DecisionRules } from './incident-manager.ts'
import { byDecision, type Notice, noReceiver } from './notification.ts'
import type { NotificationOutcome, NotificationRecord, OperatorAction, StoredIncident } from './types.ts'

/** What alerting reads at a start: the latest state of incidents, records and actions since a time, in milliseconds. */
export interface AlertMemory {
  incidents(pipeline: string, sinceMs: number): Promise<readonly StoredIncident[]>
  notifications(pipeline: string, sinceMs: number): Promise<readonly NotificationRecord[]>
  actions(pipeline: string, sinceMs: number): Promise<readonly OperatorAction[]>
}

/** The part that an edit of the configuration can change. */
export interface AlertingSettings {
  readonly rules: DecisionRules
  readonly routes: readonly Route[]
  readonly receivers: ReadonlyMap<string, ReceiverSettings>
  readonly context: RoutingContext
  /** False with `alerts: off`: all is decided, nothing is to be sent. */
  readonly sending: boolean
}

export interface AlertingOptions extends AlertingSettings {
  readonly pipeline: string
  readonly memory: AlertMemory
}

export interface Decided {
  readonly incidents: readonly StoredIncident[]
  /** In the order of sending; to be stored before the incidents, then handed to the delivery. */
  readonly notifications: readonly NotificationRecord[]
}

/** What earlier runs decided. */
export interface Restored {
  readonly pending: readonly NotificationRecord[]
  readonly records: readonly NotificationRecord[]
  /** To be given to `onActions`. */
  readonly actions: readonly OperatorAction[]
}

/** The values of a metric and segment over the last windows, oldest first; empty where none are known. */
type RecentValues = (metric: string, segment: string) => readonly (number | null)[]

export interface Alerting {
  /**
   * Reads what earlier runs stored since `sinceMs` and goes on from there; gives the notifications that are still to
   * be sent. To be called at a start and whenever the work is taken over. Rejects with the store's error.
   */
  restore(sinceMs: number, nowMs: number): Promise<Restored>
  /** Decides on one closed window, in order of window time; no I/O. */
  onWindow(verdict: Verdict, anomalies: readonly Anomaly[], nowMs: number, recent?: RecentValues): Decided
  /** To be called when the past is read to its end: ends a catch-up without waiting for a new window. */
  caughtUp(nowMs: number, recent?: RecentValues): Decided
  /** What the wall clock alone makes due, between windows. */
  tick(nowMs: number, recent?: RecentValues): Decided
  /** What people did, known already or not, in the order of time. */
  onActions(actions: readonly OperatorAction[], nowMs: number, recent?: RecentValues): Decided
  /** Goes on with other settings; open incidents and what was told stay. */
  reconfigure(settings: AlertingSettings): void
  openIncidents(): readonly StoredIncident[]
}

const noneKnown: RecentValues = () => []

export function createAlerting(options: AlertingOptions): Alerting {
  const { pipeline, memory } = options
  const decider = createDecider(options.rules, routingOf(options))
  let { sending } = options
  // What is derived again after a crash can come to a message that is on record: a summary is of no one incident.
  let recorded: ReadonlySet<string> = new Set()

  function decided({ incidents, notices }: Decision, nowMs: number, recent = noneKnown): Decided {
    const records = notices.map(notice => recordOf(notice, nowMs, recent))
    return { incidents, notifications: records.filter(({ id }) => !recorded.has(id)) }
  }

  function recordOf(notice: Notice, nowMs: number, recent: RecentValues): NotificationRecord {
    const { name, ...rest } = notice
    const told = notice.anomalies.at(-1)
    return {
      ...rest,
      id: notificationIdOf(`${pipeline}|${name}`, notice.receiver),
      pipeline,
      decidedAt: nowMs,
      outcome: outcomeOf(notice),
      attempts: 0,
      answer: '',
      updatedAt: nowMs,
      recent: told && notice.action !== 'summary' ? recent(told.metric, told.segment) : [],
      receipt: null,
      requestId: null,
      latencyMs: null
    }
  }

  function outcomeOf({ receiver, reason }: Notice): NotificationOutcome {
    if (isMute(reason)) return 'muted'
    return sending && receiver !== noReceiver ? 'pending' : 'off'
  }

  return {
    async restore(sinceMs, nowMs) {
      const incidents = await memory.incidents(pipeline, sinceMs)
      const records = await memory.notifications(pipeline, sinceMs)
      const actions = await memory.actions(pipeline, sinceMs)
      decider.restore(incidents, records, nowMs)
      recorded = new Set(records.map(({ id }) => id))
      const pending = sending ? records.filter(({ outcome }) => outcome === 'pending').sort(byDecision) : []
      return { pending, records, actions }
    },
    onWindow: (verdict, anomalies, nowMs, recent) =>
      decided(decider.window(verdict, anomalies, nowMs), nowMs, recent),
    caughtUp: (nowMs, recent) => decided(decider.caughtUp(nowMs), nowMs, recent),
    tick: (nowMs, recent) => decided(decider.tick(nowMs), nowMs, recent),
    onActions: (actions, nowMs, recent) => decided(decider.act(actions, nowMs), nowMs, recent),
    reconfigure(settings) {
      sending = settings.sending
      decider.reconfigure(settings.rules, routingOf(settings))
    },
    openIncidents: decider.open
  }
}

const routingOf = ({ routes, receivers, context }: AlertingSettings) =>
  createRouting(routes, receivers, context)
