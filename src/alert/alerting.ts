import type { ReceiverSettings } from '../channel/types.ts'
import type { Anomaly, Verdict } from '../detect/types.ts'
import { createDecider, type Decision, type DecisionRules } from './decide.ts'
import { notificationIdOf } from './identity.ts'
import type { Notice, Told } from './notice.ts'
import { createRouting, type Route, type RoutedTo, type RoutingContext, type Subject } from './route.ts'
import type { NotificationRecord, StoredIncident } from './types.ts'

/** What alerting reads at a start: the latest state of incidents and records since a time, in milliseconds. */
export interface AlertMemory {
  incidents(pipeline: string, sinceMs: number): Promise<readonly StoredIncident[]>
  notifications(pipeline: string, sinceMs: number): Promise<readonly NotificationRecord[]>
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

export interface Alerting {
  /**
   * Reads what earlier runs stored since `sinceMs` and goes on from there; gives the notifications that are still to
   * be sent. To be called at a start and whenever the work is taken over. Rejects with the store's error.
   */
  restore(sinceMs: number, nowMs: number): Promise<readonly NotificationRecord[]>
  /** Decides on one closed window, in order of window time; no I/O. */
  onWindow(verdict: Verdict, anomalies: readonly Anomaly[], nowMs: number): Decided
  /** To be called when the past is read to its end: ends a catch-up without waiting for a new window. */
  caughtUp(nowMs: number): Decided
  /** Goes on with other settings; open incidents and what was told stay. */
  reconfigure(settings: AlertingSettings): void
  openIncidents(): readonly StoredIncident[]
}

/** The receiver of a decision that nobody is to be told of. */
export const noReceiver = 'none'

export function createAlerting(options: AlertingOptions): Alerting {
  const { pipeline, memory } = options
  let routedAt = 0
  const decider = createDecider(options.rules, toldOf(options))
  let { sending } = options
  // What is derived again after a crash can come to a message that is on record: a summary is of no one incident.
  let recorded: ReadonlySet<string> = new Set()

  function decided({ incidents, notices }: Decision, nowMs: number): Decided {
    const records = notices.flatMap(notice => recordsOf(notice, nowMs))
    return { incidents, notifications: records.filter(({ id }) => !recorded.has(id)) }
  }

  function recordsOf(notice: Notice, nowMs: number): NotificationRecord[] {
    const receivers = notice.receivers.length ? notice.receivers : [noReceiver]
    const { incidentId, action, kind, segment, severity, dedupKey, anomalies, reason } = notice
    return receivers.map(receiver => ({
      id: notificationIdOf(`${pipeline}|${notice.name}`, receiver),
      pipeline,
      incidentId,
      receiver,
      action,
      kind,
      segment,
      severity,
      dedupKey,
      anomalies,
      reason,
      decidedAt: nowMs,
      outcome: sending && receiver !== noReceiver ? 'pending' : 'off',
      attempts: 0,
      answer: '',
      updatedAt: nowMs,
      incident: null,
      recent: [],
      explains: [],
      receipt: null,
      requestId: null,
      latencyMs: null
    }))
  }

  function toldOf({ routes, receivers, context }: AlertingSettings): Told {
    const routing = createRouting(routes, receivers, context)
    const names = (subject: Subject, wanted: (to: RoutedTo) => boolean) =>
      routing
        .to(subject, routedAt)
        .filter(wanted)
        .map(({ name }) => name)
    return {
      channels: subject => names(subject, ({ isPager }) => !isPager),
      endChannels: subject => names(subject, ({ isPager, endIsTold }) => !isPager && endIsTold),
      pagers: subject => names(subject, ({ isPager }) => isPager)
    }
  }

  return {
    async restore(sinceMs, nowMs) {
      const incidents = await memory.incidents(pipeline, sinceMs)
      const records = await memory.notifications(pipeline, sinceMs)
      decider.restore(incidents, records, nowMs)
      recorded = new Set(records.map(({ id }) => id))
      return sending ? records.filter(({ outcome }) => outcome === 'pending') : []
    },
    onWindow(verdict, anomalies, nowMs) {
      routedAt = nowMs
      return decided(decider.window(verdict, anomalies, nowMs), nowMs)
    },
    caughtUp(nowMs) {
      routedAt = nowMs
      return decided(decider.caughtUp(), nowMs)
    },
    reconfigure(settings) {
      sending = settings.sending
      decider.reconfigure(settings.rules, toldOf(settings))
    },
    openIncidents: () => decider.open()
  }
}
