import type { Severity } from '../../detectors/types.ts'
import type { RoutedTo, Routing } from '../routing/router.ts'
import { assignmentOf } from './assignment.ts'
import { type EscalateContext, escalateByTime, escalateNow } from './escalate.ts'
import { withLoggedLevels, withPolicy, withStart } from './escalation.ts'
import type { IncidentTable } from './incident-table.ts'
import { createInhibition, isDataIntegrity } from './inhibition.ts'
import { wasNotified } from './last-notified.ts'
import { noReceiver } from './notification.ts'
import type { NotificationLog } from './notification-log.ts'
import { type Notified, notify, notifyEnd } from './notify.ts'
import type { EvaluationTime, NotifyRules } from './notify-reason.ts'
import { coveredMs, type Silences } from './silences.ts'
import type { Allowed } from './timeliness.ts'
import type { OperatorAction, Silence, StoredIncident } from './types.ts'

export interface NotificationPolicySettings {
  readonly rules: NotifyRules & {
    /** An incident that another one inhibits is not sent to receivers that were notified of that one. */
    readonly inhibit: boolean
  }
  readonly routing: Routing
  readonly log: NotificationLog
  /** A receiver has accepted a notification of an incident at a severity. */
  readonly isDelivered: (incidentId: string, severity: Severity) => boolean
}

/** Decides on notifications by routes, silences and other open incidents. `settings` and `table` are asked at every use. */
export function createNotificationPolicy(
  settings: () => NotificationPolicySettings,
  silences: Pick<Silences, 'active' | 'all'>,
  table: Pick<IncidentTable, 'open' | 'openOf'>
) {
  const inhibition = createInhibition(table)
  // An incident that did not change is silenced by what silenced it, as long as the same silences are active.
  const silenced = new WeakMap<StoredIncident, { by: Silence | undefined; of: readonly unknown[] }>()

  function silenceOf(incident: StoredIncident, nowMs: number): Silence | undefined {
    const { routing } = settings()
    const active = silences.active(nowMs)
    if (active.length === 0) return undefined
    const known = silenced.get(incident)
    if (known?.of[0] === active && known.of[1] === routing) return known.by
    const by = active.find(({ matchers }) => routing.matches(matchers, incident))
    silenced.set(incident, { by, of: [active, routing] })
    return by
  }

  const inhibitorOf = (incident: StoredIncident, receiver: string) =>
    inhibition.inhibitorOf(incident, other => wasNotified(other, isDataIntegrity(other) ? null : receiver))

  /** Everybody who knows of it was also notified of what inhibits it. */
  function isInhibited(incident: StoredIncident): boolean {
    const receivers = [...Object.keys(incident.lastNotified), ...incident.dedupReceivers]
    return receivers.length > 0 && receivers.every(receiver => inhibitorOf(incident, receiver) !== undefined)
  }

  /** With its policy, and what an earlier run has done by it. */
  function withEscalation(incident: StoredIncident, nowMs: number): StoredIncident {
    const { routing, log } = settings()
    return withLoggedLevels(withPolicy(incident, routing, nowMs), log)
  }

  /** Those of its routes, and whom its escalation has notified so far. */
  function targetsOf(incident: StoredIncident, nowMs: number): readonly RoutedTo[] {
    const { routing, log } = settings()
    const assignment = assignmentOf(incident, log)
    const routed = routing.to(incident, nowMs, assignment)
    const { receivers = [] } = incident.escalation ?? {}
    if (receivers.length === 0) return routed
    const reached = routing.named(receivers, incident, assignment)
    return [...routed, ...reached.filter(({ name }) => routed.every(other => other.name !== name))]
  }

  function escalateContext(incident: StoredIncident, nowMs: number, mayPage: boolean): EscalateContext {
    const { routing, log, isDelivered } = settings()
    return {
      ...{ routing, log, nowMs, mayPage },
      isDelivered: () => isDelivered(incident.id, incident.severity),
      pausedMs(fromMs, toMs) {
        const own = silences.all().filter(({ matchers }) => routing.matches(matchers, incident))
        return coveredMs(own, fromMs, toMs)
      }
    }
  }

  function escalated(notified: Notified, { nowMs }: EvaluationTime, allowed: Allowed): Notified {
    const { rules, log } = settings()
    const state = withStart(notified.state, log, nowMs)
    const waits = !allowed.notify || state.silencedBy !== null || (rules.inhibit && isInhibited(state))
    if (state.escalation === undefined || waits) return { ...notified, state }
    const levels = escalateByTime(state, escalateContext(state, nowMs, allowed.page))
    return {
      ...notified,
      state: levels.state,
      notifications: [...notified.notifications, ...levels.notifications]
    }
  }

  return {
    notify(before: StoredIncident, at: EvaluationTime, allowed: Allowed): Notified {
      const { rules, log } = settings()
      const incident = withEscalation(before, at.nowMs)
      const targets = targetsOf(incident, at.nowMs)
      const notified = notify(incident, {
        rules,
        log,
        at,
        targets: {
          channels: targets.filter(({ isPager }) => !isPager).map(({ name }) => name),
          pagers: targets.filter(({ isPager }) => isPager).map(({ name }) => name),
          editing: targets.filter(({ edits }) => edits).map(({ name }) => name)
        },
        mayNotify: allowed.notify,
        mayPage: allowed.page,
        silencedBy: silenceOf(incident, at.nowMs)?.id,
        inhibitedBy: receiver => (rules.inhibit ? inhibitorOf(incident, receiver)?.kind : undefined),
        inhibits: () =>
          rules.inhibit ? inhibition.inhibitedBy(incident).map(({ lastAnomaly }) => lastAnomaly.details) : []
      })
      return escalated(notified, at, allowed)
    },
    /** Somebody asked for a level. */
    escalate(before: StoredIncident, action: OperatorAction, nowMs: number): Notified {
      const incident = withEscalation(before, nowMs)
      const isSilenced = silenceOf(incident, nowMs) !== undefined
      const context = escalateContext(incident, nowMs, true)
      return { ...escalateNow(incident, action, isSilenced, context), waitsForSummary: false }
    },
    /** `details` replace the text of its last finding. */
    notifyEnd(incident: StoredIncident, details: string | undefined, nowMs: number): Notified {
      const { routing, log } = settings()
      const sendsEnd = (receiver: string) =>
        receiver !== noReceiver && routing.sendsResolved(receiver, incident.kind)
      return notifyEnd(incident, sendsEnd, log, details, silenceOf(incident, nowMs)?.id)
    },
    /** The id of the silence in force. */
    silencedBy: (incident: StoredIncident, nowMs: number): string | undefined =>
      silenceOf(incident, nowMs)?.id
  }
}
