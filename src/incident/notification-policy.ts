import type { Sentence } from '../../detectors/types.ts'
import { createEscalations, type EscalationSettings } from './escalation-policy.ts'
import type { IncidentTable } from './incident-table.ts'
import { createInhibition, isDataIntegrity } from './inhibition.ts'
import { wasNotified } from './last-notified.ts'
import { noReceiver } from './notification.ts'
import { type Notified, notify, notifyEnd } from './notify.ts'
import type { EvaluationTime, NotifyRules } from './notify-reason.ts'
import type { Silences } from './silences.ts'
import type { Allowed } from './timeliness.ts'
import type { OperatorAction, Silence, StoredIncident } from './types.ts'

export interface NotificationPolicySettings extends EscalationSettings {
  readonly rules: NotifyRules & {
    /** An incident that another one inhibits is not sent to receivers that were notified of that one. */
    readonly inhibit: boolean
  }
}

/** Where events are missing, for every receiver as soon as anybody was notified. */
const isKnown = (incident: StoredIncident, receiver: string): boolean =>
  wasNotified(incident, isDataIntegrity(incident) ? null : receiver)

/** By a level of its escalation. */
const isReached = ({ escalation }: StoredIncident, receiver: string): boolean =>
  escalation?.receivers.includes(receiver) ?? false

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
    inhibition.inhibitorOf(incident, other => isKnown(other, receiver))

  /** Everybody who knows of it was also notified of what inhibits it, or will be: a page may wait for a window. */
  function isInhibited(incident: StoredIncident): boolean {
    const receivers = [...Object.keys(incident.lastNotified), ...incident.dedupReceivers]
    const isInhibitedFor = (receiver: string) =>
      inhibition.inhibitorOf(incident, other => isKnown(other, receiver) || isReached(other, receiver))
    return receivers.length > 0 && receivers.every(receiver => isInhibitedFor(receiver) !== undefined)
  }

  const escalations = createEscalations(settings, silences)

  return {
    notify(before: StoredIncident, at: EvaluationTime, allowed: Allowed): Notified {
      const { rules, log } = settings()
      const incident = escalations.known(before, at.nowMs)
      const targets = escalations.targets(incident, at.nowMs)
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
          rules.inhibit ? inhibition.inhibitedBy(incident).map(({ lastAnomaly }) => lastAnomaly) : []
      })
      const mayEscalate = allowed.notify && !(rules.inhibit && isInhibited(notified.state))
      return escalations.byTime(notified, at.nowMs, { ...allowed, notify: mayEscalate })
    },
    /** Somebody asked for a level. */
    escalate(before: StoredIncident, action: OperatorAction, nowMs: number): Notified {
      const isSilenced = silenceOf(before, nowMs) !== undefined
      return escalations.asked(before, action, nowMs, isSilenced)
    },
    /** `last` replaces the sentence of its last finding. */
    notifyEnd(incident: StoredIncident, last: Sentence | undefined, nowMs: number): Notified {
      const { routing, log } = settings()
      const sendsEnd = (receiver: string) =>
        receiver !== noReceiver && routing.sendsResolved(receiver, incident.kind)
      return notifyEnd(incident, sendsEnd, log, last, silenceOf(incident, nowMs)?.id)
    },
    /** The id of the silence in force. */
    silencedBy: (incident: StoredIncident, nowMs: number): string | undefined =>
      silenceOf(incident, nowMs)?.id
  }
}
