import type { Severity } from '../../detectors/types.ts'
import type { RoutedTo, Routing } from '../routing/router.ts'
import { assignmentOf } from './assignment.ts'
import { type EscalateContext, escalateByTime, escalateNow } from './escalate.ts'
import { withLoggedLevels, withPolicy, withStart } from './escalation.ts'
import type { NotificationLog } from './notification-log.ts'
import type { Notified } from './notify.ts'
import { type Silences, silencedMs } from './silences.ts'
import type { Allowed } from './timeliness.ts'
import type { OperatorAction, StoredIncident } from './types.ts'

export interface EscalationSettings {
  readonly routing: Routing
  readonly log: NotificationLog
  /** A receiver has accepted a notification of an incident at a severity. */
  readonly isDelivered: (incidentId: string, severity: Severity) => boolean
}

/** Whom else incidents go to by the levels of their policies. `settings` are asked at every use. */
export function createEscalations(settings: () => EscalationSettings, silences: Pick<Silences, 'all'>) {
  function contextOf(incident: StoredIncident, nowMs: number, mayPage: boolean): EscalateContext {
    const { routing, log, isDelivered } = settings()
    return {
      ...{ routing, log, nowMs, mayPage },
      isDelivered: () => isDelivered(incident.id, incident.severity),
      pausedMs: silencedMs(silences.all, routing, incident)
    }
  }

  /** With its policy, and what an earlier run has done by it. */
  function known(incident: StoredIncident, nowMs: number): StoredIncident {
    const { routing, log } = settings()
    return withLoggedLevels(withPolicy(incident, routing, nowMs), log)
  }

  return {
    known,
    /** Whom an incident goes to: by its routes, and by the levels taken so far. */
    targets(incident: StoredIncident, nowMs: number): readonly RoutedTo[] {
      const { routing, log } = settings()
      const assignment = assignmentOf(incident, log)
      const routed = routing.to(incident, nowMs, assignment)
      const { receivers = [] } = incident.escalation ?? {}
      if (receivers.length === 0) return routed
      const reached = routing.named(receivers, incident, assignment)
      return [...routed, ...reached.filter(({ name }) => routed.every(other => other.name !== name))]
    },
    /** Takes the levels whose time has come. */
    byTime(notified: Notified, nowMs: number, allowed: Allowed): Notified {
      const state = withStart(notified.state, settings().log, nowMs)
      if (state.escalation === undefined || !allowed.notify || state.silencedBy !== null)
        return { ...notified, state }
      const { notifications, state: after } = escalateByTime(state, contextOf(state, nowMs, allowed.page))
      return { ...notified, state: after, notifications: [...notified.notifications, ...notifications] }
    },
    /** Takes the level that somebody asked for. */
    asked(before: StoredIncident, action: OperatorAction, nowMs: number, isSilenced: boolean): Notified {
      const incident = known(before, nowMs)
      const escalated = escalateNow(incident, action, isSilenced, contextOf(incident, nowMs, true))
      return { ...escalated, waitsForSummary: false }
    }
  }
}
