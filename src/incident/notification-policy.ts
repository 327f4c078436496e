import type { Routing } from '../routing/router.ts'
import { inhibits, isDataIntegrity } from './inhibition.ts'
import { wasNotified } from './last-notified.ts'
import { noReceiver } from './notification.ts'
import type { NotificationLog } from './notification-log.ts'
import { type Notified, notify, notifyEnd } from './notify.ts'
import type { EvaluationTime, NotifyRules } from './notify-reason.ts'
import type { Silences } from './silences.ts'
import type { Allowed } from './timeliness.ts'
import type { StoredIncident } from './types.ts'

export interface NotificationPolicySettings {
  readonly rules: NotifyRules & {
    /** An incident that another one inhibits is not sent to receivers that were notified of that one. */
    readonly inhibit: boolean
  }
  readonly routing: Routing
  readonly log: NotificationLog
}

/** Decides on notifications by routes, silences and other open incidents. `settings` and `open` are asked at every use. */
export function createNotificationPolicy(
  settings: () => NotificationPolicySettings,
  silences: Pick<Silences, 'active'>,
  open: () => readonly StoredIncident[]
) {
  const silenceOf = (incident: StoredIncident, nowMs: number) =>
    silences.active(nowMs).find(({ matchers }) => settings().routing.matches(matchers, incident))

  const inhibitorOf = (incident: StoredIncident, receiver: string) =>
    open().find(
      other => inhibits(other, incident) && wasNotified(other, isDataIntegrity(other) ? null : receiver)
    )

  return {
    notify(incident: StoredIncident, at: EvaluationTime, allowed: Allowed): Notified {
      const { rules, routing, log } = settings()
      const targets = routing.to(incident, at.nowMs)
      const inhibited = rules.inhibit ? open().filter(other => inhibits(incident, other)) : []
      return notify(incident, {
        rules,
        log,
        at,
        targets: {
          channels: targets.filter(({ isPager }) => !isPager).map(({ name }) => name),
          pagers: targets.filter(({ isPager }) => isPager).map(({ name }) => name)
        },
        mayNotify: allowed.notify,
        mayPage: allowed.page,
        silencedBy: silenceOf(incident, at.nowMs)?.id,
        inhibitedBy: receiver => (rules.inhibit ? inhibitorOf(incident, receiver)?.kind : undefined),
        inhibits: inhibited.map(({ lastAnomaly }) => lastAnomaly.details)
      })
    },
    /** `details` replace the text of its last finding. */
    notifyEnd(incident: StoredIncident, details: string | undefined): Notified {
      const { routing, log } = settings()
      const sendsEnd = (receiver: string) =>
        receiver !== noReceiver && routing.sendsResolved(receiver, incident.kind)
      return notifyEnd(incident, sendsEnd, log, details)
    },
    isSilenced: (incident: StoredIncident, nowMs: number): boolean => silenceOf(incident, nowMs) !== undefined
  }
}
