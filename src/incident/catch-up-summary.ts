import { rank } from '../../detectors/rules/severity.ts'
import type { Anomaly } from '../../detectors/types.ts'
import { firstNotificationName } from './ids.ts'
import { isUnnotified } from './last-notified.ts'
import { factsOf, type Notification, noReceiver } from './notification.ts'
import { type NotificationLog, readNotificationLog } from './notification-log.ts'
import type { StoredIncident } from './types.ts'

export type CatchUpSummary = ReturnType<typeof createCatchUpSummary>

/** Keeps a summary's row small; the rest is in the store. */
const maxListed = 200

/** Incidents found too late for a notification each. They wait for one summary of them all. */
export function createCatchUpSummary() {
  const waiting = new Map<string, StoredIncident>()
  const summarised = new Set<string>()
  let log = readNotificationLog([])
  const nameOf = ({ id, severity }: StoredIncident) => firstNotificationName(id, severity)
  return {
    /** Lets an incident wait, unless a summary at this severity has listed it. */
    add(incident: StoredIncident): void {
      const isListed = summarised.has(nameOf(incident)) || log.summarised(incident)
      if (!isListed) waiting.set(incident.id, incident)
    },
    /** Replaces the state of an incident that waits. */
    update(incident: StoredIncident): void {
      if (waiting.has(incident.id)) waiting.set(incident.id, incident)
    },
    /** Lets those wait that no stored notification is about. Of several states of an incident the last counts. */
    restore(incidents: readonly StoredIncident[], stored: NotificationLog): void {
      log = stored
      waiting.clear()
      summarised.clear()
      for (const incident of incidents) {
        const isLogged = log.receivers(nameOf(incident)).length > 0
        const isSuppressed = Object.keys(incident.suppressedReasons).length > 0
        const waits = isUnnotified(incident) && !isLogged && !isSuppressed && !log.summarised(incident)
        if (waits) waiting.set(incident.id, incident)
        else waiting.delete(incident.id)
      }
    },
    /** One summary a receiver; none where nothing waits. Silenced incidents are dropped. */
    take(
      channels: (incident: StoredIncident) => readonly string[],
      isSilenced: (incident: StoredIncident) => boolean
    ): Notification[] {
      const byReceiver = new Map<string, StoredIncident[]>()
      for (const incident of waiting.values()) {
        summarised.add(nameOf(incident))
        // One that is still there has a message of its own.
        if (isSilenced(incident) || !isUnnotified(incident)) continue
        const receivers = channels(incident)
        for (const receiver of receivers.length ? receivers : [noReceiver]) {
          const listed = byReceiver.get(receiver) ?? []
          byReceiver.set(receiver, listed)
          listed.push(incident)
        }
      }
      waiting.clear()
      return [...byReceiver].map(([receiver, incidents]) => summaryOf(receiver, incidents))
    }
  }
}

function summaryOf(receiver: string, incidents: readonly StoredIncident[]): Notification {
  const mostSevereFirst = [...incidents].sort(
    (a, b) => rank(b.severity) - rank(a.severity) || a.openedAt - b.openedAt
  )
  const mostSevere = mostSevereFirst[0] as StoredIncident
  return {
    name: `summary|${mostSevereFirst.map(({ id, severity }) => `${id}/${severity}`).join(',')}`,
    incidentId: mostSevere.id,
    kind: 'catch_up',
    segment: 'all',
    severity: mostSevere.severity,
    action: 'summary',
    reason: { type: 'catch_up' },
    dedupKey: null,
    anomalies: mostSevereFirst.slice(0, maxListed).map(asListed),
    incident: factsOf(mostSevere),
    inhibits: [],
    receiver
  }
}

/** The incident's latest anomaly at the incident's severity, with what a summary says of the whole. */
function asListed({ lastAnomaly, severity, openedAt, status, anomalies }: StoredIncident): Anomaly {
  const whole = { incident_opened_at: openedAt, incident_status: status, incident_anomalies: anomalies }
  return { ...lastAnomaly, severity, evidence: { ...lastAnomaly.evidence, ...whole } }
}
