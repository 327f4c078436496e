import type { Anomaly } from '../../detectors/types.ts'
import { toldName } from './ids.ts'
import { untold } from './last-notified.ts'
import { factsOf, type Notice, noReceiver } from './notification.ts'
import { type History, readHistory } from './notification-log.ts'
import { rank } from './severity.ts'
import type { StoredIncident } from './types.ts'

/** Incidents found too late to be told one by one, until one summary tells of them all. */
export interface Backlog {
  /** Lets an incident wait, unless a summary told of it at this severity. */
  add(incident: StoredIncident): void
  /** Takes over a later state of an incident that waits. */
  update(incident: StoredIncident): void
  /** Lets wait only what nothing that was stored tells of; of one incident the last state counts. */
  restore(incidents: readonly StoredIncident[], history: History): void
  /** The summary, one a receiver; nothing where nothing waits. What is silenced is not told, nor kept. */
  take(
    channels: (incident: StoredIncident) => readonly string[],
    isSilenced: (incident: StoredIncident) => boolean
  ): Notice[]
}

/** A summary's row stays small; the rest is in the store. */
const maxTold = 200

export function createBacklog(): Backlog {
  const waiting = new Map<string, StoredIncident>()
  const summarised = new Set<string>()
  let history = readHistory([])
  return {
    add(incident) {
      const told = summarised.has(toldName(incident.id, incident.severity)) || history.summarised(incident)
      if (!told) waiting.set(incident.id, incident)
    },
    update(incident) {
      if (waiting.has(incident.id)) waiting.set(incident.id, incident)
    },
    restore(incidents, stored) {
      history = stored
      waiting.clear()
      summarised.clear()
      for (const incident of incidents) {
        const toldAlone = history.receivers(toldName(incident.id, incident.severity)).length > 0
        const isMuted = Object.keys(incident.mutedFor).length > 0
        const waits = untold(incident) && !toldAlone && !isMuted && !history.summarised(incident)
        if (waits) waiting.set(incident.id, incident)
        else waiting.delete(incident.id)
      }
    },
    take(channels, isSilenced) {
      const byReceiver = new Map<string, StoredIncident[]>()
      for (const incident of waiting.values()) {
        summarised.add(toldName(incident.id, incident.severity))
        if (isSilenced(incident)) continue
        const receivers = channels(incident)
        for (const receiver of receivers.length ? receivers : [noReceiver]) {
          byReceiver.set(receiver, [...(byReceiver.get(receiver) ?? []), incident])
        }
      }
      waiting.clear()
      return [...byReceiver].map(([receiver, incidents]) => summary(receiver, incidents))
    }
  }
}

function summary(receiver: string, incidents: readonly StoredIncident[]): Notice {
  const gravestFirst = [...incidents].sort(
    (a, b) => rank(b.severity) - rank(a.severity) || a.openedAt - b.openedAt
  )
  const gravest = gravestFirst[0] as StoredIncident
  return {
    name: `summary|${gravestFirst.map(({ id, severity }) => `${id}/${severity}`).join(',')}`,
    incidentId: gravest.id,
    kind: 'catch_up',
    segment: 'all',
    severity: gravest.severity,
    action: 'summary',
    reason: 'catch_up',
    dedupKey: null,
    anomalies: gravestFirst.slice(0, maxTold).map(asTold),
    incident: factsOf(gravest),
    explains: [],
    receiver
  }
}

/** The incident's latest anomaly at the incident's severity, with what a summary says of the whole. */
function asTold({ lastAnomaly, severity, openedAt, status, anomalies }: StoredIncident): Anomaly {
  const whole = { incident_opened_at: openedAt, incident_status: status, incident_anomalies: anomalies }
  return { ...lastAnomaly, severity, evidence: { ...lastAnomaly.evidence, ...whole } }
}
